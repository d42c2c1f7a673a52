"""The question to the index: at most four queries a page, whatever is found.

First the newest entries that have every word; of a common word so many and no more, so that it
costs no more over a million entries than over some thousand. Then, judged by the live tables,
which of their objects are public now. Then the texts of one page of them.
"""

from __future__ import annotations

from collections import Counter
from functools import reduce
from operator import attrgetter, or_
from re import fullmatch
from typing import NamedTuple

from django.conf import settings
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models.expressions import Combinable

from oda_portal.languages import path_in

from .live import public_objects
from .models import SearchEntry
from .questions import MAX_TEXT, MAX_WORDS, Question, Word, label, question
from .registry import searched_of
from .results import Hit, Kind, Results, Suggestion
from .snippets import marked, snippet
from .tokens import BREAK
from .windows import newest_months

__all__ = ["MAX_TEXT", "MAX_WORDS", "MOST", "PER_PAGE", "search", "suggest"]

PER_PAGE = 10
MOST = 500  # newest entries that are looked at; what is common has more
JUDGED_MORE = 100  # of a common word, so many objects more than are shown are asked after

# Of two objects the better fit comes first, then the newer: the title is the words and nothing
# else, it has them all, they are elsewhere (and last where the object has no date). In the reader's
# own language an entry stands before one as good in another.
EXACT, NAMED, ELSEWHERE, UNDATED, FOREIGN = 0, 2, 4, 6, 1


class Found(NamedTuple):
    """What is read of every entry, to choose and to count."""

    rank: int
    pk: int
    model: str
    object_id: int
    language: str
    kind: str
    facets: str


Object = dict[str, Found]  # the entries of one object, by language


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
    entries, has_more = _newest(asked, filters, language)
    of_kind, is_capped = [entry for entry in entries if kind in ("", entry.kind)], bool(has_more)
    if kind and has_more == "at once":
        of_kind = _entries(asked, [*filters, label(f"=kind:{kind}")], language)
        is_capped = len(of_kind) >= MOST
    if is_capped:
        objects = _some_public(_ranked(of_kind), page * PER_PAGE)
    else:
        public = public_objects(map(_key, [*of_kind, *(() if has_more else entries)]))
        of_kind = [entry for entry in of_kind if _key(entry) in public]
        entries = [entry for entry in entries if has_more or _key(entry) in public]
        objects = _ranked(of_kind)
    facets = _facets(of_kind)
    first = (page - 1) * PER_PAGE
    return Results(
        text=asked.text,
        was_cut=asked.was_cut,
        hits=_hits(asked, objects[first : first + PER_PAGE] if page > 0 else [], language),
        total=len(objects),
        is_capped=is_capped,
        page=page,
        pages=max(1, -(-len(objects) // PER_PAGE)),
        kinds=_kinds(entries, are_all=not has_more),
        countries=sorted(filter(str.isalpha, facets)),
        years=sorted(map(int, filter(str.isdigit, facets)), reverse=True),
    )


def suggest(text: str, *, language: str, limit: int = 8) -> list[Suggestion]:
    """Titles that have every word of the text, of which the last may be only begun."""
    asked = question(text, is_typing=True)
    if not asked.words:
        return []
    entries, _has_more = _newest(asked, [], language)
    named = _ranked([entry for entry in entries if entry.rank < ELSEWHERE])
    chosen = [_shown(found, language) for found in _some_public(named, limit)[:limit]]
    rows = SearchEntry.objects.defer("tokens", "names", "text").in_bulk(
        [entry.pk for entry in chosen]
    )
    return [
        Suggestion(row.title, Kind(row.kind), _address(row, language), row.language)
        for entry in chosen
        if (row := rows.get(entry.pk))
    ]


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
    newest = rows.annotate(rank=_rank(asked, language)).order_by(
        F("date").desc(nulls_first=True), "-pk"
    )
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


def _some_public(objects: list[Object], wanted: int) -> list[Object]:
    """Of objects that are too many to be counted: the first ones judged, the others as they are.

    Enough are judged for as many as are wanted to be public; all of them where that is not enough.
    """
    for number in (max(0, wanted) + JUDGED_MORE, len(objects)):
        judged, others = objects[:number], objects[number:]
        keys = [_key(next(iter(found.values()))) for found in judged]
        public = public_objects(keys)
        shown = [found for key, found in zip(keys, judged, strict=True) if key in public]
        if len(shown) >= wanted or not others:
            return shown + others
    return []


def _key(entry: Found) -> tuple[str, int]:
    return entry.model, entry.object_id


def _kinds(entries: list[Found], *, are_all: bool) -> list[tuple[Kind, int | None]]:
    objects = {_key(entry): entry.kind for entry in entries}
    counts = Counter(objects.values())
    return [(kind, counts[kind] if are_all else None) for kind in Kind if counts[kind]]


def _facets(entries: list[Found]) -> set[str]:
    """The countries and years that some of them have."""
    return {facet for facets in {entry.facets for entry in entries} for facet in facets.split()}


def _ranked(entries: list[Found]) -> list[Object]:
    """The objects in the order of their best entries."""
    objects: dict[tuple[str, int], Object] = {}
    for entry in entries:
        objects.setdefault(_key(entry), {})[entry.language] = entry
    return list(objects.values())


def _shown(found: Object, language: str) -> Found:
    """The entry for a reader of this language."""
    order = (language, *settings.MODELTRANSLATION_FALLBACK_LANGUAGES[language])
    return next(found[code] for code in order if code in found)


def _hits(asked: Question, objects: list[Object], language: str) -> list[Hit]:
    chosen = [_shown(found, language).pk for found in objects]
    rows = SearchEntry.objects.defer("tokens", "names").in_bulk(chosen) if chosen else {}
    # An entry may have gone between the questions.
    return [
        _hit(asked, row, found, language)
        for found, pk in zip(objects, chosen, strict=True)
        if (row := rows.get(pk))
    ]


def _hit(asked: Question, row: SearchEntry, found: Object, language: str) -> Hit:
    return Hit(
        kind=Kind(row.kind),
        url=_address(row, language),
        title=marked(row.title, asked.words),
        snippet=snippet(row.text, asked.words, row.language),
        language=row.language,
        is_foreign=row.language != language,
        also_in=sorted(code for code in found if code != row.language),
        date=row.date,
        precision=row.precision,
        countries=list(filter(str.isalpha, row.facets.split())),
    )


def _address(row: SearchEntry, language: str) -> str:
    searched = searched_of(row.model)
    has_languages = searched is None or searched.has_languages
    return path_in(row.url, language) if has_languages else row.url
