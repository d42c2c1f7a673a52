"""People who took part, group by group: what every figure about people is added up from."""

from __future__ import annotations

from typing import Any

from django.db.models import (
    Case,
    Count,
    F,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce, ExtractYear
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

from ..filters import ProgramFilter
from ..models import CountryShare, ParticipantGroup, Program
from ..models.program import Arrangement, Kind

# Fewer women or men than this would single out persons among those who took part.
FEWEST = 3
# The value of a filter for what nobody knows.
UNKNOWN = "unknown"


def participants() -> QuerySet:
    """Groups of our programmes that took place, the newest programme first, each with its `year`.

    The year is that in which the run began; of a run without dates, its programme. What was only
    announced, or cancelled, had nobody. `from_code` is the country that they came from: the
    group’s own, or the only one of its programme; None where several sent people and nobody wrote
    down who came from where.
    """
    held = Program.objects.published().ours().counted()
    rows = ParticipantGroup.objects.filter(run__program__in=held)
    began = Coalesce("run__starts_on", "run__program__starts_on")
    shares = CountryShare.objects.filter(program=OuterRef("run__program")).order_by()
    only = shares.values("program").annotate(n=Count("pk"), code=Min("country__code")).filter(n=1)
    named = Q(run__program__countries_total=None) | Q(run__program__countries_total=1)
    alone = Case(When(named, then=Subquery(only.values("code"))))
    from_code = Coalesce("country__code", alone)
    return rows.annotate(year=ExtractYear(began), from_code=from_code).order_by(
        F("run__program__starts_on").desc(nulls_last=True), "-run__program", "run__number", "pk"
    )


def sexes_of(group: ParticipantGroup) -> tuple[int | None, int | None]:
    """Women and men; None for both where one of them is so few that it would point at persons.

    The other goes as well: the total would tell the difference.
    """
    known = [number for number in (group.women, group.men) if number]
    if any(number < FEWEST for number in known):
        return None, None
    return group.women, group.men


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
    stored(
        "total",
        _("All people of the group; empty where it is not known"),
        Type.INTEGER,
        nullable=True,
    ),
    Column(
        name="women",
        about=_("Women; left out where so few would be singled out"),
        value=lambda row: sexes_of(row)[0],
        type=Type.INTEGER,
        nullable=True,
    ),
    Column(
        name="men",
        about=_("Men; left out where so few would be singled out"),
        value=lambda row: sexes_of(row)[1],
        type=Type.INTEGER,
        nullable=True,
    ),
    stored("about", _("Whether the number is approximate"), Type.BOOLEAN),
    *text("label", _("Who they were")),
    *choice("arrangement", _("Arrangement"), Arrangement, of=_program),
    stored("program_code", _("Code of the programme"), field="code", of=_program),
    stored(
        "run", _("Which run of the programme"), Type.INTEGER, field="number", of=lambda row: row.run
    ),
    stored("id", _("ID of the group"), Type.INTEGER),
    page_address(_program),
)


def _choices() -> dict[str, list[tuple[str, str]]]:
    rows = participants().order_by()
    years = set(rows.values_list("year", flat=True)) - {None}
    countries = Country.objects.filter(code__in=rows.values("from_code"))
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

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        programs = Program.objects.published().ours()
        own = {"year": "year", "country": "from_code"}
        for name, value in self.form.cleaned_data.items():
            if name not in own:
                programs = self.filters[name].filter(programs, value)
            elif value == UNKNOWN:
                queryset = queryset.filter(**{f"{own[name]}__isnull": True})
            elif value:
                queryset = queryset.filter(**{own[name]: value})
        return queryset.filter(run__program__in=programs.order_by().values("pk"))


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
