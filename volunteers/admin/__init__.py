"""Calls, applications and volunteers in the back office, one file a subject."""

from . import applications, calls, reminders, volunteers

__all__ = ["applications", "calls", "reminders", "volunteers"]
