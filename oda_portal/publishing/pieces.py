"""Pieces that many readers get, as menu, cards and what an article says: written once a process.

They are let go with the site's generation and at the next change by the clock, like whole pages.
"""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from oda_portal.previewing.looking import present_look

from .freshness import Entry, begun, fresh, generation

# Characters in all: two thousand cards, or a hundred whole pages. Should there be more, all are
# written anew.
MOST = 4_000_000


class Pieces(dict[Hashable, SafeString]):
    """Pieces by what they are of, and how many characters they have.

    `begun`: what is older than that is of another time by the clock, and must not be added.
    """

    def __init__(self, begun: datetime) -> None:
        super().__init__()
        self.begun, self.size = begun, 0

    def __setitem__(self, of: Hashable, piece: SafeString) -> None:
        super().__setitem__(of, piece)
        self.size += len(piece)


_held: dict[str, Entry] = {}


def pieces() -> Pieces:
    """Those of the active language that are still good, for the caller to take from and add to.

    What is added must be the same for everybody who reads this language.
    """
    own = Pieces(begun())
    if present_look():
        return own  # it shows what is not public, and shows it to nobody else
    language = get_language() or ""
    entry = _held.get(language)
    if entry is None or not _is_good(entry):
        entry = _held[language] = fresh(own)
    return entry.value if entry.value.begun <= own.begun else own


def _is_good(entry: Entry) -> bool:
    now = timezone.now()
    is_of_now = entry.value.begun <= now  # the clock may have been put back
    return is_of_now and entry.value.size <= MOST and entry.fits(generation(), now)
