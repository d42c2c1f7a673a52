"""The newest months: where enough is found of a common word.

PostgreSQL finds a word of two fifths of all entries quickly, and then spends its time on putting
them all in order. Entries carry their month as a label, so that the index itself leaves out what
is old. How common a word is, PostgreSQL knows from its own statistics.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.core.cache import caches
from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Coalesce

from .models import SearchEntry
from .questions import Phrase, Word

FEWEST = 20_000  # entries: of fewer, all are looked through
NEWEST = 200_000  # entries among which windows are
LEAST_SHARE = 0.003  # of all entries: a word that fewer have is looked for in all of them
MARGIN = 1.3  # a word is not as common in every month
KEPT = 600  # seconds; months pass slowly
KEY = "search:newest-months"


class Known(NamedTuple):
    """The newest months with their numbers of entries, and the shares of common tokens."""

    months: list[tuple[str, int]]
    shares: dict[str, float]


def month_label(day: date | None) -> str:
    return f"=month:{day:%Y%m}" if day else "=month:none"


def newest_months(words: Iterable[Word], wanted: int) -> Word | None:
    """A word that only entries of the newest months have, as many months as hold what is wanted.

    None where the words are not that common.
    """
    if connection.vendor != "postgresql":
        return None
    known = _kept()
    share = min(max(_share(phrase, known) for phrase in word.phrases) for word in words)
    needed = MARGIN * wanted / share if share else NEWEST + 1
    chosen, entries = [], 0
    for month, number in known.months:
        if entries < needed:
            chosen.append(Phrase((month,)))
            entries += number
    return Word(tuple(chosen)) if entries >= needed else None


def newest_first(words: Iterable[Word]) -> list[Any]:
    """The order of the entries that have these words.

    PostgreSQL takes a word that its statistics do not have for more common than it is, and would
    read a million entries from the newest on until it has enough. For what is seldom the order is
    said in words that only the index of the tokens fits.
    """
    day = Coalesce("date", Value(date.max)) if _is_seldom(words) else F("date")
    return [day.desc(nulls_first=True), "-pk"]


def _is_seldom(words: Iterable[Word]) -> bool:
    """Whether one of the words is in few of many entries."""
    if connection.vendor != "postgresql" or not (known := _kept()).months:
        return False
    return any(
        not any(phrase.is_open or _share(phrase, known) for phrase in word.phrases)
        for word in words
    )


def _kept() -> Known:
    return caches["pages"].get_or_set(KEY, _known, KEPT) or _known()


def _share(phrase: Phrase, known: Known) -> float:
    """At most so many entries have it; nothing where a token is not common."""
    return 0.0 if phrase.is_open else min(known.shares.get(token, 0.0) for token in phrase.tokens)


def _known() -> Known:
    newest = SearchEntry.objects.order_by(F("date").desc(nulls_first=True), "-pk")
    days = list(newest.values_list("date", flat=True)[:NEWEST])
    if len(days) < FEWEST:
        return Known([], {})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT most_common_elems::text::text[], most_common_elem_freqs FROM pg_stats"
            " WHERE schemaname = current_schema() AND tablename = %s AND attname = 'tokens'",
            [SearchEntry._meta.db_table],
        )
        tokens, shares = cursor.fetchone() or ([], [])
    # Behind the shares stand the least and the greatest of them.
    common = dict(zip(tokens or [], shares or [], strict=False))
    return Known(
        list(Counter(map(month_label, days)).items()),
        {token: share for token, share in common.items() if share >= LEAST_SHARE},
    )
