"""The filters of the programme lists; their parameters mean the same everywhere."""

from __future__ import annotations

from collections.abc import Callable

import django_filters
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.publishing.freshness import cached
from oda_portal.publishing.listing import Choice, Words, in_reading_order
from oda_portal.publishing.texts import text_in
from partners.models import City, Country, Organisation

from .models import Program, ProgramQuerySet, Sector, Theme
from .models.program import Arrangement, Kind, Modality, State

Choices = list[tuple[str, str]]


def _named(rows: QuerySet, value: str, text: str = "name") -> Choices:
    return in_reading_order((getattr(row, value), text_in(row, text).text) for row in rows)


def _countries(programs: ProgramQuerySet) -> Choices:
    return _named(Country.objects.filter(programs__in=programs).distinct(), "code")


def _cities(programs: ProgramQuerySet) -> Choices:
    cities = City.objects.published().filter(programs__in=programs)
    return _named(cities.distinct(), "slug")


def _organisations(programs: ProgramQuerySet) -> Choices:
    bodies = Organisation.objects.published().filter(roles__program__in=programs)
    return _named(bodies.distinct(), "slug")


def _themes(programs: ProgramQuerySet) -> Choices:
    return _named(Theme.objects.filter(programs__in=programs).distinct(), "slug")


def _sectors(programs: ProgramQuerySet) -> Choices:
    sectors = Sector.objects.filter(program_shares__program__in=programs).distinct()
    return [(row.code, f"{row.code} {text_in(row, 'name').text}") for row in sectors]


def _years(programs: ProgramQuerySet) -> Choices:
    years: set[int] = set()
    for first, last in programs.exclude(starts_on=None).values_list("starts_on", "ends_on"):
        years.update(range(first.year, (last or first).year + 1))
    return [(str(year), str(year)) for year in sorted(years, reverse=True)]


def _kept(name: str, make: Callable[[ProgramQuerySet], Choices]) -> Callable[[], Choices]:
    """Choices that published programmes have, kept per language for the generation."""

    def choices() -> Choices:
        language = translation.get_language()
        return cached(f"choices:{name}:{language}", lambda: make(Program.objects.published()))

    return choices


class ProgramFilter(django_filters.FilterSet):
    q = Words(method="containing")
    kind = Choice(choices=Kind, label=_("Kind"))
    state = Choice(choices=State, method="in_state", label=_("State"))
    theme = Choice(field_name="themes__slug", choices=_kept("themes", _themes), label=_("Theme"))
    country = Choice(
        field_name="countries__code",
        choices=_kept("countries", _countries),
        label=_("Country or area"),
    )
    city = Choice(field_name="cities__slug", choices=_kept("cities", _cities), label=_("City"))
    year = Choice(choices=_kept("years", _years), method="in_year", label=_("Year"))
    arrangement = Choice(choices=Arrangement, label=_("Arrangement"))
    modality = Choice(choices=Modality, label=_("Modality"))
    organisation = Choice(
        method="with_organisation",
        choices=_kept("organisations", _organisations),
        label=_("Organisation"),
    )
    sector = Choice(
        field_name="sector_shares__sector__code",
        choices=_kept("sectors", _sectors),
        label=pgettext_lazy("filter", "Sector (DAC purpose code)"),
    )

    class Meta:
        model = Program
        fields: list[str] = []

    def containing(self, rows: ProgramQuerySet, name: str, value: str) -> ProgramQuerySet:
        return rows.containing(value, "title", "summary", "venue")

    def in_state(self, rows: ProgramQuerySet, name: str, value: str) -> ProgramQuerySet:
        return rows.in_state(value)

    def in_year(self, rows: ProgramQuerySet, name: str, value: str) -> ProgramQuerySet:
        return rows.in_year(int(value))

    def with_organisation(self, rows: ProgramQuerySet, name: str, value: str) -> ProgramQuerySet:
        # An organisation may have several roles in one programme, which is still one row.
        return rows.filter(roles__organisation__slug=value).distinct()
