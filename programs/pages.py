"""What the page of a programme says, put in order for the template."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Q
from django.utils import timezone

from oda_portal.publishing.models import Source

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


class ProgramPage:
    """Reads only what the view has fetched: no query is made here."""

    def __init__(self, program: Program, today: date | None = None) -> None:
        self.program = program
        self.today = today or timezone.localdate()

    @property
    def state(self) -> State:
        return self.program.state(self.today)

    @property
    def is_village(self) -> bool:
        return self.program.kind == Kind.SISTER_VILLAGE

    @cached_property
    def sides(self) -> list[Side]:
        """Every organisation once, on the first side that one of its roles puts it on."""
        roles: dict[int, list[Role]] = defaultdict(list)
        for role in self.program.roles.all():
            roles[role.organisation_id].append(role)
        sides: dict[str, list[Party]] = {name: [] for name, _kinds in SIDES}
        for held in roles.values():
            labels = [str(role.get_kind_display()) for role in held]
            sides[_side(held)].append(Party(held[0].organisation, labels))
        return [Side(name, parties) for name, parties in sides.items() if parties]

    @cached_property
    def runs(self) -> list[Run]:
        return list(self.program.runs.all())

    @cached_property
    def groups(self) -> list[ParticipantGroup]:
        return [group for run in self.runs for group in run.groups.all()]

    @property
    def people(self) -> int | None:
        """People over all runs as far as their number is known; None where none is."""
        known = [group.total for group in self.groups if group.total is not None]
        return sum(known) if known else None

    @property
    def people_about(self) -> bool:
        """Whether one of the numbers that `people` adds up is only approximate."""
        return any(group.about for group in self.groups)

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


def _side(held: list[Role]) -> str:
    kinds = {role.kind for role in held}
    pivotal, giving = Role.Kind.PIVOTAL, set(SIDES[0][1])
    if pivotal in kinds:
        return "pivotal"
    if kinds & giving:
        return "giving"
    return next(name for name, side in SIDES if kinds & set(side))


def related_programs(program: Program, limit: int = 4) -> list[Program]:
    """Programmes that share a city, a country or a theme, newest first; the same kind first."""
    others = Program.objects.published().exclude(pk=program.pk).filter(ours=program.ours)
    near = Q(cities__in=program.cities.all())
    near |= Q(countries__in=[share.country_id for share in program.country_shares.all()])
    near |= Q(themes__in=program.themes.all(), kind=program.kind)
    rows = others.filter(near).distinct().newest_first()[: limit * 3]
    return sorted(rows, key=lambda other: other.kind != program.kind)[:limit]
