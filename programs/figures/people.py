"""People who were trained, and volunteers who went out, as far as their number is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.models import City, Country

from ..models.program import Kind, Part
from .chosen import Chosen
from .figure import UNKNOWN, Figure, Line, Measure, Number, most_first


@dataclass
class Sum:
    """What some groups add up to; None where nothing is known and shown."""

    total: int | None = None
    women: int | None = None
    men: int | None = None
    about: bool = False

    def add(self, group: Any) -> None:
        self.total = _plus(self.total, group.total)
        self.women, self.men = _plus(self.women, group.women), _plus(self.men, group.men)
        self.about = self.about or (group.about and group.total is not None)


def _plus(one: int | None, other: int | None) -> int | None:
    """What is not known adds nothing; None where nothing at all is known."""
    return other if one is None else one + (other or 0)


def added_up(groups: Iterable[Any], by: str) -> dict[Any, Sum]:
    sums: defaultdict[Any, Sum] = defaultdict(Sum)
    for group in groups:
        sums[getattr(group, by)].add(group)
    return sums


def _people(url: str, found: Sum, *, sexes: bool) -> tuple[Number, ...]:
    people = Number.leading_to(url, found.total, about=found.about)
    if not sexes:
        return (people,)
    return people, Number.leading_to(url, found.women), Number.leading_to(url, found.men)


def _by_year(chosen: Chosen, part: str, *, sexes: bool) -> list[Line]:
    """People by the year of their run; programmes by every year in which they ran."""
    sums = added_up(chosen.people_as(part), "year")
    programs = chosen.as_part(part)
    ran = chosen.in_years(programs)
    silent = chosen.silent_in_years(programs)
    lines = []
    for year in sorted({*sums, *ran}, key=lambda year: (year is None, year)):
        found, code = sums.get(year, Sum()), UNKNOWN if year is None else str(year)
        own = {"part": part, "year": code}
        url, programs_url = chosen.people_url(**own), chosen.programs_url(**own)
        unknown_url = chosen.programs_url(**own, people="unknown")
        numbers = (
            *_people(url, found, sexes=sexes),
            Number.leading_to(programs_url, ran[year]),
            Number.leading_to(unknown_url, silent[year]),
        )
        label = pgettext_lazy("year", "Not known") if year is None else code
        is_open = found.total is None or silent[year] > 0
        lines.append(Line(code, numbers, label, is_open=is_open))
    return lines


def trained_by_year(chosen: Chosen) -> list[Line]:
    return _by_year(chosen, Part.TRAINEE, sexes=True)


def volunteers_by_year(chosen: Chosen) -> list[Line]:
    return _by_year(chosen, Part.VOLUNTEER, sexes=False)


def trained_by_country(chosen: Chosen) -> list[Line]:
    sums = added_up(chosen.people_as(Part.TRAINEE), "from_code")
    names = {
        row.code: row for row in Country.objects.filter(code__in=[code for code in sums if code])
    }
    several = pgettext_lazy("people", "From several countries, not told apart")
    lines = []
    for code, found in sums.items():
        url = chosen.people_url(part=Part.TRAINEE, country=code or UNKNOWN)
        numbers = _people(url, found, sexes=True)
        lines.append(Line(code or UNKNOWN, numbers, several, names.get(code)))
    return most_first(lines)


def volunteers_by_city(chosen: Chosen) -> list[Line]:
    unknown = {program.pk for program in chosen.silent(chosen.of_kinds(Kind.VOLUNTEER))}
    people = added_up(chosen.people_as(Part.VOLUNTEER), "run__program_id")
    held = _held_in(chosen)
    lines = []
    for city, programs in held.items():
        sums = [people[program] for program in programs if program in people]
        silent = len(unknown.intersection(programs))
        own = {"part": Part.VOLUNTEER, "city": city.slug}
        about = any(found.about for found in sums)
        known = reduce(_plus, (found.total for found in sums), None)
        numbers = (
            Number.leading_to(chosen.people_url(**own), known, about=about),
            Number.leading_to(chosen.programs_url(**own), len(programs)),
            Number.leading_to(chosen.programs_url(**own, people="unknown"), silent),
        )
        lines.append(Line(own["city"], numbers, of=city, is_open=silent > 0))
    return most_first(lines)


def _held_in(chosen: Chosen) -> dict[City, list[int]]:
    """Cities that everybody may see, each with the keys of the deployments there."""
    deployments = chosen.queryset.filter(kind=Kind.VOLUNTEER).order_by()
    rows = City.objects.published().filter(programs__in=deployments)
    if slug := chosen.one("city"):
        rows = rows.filter(slug=slug)
    held = defaultdict(list)
    for city in rows.annotate(deployment=F("programs")):
        held[city].append(city.deployment)
    return held


PEOPLE = Measure("people", _("People"))
SEXES = (Measure("women", _("Women")), Measure("men", _("Men")))
UNKNOWN_OF = Measure("programmes_unknown", _("of these, number not known"), is_gap=True)

TRAINED_BY_YEAR = Figure(
    name="people-trained-by-year",
    title=_("People trained, by year"),
    about=_(
        "Participants in training and development consulting whose number is known, by the year in"
        " which their course began. A programme of several years is counted in each of them; its"
        " number is not known for a year in which nobody is recorded to have begun."
    ),
    head=_("Year"),
    measures=(PEOPLE, *SEXES, Measure("programmes", _("Programmes")), UNKNOWN_OF),
    lines=trained_by_year,
    upright=True,
)
TRAINED_BY_COUNTRY = Figure(
    name="people-trained-by-country",
    title=_("People trained, by country or area"),
    about=_(
        "Participants in training and development consulting whose number is known. Of most courses"
        " for several countries it is not recorded how many came from each."
    ),
    head=_("Country or area"),
    measures=(PEOPLE, *SEXES),
    lines=trained_by_country,
)
VOLUNTEERS = Measure("volunteers", pgettext_lazy("people", "Volunteers"))
DEPLOYMENTS = Measure("deployments", _("Deployments"))
UNKNOWN_DEPLOYMENTS = Measure("deployments_unknown", _("of these, number not known"), is_gap=True)
VOLUNTEERS_BY_YEAR = Figure(
    name="volunteers-by-year",
    title=_("Volunteers sent abroad, by year"),
    about=_("Volunteers as far as their number is known, by the year in which they left."),
    head=_("Year"),
    measures=(VOLUNTEERS, DEPLOYMENTS, UNKNOWN_DEPLOYMENTS),
    lines=volunteers_by_year,
    upright=True,
)
VOLUNTEERS_BY_CITY = Figure(
    name="volunteers-by-city",
    title=_("Volunteers sent abroad, by city"),
    about=_("A deployment to several cities is counted in each of them."),
    head=_("City"),
    measures=(VOLUNTEERS, DEPLOYMENTS, UNKNOWN_DEPLOYMENTS),
    lines=volunteers_by_city,
)
