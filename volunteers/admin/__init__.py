"""Calls, applications and volunteers in the back office, one file a subject."""

from . import applications, calls, interviews, reminders, telling, volunteers

__all__ = ["applications", "calls", "interviews", "reminders", "telling", "volunteers"]
