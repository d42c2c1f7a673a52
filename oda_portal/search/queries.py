"""The question to the index: three queries as a rule, and a few more at most, whatever is found.

First the newest entries that have every word; of a common word so many and no more, so that it
costs no more over a million entries than over some thousand. Then, judged by the live tables,
which of their objects are public now. Then the texts of one page of them.
"""

from __future__ import annotations

from functools import reduce
from operator import attrgetter, or_
from re import fullmatch
from typing import NamedTuple

from django.db.models import Case, IntegerField, Q, Value, When
from django.db.models.expressions import Combinable

from .hits import address_of, hits_of
from .models import SearchEntry
from .objects import (
    Found,
    Object,
    facets_of,
    key_of,
    kinds_of,
    ranked,
    samples_of,
    shown,
    some_public,
)
from .places import places_for
from .questions import MAX_TEXT, Question, Word, label, question
from .results import Kind, Results, Suggestion
from .tokens import BREAK
from .windows import newest_first, newest_months

__all__ = ["MAX_TEXT", "MOST", "PER_PAGE", "search", "suggest"]

PER_PAGE = 10
MOST = 500  # newest entries that are looked at; what is common has more

# Of two objects the better fit comes first, then the newer: the title is the words and nothing
# else, it has them all, they are elsewhere (and last where the object has no date). In the reader's
# own language an entry stands before one as good in another.
EXACT, NAMED, ELSEWHERE, UNDATED, FOREIGN = 0, 2, 4, 6, 1


def search(
    text: str, *, language: str, kind: str = "", country: str = "", year: str = "", page: int = 1
) -> Results:
    """What is public now and has every word of the text, in any language.

    Any text is a question: quotes, operators, NUL and markup are characters like others. Unknown
    values of filters find nothing. A page beyond the last gives no hits.
    """
    asked = question(text)
    filters = _filters(country, year)
    if not asked.words or filters is None or not (kind == "" or kind in Kind.values):
        return Results(asked.text, was_cut=asked.was_cut)
    found = _find(asked, filters, language, kind, page * PER_PAGE)
    first = (page - 1) * PER_PAGE
    is_start = page == 1 and not (kind or filters)
    return Results(
        text=asked.text,
        was_cut=asked.was_cut,
        places=places_for(asked, language) if is_start else [],
        hits=hits_of(asked, found.objects[first : first + PER_PAGE] if page > 0 else [], language),
        total=len(found.objects),
        is_capped=found.is_capped,
        page=page,
        pages=max(1, -(-len(found.objects) // PER_PAGE)),
        kinds=found.kinds,
        countries=sorted(filter(str.isalpha, found.facets)),
        years=sorted(map(int, filter(str.isdigit, found.facets)), reverse=True),
    )


class Chosen(NamedTuple):
    """The objects of a question in their order, and what may be offered to narrow them by."""

    objects: list[Object]
    is_capped: bool
    kinds: list[tuple[Kind, int | None]]
    facets: set[str]


def _find(asked: Question, filters: list[Word], language: str, kind: str, wanted: int) -> Chosen:
    """What is offered is of objects that were judged: one that is hidden would be told of by it."""
    entries, has_more = _newest(asked, filters, language)
    of_kind, is_capped = [entry for entry in entries if kind in ("", entry.kind)], bool(has_more)
    if kind and has_more == "at once":
        of_kind = _entries(asked, [*filters, label(f"=kind:{kind}")], language)
        is_capped = len(of_kind) >= MOST
    objects, everything = ranked(of_kind), ranked(entries)
    beside = samples_of(everything) if has_more else everything
    if is_capped and kind:
        beside = [*beside, *samples_of(objects)]
    listed, public = some_public(objects, wanted if is_capped else len(objects), beside)
    return Chosen(
        listed,
        is_capped,
        kinds_of([found for found in everything if key_of(found) in public], not has_more),
        facets_of([found for found in objects if key_of(found) in public]),
    )


def suggest(text: str, *, language: str, limit: int = 8) -> list[Suggestion]:
    """Titles that have every word of the text, of which the last may be only begun."""
    asked = question(text, is_typing=True)
    if not asked.words:
        return []
    entries, _has_more = _newest(asked, [], language)
    named = ranked([entry for entry in entries if entry.rank < ELSEWHERE])
    listed, _public = some_public(named, limit)
    chosen = [shown(found, language).pk for found in listed[:limit]]
    rows = SearchEntry.objects.defer("tokens", "names", "text").in_bulk(chosen)
    pages = [
        Suggestion(place.title, Kind.PAGE, place.url, language)
        for place in places_for(asked, language)
    ]
    titles = [
        Suggestion(row.title, Kind(row.kind), address_of(row, language), row.title_language)
        for pk in chosen
        if (row := rows.get(pk))
    ]
    return [*pages, *titles][:limit]


def _filters(country: str, year: str) -> list[Word] | None:
    """Labels that entries must have; None where a value is of no country or year."""
    if not fullmatch(r"([A-Za-z]{2})?", country) or not fullmatch(r"([0-9]{4})?", year):
        return None
    labels = [f"=in:{country.upper()}" if country else "", f"=year:{year}" if year else ""]
    return [label(name) for name in labels if name]


def _newest(asked: Question, filters: list[Word], language: str) -> tuple[list[Found], str]:
    """The newest entries that have all words, and whether there are more.

    What is so common that the newest months have enough of it is looked for in them alone.
    """
    if months := newest_months(asked.words, MOST):
        entries = _entries(asked, [*filters, months], language)
        if len(entries) >= MOST:
            return entries, "at once"
    entries = _entries(asked, filters, language)
    is_capped = len(entries) >= MOST
    return entries, ("after all" if months else "at once") if is_capped else ""


def _entries(asked: Question, filters: list[Word], language: str) -> list[Found]:
    rows = SearchEntry.objects.filter(tokens__matching=[*asked.words, *filters])
    order = newest_first(asked.words)
    newest = rows.annotate(rank=_rank(asked, language)).order_by(*order)
    found = newest.values_list(*Found._fields)[:MOST]
    return sorted(map(Found._make, found), key=attrgetter("rank"))


def _rank(asked: Question, language: str) -> Combinable:
    named = Q()
    for word in asked.words:
        any_of = [Q(names__contains=phrase.as_text()) for phrase in word.phrases]
        named &= reduce(or_, any_of)
    exact = reduce(or_, [Q(names__contains=f" {BREAK} {whole} {BREAK} ") for whole in asked.whole])
    fits = Case(
        When(exact, then=Value(EXACT)),
        When(named, then=Value(NAMED)),
        When(date=None, then=Value(UNDATED)),
        default=Value(ELSEWHERE),
        output_field=IntegerField(),
    )
    is_foreign = Case(When(language=language, then=Value(0)), default=Value(FOREIGN))
    return fits + is_foreign
