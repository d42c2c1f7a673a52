"""What the page of a programme says, put in order for the template."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef
from django.utils import timezone

from oda_portal.publishing.models import Source

from .few import Shown, is_few, shown_of
from .models import Indicator, MonitoringVisit, Photo, Program, Role, Run, Session
from .models.program import Kind, State
from .models.runs import ParticipantGroup
from .models.shares import CountryShare

# Parties stand in this order: who pays and asks, who carries it out, whom it is for.
SIDES: tuple[tuple[str, tuple[Role.Kind, ...]], ...] = (
    ("giving", (Role.Kind.FUNDS, Role.Kind.COMMISSIONS)),
    ("pivotal", (Role.Kind.PIVOTAL,)),
    ("doing", (Role.Kind.HOSTS, Role.Kind.IMPLEMENTS, Role.Kind.CO_ORGANISES)),
    ("joining", (Role.Kind.TAKES_PART,)),
    ("receiving", (Role.Kind.BENEFICIARY,)),
)


@dataclass(frozen=True)
class Party:
    """An organisation with all its roles in one programme."""

    organisation: object
    roles: list[str]


@dataclass(frozen=True)
class Side:
    """Parties that stand together on the page: `name` is one of SIDES."""

    name: str
    parties: list[Party]


@dataclass(frozen=True)
class Pair:
    before: Photo
    after: Photo


@dataclass(frozen=True)
class People:
    """A group with the numbers that are shown of it; `who` has its label, where that is."""

    group: ParticipantGroup
    shown: Shown
    who: ParticipantGroup | None


class ProgramPage:
    """Reads only what the view has fetched: no query is made here."""

    def __init__(self, program: Program, today: date | None = None) -> None:
        self.program = program
        self.today = today or timezone.localdate()

    @property
    def state(self) -> State | None:
        return self.program.state(self.today)

    @property
    def is_village(self) -> bool:
        return self.program.kind == Kind.SISTER_VILLAGE

    @property
    def village(self) -> Program | None:
        """The Sister Village that these volunteers worked at, where everybody may see it."""
        village = self.program.village
        return village if village and village.is_public() else None

    @cached_property
    def sides(self) -> list[Side]:
        """Organisations by what they do; one that funds and implements stands on both sides."""
        sides = []
        for name, kinds in SIDES:
            held: dict[int, Party] = {}
            for role in self.program.roles.all():
                if role.kind in kinds:
                    party = held.setdefault(role.organisation_id, Party(role.organisation, []))
                    party.roles.append(str(role.get_kind_display()))
            if held:
                sides.append(Side(name, list(held.values())))
        return sides

    @cached_property
    def runs(self) -> list[Run]:
        return list(self.program.runs.all())

    @cached_property
    def runs_with_people(self) -> list[tuple[Run, list[People]]]:
        return [(run, [_people(group) for group in run.groups.all()]) for run in self.runs]

    @cached_property
    def groups(self) -> list[People]:
        return [people for _run, groups in self.runs_with_people for people in groups]

    @property
    def people(self) -> int | None:
        """People over all runs as far as their number is shown; None where none is."""
        known = [each.shown.total for each in self.groups if each.shown.total is not None]
        return sum(known) if known else None

    @property
    def people_about(self) -> bool:
        """Whether one of the numbers that `people` adds up is only approximate."""
        return any(each.group.about for each in self.groups if each.shown.total is not None)

    @cached_property
    def countries(self) -> list[CountryShare]:
        return list(self.program.country_shares.all())

    @cached_property
    def sessions(self) -> list[Session]:
        """The timetables of all runs, one after the other; a village has none."""
        if self.is_village:
            return []
        return [session for run in self.runs for session in run.sessions.all()]

    @cached_property
    def results(self) -> list[Indicator]:
        return list(self.program.indicators.all())

    @cached_property
    def pairs(self) -> list[Pair]:
        """Pictures before and after, where both are there."""
        halves: dict[int, dict[str, Photo]] = defaultdict(dict)
        for photo in self.program.photos.all():
            if photo.pair is not None:
                halves[photo.pair][photo.stage] = photo
        return [
            Pair(pair[Photo.Stage.BEFORE], pair[Photo.Stage.AFTER])
            for _number, pair in sorted(halves.items())
            if len(pair) == len(Photo.Stage)
        ]

    @cached_property
    def visits(self) -> list[MonitoringVisit]:
        """Visits made and visits to come. One that is overdue is for staff only."""
        return [
            visit
            for visit in self.program.visits.all()
            if visit.visited_on or (visit.planned_on and visit.planned_on >= self.today)
        ]

    @property
    def last_seen_in_use(self) -> MonitoringVisit | None:
        seen = [visit for visit in self.visits if visit.visited_on and visit.in_use is not None]
        return max(seen, key=lambda visit: visit.visited_on or date.min, default=None)

    @cached_property
    def sources(self) -> list[Source]:
        return list(self.program.sources.all())


def _people(group: ParticipantGroup) -> People:
    return People(group, shown_of(group), None if is_few(group) else group)


class Around(NamedTuple):
    """Other programmes on a programme’s page."""

    # Of volunteers to this Sister Village, the newest first.
    deployments: list[Program]
    # Those that share a city, a country or a theme: the same city first, then the newest.
    related: list[Program]


def programs_around(program: Program, limit: int = 4) -> Around:
    """Found with one question; `limit` is how many related ones there are at most."""
    keys = _near(program, limit * 3)
    if is_village := program.kind == Kind.SISTER_VILLAGE:
        to_village = Program.objects.published().filter(village=program).order_by()
        keys = [*keys, to_village.values("pk")]
    first, *more = keys
    rows = Program.objects.filter(pk__in=first.union(*more))
    same_city = Program.cities.through.objects.filter(
        program=OuterRef("pk"), city__in=[city.pk for city in program.cities.all()]
    )
    newest = rows.annotate(same_city=Exists(same_city)).newest_first()
    found = list(newest if is_village else newest[: limit * 3])
    deployments = [other for other in found if other.village_id == program.pk]
    others = [other for other in found if other.village_id != program.pk][: limit * 3]
    return Around(deployments, sorted(others, key=lambda other: not other.same_city)[:limit])


def _near(program: Program, most: int) -> list[Any]:
    """Keys of the newest programmes with a city of this one, with a country, with a theme."""
    others = Program.objects.published().exclude(pk=program.pk).filter(ours=program.ours)
    if program.kind == Kind.SISTER_VILLAGE:
        others = others.exclude(village=program)
    cities = [city.pk for city in program.cities.all()]
    countries = [share.country_id for share in program.country_shares.all()]
    themes = [theme.pk for theme in program.themes.all()]
    in_city = Program.cities.through.objects.filter(city__in=cities)
    in_country = CountryShare.objects.filter(country__in=countries).order_by()
    through: Any = Program.themes.through
    on_theme = through.objects.filter(theme__in=themes)
    near = [
        others.filter(pk__in=in_city.values("program")),
        others.filter(pk__in=in_country.values("program")),
        others.filter(pk__in=on_theme.values("program"), kind=program.kind),
    ]
    # The newest of each, and of those the newest: what all of them share is never put in order.
    return [
        Program.objects.filter(pk__in=rows.newest_first().values("pk")[:most])
        .order_by()
        .values("pk")
        for rows in near
    ]
