"""Why a certificate was not issued, in words for staff."""

from __future__ import annotations


class RefusedError(Exception):
    """Nothing was issued and nothing changed; `reason` is a sentence in the active language."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotYetError(RefusedError):
    """The rule of the kind is not met."""


class CannotPrintError(RefusedError):
    """A sign that no font has, or more text than the page holds."""
