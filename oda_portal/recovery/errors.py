"""What a person at the keyboard is told; nothing has changed when one of these is raised."""

from __future__ import annotations


class RecoveryError(Exception):
    """A backup could not be made, read or brought back; the message says why and what to do."""


class DamagedError(RecoveryError):
    """The file is cut short, was altered, or is no backup."""


class WrongKeyError(RecoveryError):
    """This key does not open the file."""
