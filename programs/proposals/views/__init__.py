"""The members’ pages about proposals."""

from .reading import proposal_detail, proposal_list

__all__ = ["proposal_detail", "proposal_list"]
