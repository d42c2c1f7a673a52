"""What invented programmes lean on: cities and organisations made for them, and codes that exist.

Their number is the same for 1,000 programmes as for a million, so that pages differ by the number
of programmes alone: a filter offers as many countries, cities and organisations.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from itertools import accumulate
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import models

from oda_portal.languages import CODES
from oda_portal.publishing.models import Source, Status, language_column
from oda_portal.search.indexing import index
from oda_portal.search.models import SearchEntry
from oda_portal.search.registry import own, searched_of
from oda_portal.search.tokens import BREAK, tokens_of
from partners.models import City, Country, Organisation
from programs.models import Sector, Theme

from .texts import Texts

MARK = "synthetic-"
CITIES, ORGANISATIONS, SOURCES = 40, 120, 20


class Lean(NamedTuple):
    """Something that rows lean on, and what its name adds to their entries, by language."""

    place: int  # in the order of its model
    pk: int
    code: str
    tokens: dict[str, list[str]]
    # The name once more, in one word.
    joined: dict[str, list[str]]


class Skewed:
    """The first are taken often, the last seldom."""

    def __init__(self, rows: Iterable[Lean]) -> None:
        self.rows = list(rows)
        self.sums = list(accumulate(1 / (place + 2) for place in range(len(self.rows))))

    def some(self, chance: random.Random, number: int) -> list[Lean]:
        """So many at most, each once."""
        found = chance.choices(self.rows, cum_weights=self.sums, k=number)
        return list({each.pk: each for each in found}.values())


class Surroundings(NamedTuple):
    countries: Skewed
    cities: Skewed
    organisations: Skewed
    themes: Skewed
    sectors: Skewed
    sources: list[int]


def make() -> None:
    """Cities, organisations and sources; those that are there stay."""
    countries = list(Country.objects.order_by("pk"))
    if not (countries and Theme.objects.exists() and Sector.objects.exists()):
        raise SystemExit("There are no countries, themes or sectors yet: DEMO=true prepare first.")
    chance = random.Random("surroundings")
    texts = {language: Texts(language, chance) for language in CODES}
    for number in range(CITIES):
        City.objects.get_or_create(
            slug=f"{MARK}city-{number}",
            defaults={
                "country": countries[number % len(countries)], "status": Status.PUBLISHED,
                "relation": City.Relation.PARTNER, "latitude": chance.uniform(-60, 60),
                "longitude": chance.uniform(-170, 170), **_names(texts, 1),
            },
        )  # fmt: skip
    for number in range(ORGANISATIONS):
        Organisation.objects.get_or_create(
            slug=f"{MARK}organisation-{number}",
            defaults={
                "country": countries[number % len(countries)], "status": Status.PUBLISHED,
                "kind": Organisation.Kind.GOVERNMENT, **_names(texts, 3),
            },
        )  # fmt: skip
    for number in range(SOURCES):
        Source.objects.get_or_create(
            key=f"{MARK}source-{number}",
            defaults={"what": f"Source {number}", "url": f"https://example.org/{number}"},
        )
    for model in (City, Organisation):
        if searched := searched_of(model._meta.label_lower):
            index(searched, list(_marked(model).values_list("pk", flat=True)))


def _names(texts: dict[str, Texts], words: int) -> dict[str, str]:
    return {
        language_column("name", code): texts[code].make(words, []).capitalize() for code in CODES
    }


def _marked(model: type[models.Model]) -> models.QuerySet:
    """In the order in which they were made."""
    field = "key" if model is Source else "slug"
    return model._default_manager.filter(**{f"{field}__startswith": MARK}).order_by("pk")


def load() -> Surroundings:
    return Surroundings(
        countries=_leans(Country.objects.all(), "code"),
        cities=_leans(_marked(City).order_by("slug"), "slug"),
        organisations=_leans(_marked(Organisation), "slug"),
        themes=_leans(Theme.objects.all(), "slug"),
        sectors=_leans(Sector.objects.all(), "code"),
        sources=list(_marked(Source).values_list("pk", flat=True)),
    )


def in_order(found: list[Lean]) -> list[Lean]:
    """As the database gives them to the search."""
    return sorted(found, key=attrgetter("place"))


def _leans(rows: models.QuerySet, code: str) -> Skewed:
    """Which are taken often has nothing to do with their order."""
    leans = [_lean(place, row, getattr(row, code)) for place, row in enumerate(rows)]
    return Skewed(random.Random(code).sample(leans, len(leans)))


def _lean(place: int, row: Any, code: str) -> Lean:
    tokens, joined = {}, {}
    for language in CODES:
        name = own(row, "name", language)
        tokens[language] = [*tokens_of(name), BREAK] if name else []
        in_one = name.replace(" ", "") if name.isascii() and " " in name else ""
        joined[language] = [*tokens_of(in_one), BREAK] if in_one else []
    return Lean(place, row.pk, code, tokens, joined)


def remove() -> None:
    for model in (City, Organisation, Source):
        rows, label = _marked(model), model._meta.label_lower
        SearchEntry.objects.filter(model=label, object_id__in=rows.values("pk")).delete()
        rows.delete()
