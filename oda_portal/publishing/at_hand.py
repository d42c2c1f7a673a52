"""What most pages need is held by each process: asking Redis for it costs more than using it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.utils import timezone

from oda_portal.previewing.looking import present_look

from .freshness import Entry, generation, kept

# More names than the portal has; should somebody make them up, all begin anew.
MOST = 500

T = TypeVar("T")

_held: dict[str, Entry] = {}


def at_hand(name: str, make: Callable[[], T], *, timed: bool = True) -> T:
    """As `freshness.cached`, for what is small and the same for many pages.

    Everybody gets the same object, in every thread: nobody may change it.
    """
    if present_look():
        return make()  # it knows of what is not public, and is not known to others
    entry = _held.get(name)
    if entry is None or not entry.fits(generation(), timezone.now()):
        if len(_held) >= MOST:
            _held.clear()
        entry = _held[name] = kept(name, make, timed=timed)
    return entry.value
