"""Calls, applications and volunteers in the back office, one file a subject."""

from . import applications, calls, desk, interviews, reminders, telling, volunteers

__all__ = ["applications", "calls", "desk", "interviews", "reminders", "telling", "volunteers"]
