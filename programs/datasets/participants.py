"""People who took part, group by group: what every figure about people is added up from."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.opendata.columns import (
    Column,
    Type,
    choice,
    linked,
    page_address,
    stored,
    text,
)
from oda_portal.opendata.registry import Dataset, register
from oda_portal.publishing.freshness import cached
from oda_portal.publishing.listing import choices_of
from partners.models import Country

from ..few import is_few, shown_of
from ..filters import ProgramFilter, kept_choices
from ..models import CountryShare, ParticipantGroup, Program
from ..models.program import Arrangement, Kind
from ..models.runs import UNKNOWN, ParticipantGroupQuerySet


def participants() -> ParticipantGroupQuerySet:
    """Groups of our programmes that took place, the newest programme first.

    What was only announced, or cancelled, had nobody. Each with its `year` and `from_code`.
    """
    held = Program.objects.published().ours().counted()
    rows = ParticipantGroup.objects.filter(run__program__in=held)
    newest = F("run__program__starts_on").desc(nulls_last=True)
    return rows.with_year_and_country().order_by(newest, "-run__program", "run__number", "pk")


def country_of(group: Any) -> Country | None:
    """What `from_code` names; reads what the dataset fetches."""
    named = group.run.program.named_countries
    return group.country or (named[0] if group.from_code else None)


def _program(group: Any) -> Program:
    return group.run.program


PARTICIPANTS = (
    *text("program_title", _("Programme"), field="title", of=_program),
    *choice("kind", _("Kind of the programme"), Kind, of=_program),
    stored("year", _("Year in which it began"), Type.INTEGER, nullable=True),
    *linked("country", _("Country or area that they came from"), country_of, nullable=True),
    Column(
        name="total",
        about=_("All people of the group; empty where it is not known, or fewer than three"),
        short=_("People"),
        value=lambda row: shown_of(row).total,
        type=Type.INTEGER,
        nullable=True,
    ),
    Column(
        name="women",
        short=_("Women"),
        about=_("Women; left out where so few would be singled out"),
        value=lambda row: shown_of(row).women,
        type=Type.INTEGER,
        nullable=True,
    ),
    Column(
        name="men",
        short=_("Men"),
        about=_("Men; left out where so few would be singled out"),
        value=lambda row: shown_of(row).men,
        type=Type.INTEGER,
        nullable=True,
    ),
    stored(
        "about",
        _("Whether the number is approximate"),
        Type.BOOLEAN,
        short=pgettext_lazy("column", "Approximate"),
    ),
    *text("label", _("Who they were"), of=lambda row: None if is_few(row) else row),
    *choice("arrangement", _("Arrangement"), Arrangement, of=_program),
    stored("program_code", _("Code of the programme"), field="code", of=_program),
    stored(
        "run", _("Which run of the programme"), Type.INTEGER, field="number", of=lambda row: row.run
    ),
    stored("id", _("ID of the group"), Type.INTEGER),
    page_address(_program),
)


def _choices() -> dict[str, list[tuple[str, str]]]:
    """What groups have and what programmes have: of some nobody knows the people.

    Figures hand their own filters on, and a value that was unknown here would filter nothing.
    """
    rows = participants().order_by()
    of_programs = kept_choices(ours=True)
    years = set(rows.values_list("year", flat=True)) - {None}
    years |= {int(year) for year, _label in of_programs["year"]}
    countries = Country.objects.filter(
        Q(code__in=rows.values("from_code"))
        | Q(code__in=[code for code, _label in of_programs["country"]])
    )
    unknown = (UNKNOWN, str(pgettext_lazy("value", "Not known")))
    return {
        "year": [*((str(year), str(year)) for year in sorted(years, reverse=True)), unknown],
        "country": [*choices_of(countries, "code"), unknown],
    }


class ParticipantFilter(ProgramFilter):
    """As the list of programmes, but year and country are those of the people themselves."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = cached(f"choices:participants:{translation.get_language()}", _choices)
        for name, choices in kept.items():
            self.filters[name].extra["choices"] = choices

    def filter_queryset(self, queryset: ParticipantGroupQuerySet) -> ParticipantGroupQuerySet:
        programs = Program.objects.published().ours()
        if self.form.errors:  # what is asked for is nowhere, and not everywhere
            return queryset.none()
        chosen = dict(self.form.cleaned_data)
        groups = queryset.of(year=chosen.pop("year"), country=chosen.pop("country"))
        for name, value in chosen.items():
            programs = self.filters[name].filter(programs, value)
        return groups.filter(run__program__in=programs.order_by().values("pk"))


def _rows() -> QuerySet:
    shares = CountryShare.objects.select_related("country")
    return (
        participants()
        .select_related("country", "run__program")
        .prefetch_related(Prefetch("run__program__country_shares", shares))
    )


def register_all() -> None:
    register(
        Dataset(
            name="participants",
            title=_("Participants"),
            about=_(
                "How many people took part in the city’s programmes, by run, country and sex as"
                " far as that is known. What was only announced or was cancelled is left out."
            ),
            columns=PARTICIPANTS,
            rows=_rows,
            key="id",
            filters=ParticipantFilter,
            keywords=(_("Participants"), _("Training"), _("Women"), _("Men")),
            changed="run__program__changed_at",
        )
    )
