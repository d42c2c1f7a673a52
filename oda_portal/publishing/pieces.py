"""Pieces that stand in many pages, as menu and cards: each process writes them once.

They are let go with the site's generation and at the next change by the clock, like whole pages.
"""

from __future__ import annotations

from collections.abc import Hashable

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from oda_portal.previewing.looking import present_look

from .freshness import Entry, fresh, generation

# Cards of some kB each. Should there be more, all are written anew.
MOST = 3_000

Pieces = dict[Hashable, SafeString]

_held: dict[str, Entry] = {}


def pieces() -> Pieces:
    """Those of the active language that are still good, for the caller to take from and add to.

    What is added must be the same for everybody who reads this language.
    """
    if present_look():
        return {}  # it shows what is not public, and shows it to nobody else
    language = get_language() or ""
    entry = _held.get(language)
    is_good = entry is not None and entry.fits(generation(), timezone.now())
    if entry is None or not is_good or len(entry.value) > MOST:
        entry = _held[language] = fresh({})
    return entry.value
