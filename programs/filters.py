"""The filters of the programme lists; their parameters mean the same everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_filters
from django.db.models import Q
from django.forms import HiddenInput
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.publishing.at_hand import at_hand
from oda_portal.publishing.listing import Choice, Words, choices_of
from oda_portal.publishing.texts import text_in
from partners.models import City, Country, Organisation

from .models import Program, ProgramQuerySet, SdgTarget, Sector, Theme
from .models.program import PARTS, Arrangement, Kind, Modality, Part, State

Choices = list[tuple[str, str]]


def _countries(programs: ProgramQuerySet) -> Choices:
    return choices_of(Country.objects.filter(programs__in=programs), "code")


def _cities(programs: ProgramQuerySet) -> Choices:
    cities = City.objects.published().filter(programs__in=programs)
    return choices_of(cities, "slug")


def _organisations(programs: ProgramQuerySet) -> Choices:
    bodies = Organisation.objects.published().filter(roles__program__in=programs)
    return choices_of(bodies, "slug")


def _themes(programs: ProgramQuerySet) -> Choices:
    return choices_of(Theme.objects.filter(programs__in=programs), "slug")


def _sectors(programs: ProgramQuerySet) -> Choices:
    sectors = Sector.objects.filter(program_shares__program__in=programs).distinct()
    return [(row.code, f"{row.code} {text_in(row, 'name').text}") for row in sectors]


def _years(programs: ProgramQuerySet) -> Choices:
    years: set[int] = set()
    for first, last in programs.exclude(starts_on=None).values_list("starts_on", "ends_on"):
        years.update(range(first.year, (last or first).year + 1))
    return [(str(year), str(year)) for year in sorted(years, reverse=True)]


def _goals(programs: ProgramQuerySet) -> Choices:
    codes = SdgTarget.objects.filter(program__in=programs).values_list("code", flat=True)
    goals = {int(code.split(".")[0]) for code in codes}
    return [(str(goal), str(goal)) for goal in sorted(goals)]


# Filters whose choices are what the listed programmes have.
CHOICES: dict[str, Callable[[ProgramQuerySet], Choices]] = {
    "theme": _themes,
    "country": _countries,
    "city": _cities,
    "year": _years,
    "organisation": _organisations,
    "sector": _sectors,
    "sdg": _goals,
}


def kept_choices(*, ours: bool) -> dict[str, Choices]:
    """Choices that the listed programmes have, kept per language for the generation."""
    language = translation.get_language()
    public = Program.objects.published()
    programs = public.ours() if ours else public.of_partners()
    return at_hand(
        f"choices:programs:{ours}:{language}",
        lambda: {name: make(programs) for name, make in CHOICES.items()},
    )


class ProgramFilter(django_filters.FilterSet):
    q = Words(method="containing")
    kind = Choice(choices=Kind, label=_("Kind"))
    state = Choice(choices=State, method="in_state", label=_("State"))
    theme = Choice(field_name="themes__slug", label=_("Theme"))
    country = Choice(
        field_name="countries__code",
        label=_("Country or area"),
    )
    city = Choice(field_name="cities__slug", label=_("City"))
    year = Choice(method="in_year", label=_("Year"))
    arrangement = Choice(choices=Arrangement, label=_("Arrangement"))
    modality = Choice(choices=Modality, label=_("Modality"))
    organisation = Choice(
        method="with_organisation",
        label=_("Organisation"),
    )
    sector = Choice(
        field_name="sector_shares__sector__code",
        label=pgettext_lazy("filter", "Sector (DAC purpose code)"),
    )
    # Asked for by links from the figures, and not in the form.
    sdg = Choice(method="for_goal", label=_("Sustainable Development Goal"), widget=HiddenInput)
    part = Choice(
        choices=Part,
        method="as_part",
        label=pgettext_lazy("filter", "Took part"),
        widget=HiddenInput,
    )
    people = Choice(
        choices=[
            ("known", pgettext_lazy("number", "Known")),
            ("unknown", pgettext_lazy("number", "Not known")),
        ],
        method="with_people",
        label=_("Number of people"),
        widget=HiddenInput,
    )
    counted = Choice(
        choices=[
            ("yes", pgettext_lazy("figures", "Counted")),
            ("no", _("Not counted: cancelled, or only announced")),
        ],
        method="in_figures",
        label=_("In the figures"),
        widget=HiddenInput,
    )

    ours = True

    class Meta:
        model = Program
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in kept_choices(ours=self.ours).items():
            if name in self.filters:
                self.filters[name].extra["choices"] = choices

    def containing(self, rows: ProgramQuerySet, name: str, value: str) -> ProgramQuerySet:
        """Every word stands in the programme's texts, its places or the names of its parties."""
        return rows.containing(
            value,
            *("title", "summary", "body", "venue", "place"),
            cities__name=City.objects.published(),
            countries__name=Country.objects.all(),
            roles__organisation__name=Organisation.objects.published(),
        )

    def in_state(self, rows: ProgramQuerySet, name: str, value: str) -> ProgramQuerySet:
        return rows.in_state(value)

    def in_year(self, rows: ProgramQuerySet, name: str, value: str) -> ProgramQuerySet:
        return rows.in_year(int(value))

    def with_organisation(self, rows: ProgramQuerySet, name: str, value: str) -> ProgramQuerySet:
        # An organisation may have several roles in one programme, which is still one row.
        return rows.filter(roles__organisation__slug=value).distinct()

    def for_goal(self, rows: ProgramQuerySet, name: str, value: str) -> ProgramQuerySet:
        named = SdgTarget.objects.filter(code__startswith=f"{value}.")
        return rows.filter(pk__in=named.values("program"))

    def as_part(self, rows: ProgramQuerySet, name: str, value: str) -> ProgramQuerySet:
        return rows.filter(kind__in=PARTS[value])

    def with_people(self, rows: ProgramQuerySet, name: str, value: str) -> ProgramQuerySet:
        # Of a programme of several years, or for several countries, some people may be known.
        narrow = {each: self.form.cleaned_data.get(each, "") for each in ("year", "country")}
        return rows.with_people_known(**narrow).filter(people_known=value == "known")

    def in_figures(self, rows: ProgramQuerySet, name: str, value: str) -> ProgramQuerySet:
        if value == "yes":
            return rows.counted()
        return rows.filter(Q(announced_only=True) | Q(cancelled_at__isnull=False))


class PartnerProgramFilter(ProgramFilter):
    ours = False
