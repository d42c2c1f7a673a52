"""Entries of the search for invented rows: the same that its indexing would make, put together
from pieces whose tokens are known. A test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from oda_portal.search.models import SearchEntry
from oda_portal.search.tokens import BREAK, quoted
from oda_portal.search.windows import month_label

from .surroundings import Lean
from .tables import table
from .texts import Piece

ENTRIES = table(
    SearchEntry, "id", "model", "object_id", "language", "kind", "url", "title", "title_language",
    "text", "date", "precision", "facets", "names", "tokens",
)  # fmt: skip


class Told(NamedTuple):
    """What an entry says of an object, apart from its language."""

    model: str
    pk: int
    kind: str
    url: str
    date: date | None
    precision: str
    countries: list[Lean]
    places: list[Lean]  # countries and cities, whose names are looked up as one word too
    others: list[Lean]
    blanks: int  # abbreviations that nobody wrote
    years: Sequence[int]
    labels: set[str]


def entry(
    told: Told, pk: int, language: str, title: Piece, kind: list[str], lines: Iterable[Piece]
) -> tuple[Any, ...]:
    """A row of `ENTRIES`; `kind` are the tokens of the kind's name, `lines` those of the text."""
    names = [*title.tokens, BREAK]
    words = names + kind
    for place in told.places:
        words = words + place.tokens[language]
    for place in told.places:
        words = words + place.joined[language]
    for other in told.others:
        words = words + (other.tokens[language] or [BREAK])
    words += [BREAK] * told.blanks
    shown: list[str] = []
    text: list[str] = []
    for line in lines:
        shown.append(line.text)
        if text and text[-1] != BREAK:
            text.append(BREAK)
        text += line.tokens
    labels = told.labels | {f"=kind:{told.kind}", month_label(told.date)}
    labels.update(f"=in:{country.code}" for country in told.countries)
    labels.update(f"=year:{year}" for year in told.years)
    facets = sorted({*(country.code for country in told.countries), *map(str, told.years)})
    return (
        pk, told.model, told.pk, language, told.kind, told.url, title.text, language,
        "\n".join(shown), told.date, told.precision, " ".join(facets),
        f" {BREAK} {' '.join(names)} ", _vector([*words, *text, BREAK], labels),
    )  # fmt: skip


# No text is so long that it has more.
PLACES = [str(place) for place in range(1, 4001)]


def _vector(words: list[str], labels: set[str]) -> str:
    """As `Tokens.as_tsvector` writes it."""
    places: dict[str, str] = {}
    for token, place in zip(words, PLACES, strict=False):
        if token in places:
            places[token] += f",{place}"
        elif token != BREAK:
            places[token] = place
    lexemes = [
        f"{token if token.isalnum() else quoted(token)}:{at}" for token, at in places.items()
    ]
    return " ".join([*lexemes, *map(quoted, labels)])
