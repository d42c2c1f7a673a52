"""Who is publishing at the moment and how far they are: in the cache, for nothing hangs on it.

That two publish at once is harmless. But of twenty changes in a minute not each needs its own.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypedDict

from django.core.cache import cache
from django.utils import timezone

ASKED, WORKING, AGAIN = "iati:asked", "iati:working", "iati:again"
# Whoever has said nothing for so long was killed; a call that nobody took up so long was lost.
SILENCE = timedelta(minutes=5)


class Progress(TypedDict):
    began_at: datetime
    done: int


def ask() -> bool:
    """Whether to call the worker: not when somebody did and it has not begun yet."""
    return cache.add(ASKED, timezone.now(), timeout=SILENCE.seconds)


def begin() -> bool:
    """False when somebody is at it; they will go round once more."""
    cache.delete(ASKED)
    first: Progress = {"began_at": timezone.now(), "done": 0}
    if cache.add(WORKING, first, timeout=SILENCE.seconds):
        return True
    cache.set(AGAIN, True, timeout=SILENCE.seconds)
    return False


def tell(done: int) -> None:
    """How many programmes have been looked at."""
    if found := cache.get(WORKING):
        cache.set(WORKING, {**found, "done": done}, timeout=SILENCE.seconds)


def end() -> bool:
    """Whether somebody asked in the meantime."""
    cache.delete(WORKING)
    return bool(cache.delete(AGAIN))


def waiting() -> bool:
    """Whether somebody asked and the worker has not begun."""
    return cache.get(ASKED) is not None


def under_way() -> Progress | None:
    return cache.get(WORKING)
