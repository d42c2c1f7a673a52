"""Meetings, answers and action items in the back office."""

from . import meetings, people

__all__ = ["meetings", "people"]
