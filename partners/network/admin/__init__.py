"""The network in the back office: organisations, people, invitations, suggested changes."""

from . import invitations, members, memberships, suggestions

__all__ = ["invitations", "members", "memberships", "suggestions"]
