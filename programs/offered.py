"""What the filters of the programme lists offer: values that a listed programme has.

Asked is of each value whether any programme has it, and the first one found is enough: a million
programmes cost no more than a thousand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Max, Min, OuterRef, Subquery
from django.utils import translation

from oda_portal.publishing.at_hand import at_hand
from oda_portal.publishing.texts import text_in
from partners.models import City, Country, Organisation

from .models import (
    CountryShare,
    Program,
    ProgramQuerySet,
    Role,
    SdgTarget,
    Sector,
    SectorShare,
    Theme,
)

Choices = list[tuple[str, str]]
GOALS = range(1, 18)


class Offer(NamedTuple):
    """What one filter offers; `keys` are of the rows by their values, where values are rows."""

    choices: Choices
    keys: dict[str, int]


def countries(programs: ProgramQuerySet) -> Offer:
    found = _linked(Country.objects.all(), CountryShare.objects, "country", programs)
    return _by_name(found, "code")


def cities(programs: ProgramQuerySet) -> Offer:
    links = Program.cities.through.objects
    return _by_name(_linked(City.objects.published(), links, "city", programs), "slug")


def organisations(programs: ProgramQuerySet) -> Offer:
    found = _linked(Organisation.objects.published(), Role.objects, "organisation", programs)
    return _by_name(found, "slug")


def themes(programs: ProgramQuerySet) -> Offer:
    links = Program.themes.through.objects  # type: ignore[attr-defined]
    return _by_name(_linked(Theme.objects.all(), links, "theme", programs), "slug")


def sectors(programs: ProgramQuerySet) -> Offer:
    found = list(_linked(Sector.objects.all(), SectorShare.objects, "sector", programs))
    choices = [(row.code, f"{row.code} {text_in(row, 'name').text}") for row in found]
    return Offer(choices, {row.code: row.pk for row in found})


def years(programs: ProgramQuerySet) -> Offer:
    """Years in which one of them ran, the latest first."""
    ends = programs.order_by().aggregate(
        first=Min("starts_on"), last=Max("starts_on"), ended=Max("ends_on")
    )
    if ends["first"] is None:
        return Offer([], {})
    last = max(filter(None, (ends["last"], ends["ended"])))
    among = range(last.year, ends["first"].year - 1, -1)
    return Offer([(str(year), str(year)) for year in among if _ran_in(programs, year)], {})


def _ran_in(programs: ProgramQuerySet, year: int) -> bool:
    """As `in_year` has it, in two questions that each have an index: begun then, or still on."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = programs.order_by()
    begun = rows.filter(starts_on__range=(first, last))
    return begun.exists() or rows.filter(starts_on__lt=first, ends_on__gte=first).exists()


def goals(programs: ProgramQuerySet) -> Offer:
    targets = SdgTarget.objects.order_by().filter(program__in=programs.order_by())
    named = [goal for goal in GOALS if targets.filter(code__startswith=f"{goal}.").exists()]
    return Offer([(str(goal), str(goal)) for goal in named], {})


# Filters whose choices are what the listed programmes have.
OFFERS: dict[str, Callable[[ProgramQuerySet], Offer]] = {
    "theme": themes,
    "country": countries,
    "city": cities,
    "year": years,
    "organisation": organisations,
    "sector": sectors,
    "sdg": goals,
}


def kept_offers(*, ours: bool) -> dict[str, Offer]:
    """Of the listed programmes, kept per language for the generation."""
    return at_hand(f"choices:programs:{ours}:{translation.get_language()}", partial(_offers, ours))


def _offers(ours: bool) -> dict[str, Offer]:
    public = Program.objects.published()
    programs = public.ours() if ours else public.of_partners()
    with by_index():
        return {name: make(programs) for name, make in OFFERS.items()}


@contextmanager
def by_index() -> Iterator[None]:
    """Have PostgreSQL look for the first of many in an index.

    It expects to meet one soon wherever it begins to read. Of a value that no programme has, or
    only the newest, it would read the whole table. Whatever reads a small table whole seems dear
    to it then, and is not worth being compiled.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL jit = off")
        yield
        # The transaction may be part of another.
        cursor.execute("SET LOCAL enable_seqscan TO DEFAULT; SET LOCAL jit TO DEFAULT")


def _linked(rows: Any, links: Any, column: str, programs: ProgramQuerySet) -> Any:
    """Those of `rows` to which at least one link of the programmes leads."""
    of_programs = links.order_by().filter(program__in=programs.order_by())
    first = of_programs.filter(**{column: OuterRef("pk")}).values("pk")[:1]
    return rows.annotate(linked=Subquery(first)).exclude(linked=None)


def _by_name(rows: Any, value: str) -> Offer:
    """In the order in which lists stand."""
    ordered = list(rows.order_by_text("name"))
    return Offer(
        [(getattr(row, value), text_in(row, "name").text) for row in ordered],
        {getattr(row, value): row.pk for row in ordered},
    )
