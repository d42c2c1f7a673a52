"""The board of a call: its teams, who goes with each, and where everybody stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy

from ..models import (
    Application,
    Call,
    ChecklistItem,
    Opening,
    Readiness,
    TravelDocument,
)
from .rules import ALARMING, FOR_STAFF, GOING, SETTLED, Cell, Light, Phase, cell_of, light_of


@dataclass(frozen=True)
class Person:
    application: Application
    cells: list[Cell]

    @property
    def light(self) -> Light:
        return light_of(self.cells)


@dataclass(frozen=True)
class Team:
    """One opening with those who go."""

    opening: Opening
    items: list[ChecklistItem]
    people: list[Person]

    @property
    def light(self) -> Light:
        return light_of(cell for person in self.people for cell in person.cells)

    @property
    def tally(self) -> Tally:
        return tally_of(cell for person in self.people for cell in person.cells)


@dataclass(frozen=True)
class Tally:
    """How many cells are done, with the office, still open, overdue or returned."""

    counts: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.counts.total()

    @property
    def parts(self) -> list[Part]:
        """From the left, as shares of a bar that is 100 long."""
        found, x = [], 0.0
        for name, label in GROUPS.items():
            width = 100 * self.counts[name] / self.total if self.total else 0.0
            found.append(Part(name, str(label), self.counts[name], f"{x:.2f}", f"{width:.2f}"))
            x += width
        return found


class Part(NamedTuple):
    """One stretch of the bar, and one line of the table beside it."""

    name: str
    label: str
    number: int
    x: str
    width: str


GROUPS: dict[str, object] = {
    "done": gettext_lazy("Done"),
    "office": gettext_lazy("For the office to check"),
    "open": gettext_lazy("Still to do"),
    "alarm": gettext_lazy("Overdue or returned"),
}


def group_of(phase: Phase) -> str:
    if phase in SETTLED:
        return "done"
    if phase in FOR_STAFF:
        return "office"
    return "alarm" if phase in ALARMING else "open"


def tally_of(cells: Iterable[Cell]) -> Tally:
    return Tally(Counter(group_of(cell.phase) for cell in cells))


def board_of(call: Call, today: date) -> list[Team]:
    """All teams of a call; as many questions to the database for sixty people as for one."""
    return _teams(Opening.objects.filter(call=call), today)


def alarming_before(today: date, which: Q) -> list[Opening]:
    """Of these openings those that have not left yet and show red; who leaves first comes first."""
    teams = _teams(Opening.objects.filter(which, departs_on__gte=today), today)
    red = [team.opening for team in teams if team.light == Light.RED]
    return sorted(red, key=lambda opening: (opening.departs_on, opening.pk))


def _teams(wanted: QuerySet[Opening], today: date) -> list[Team]:
    openings = list(wanted.select_related("city__country", "call").prefetch_related("checklist"))
    people: dict[int, list[Application]] = {opening.pk: [] for opening in openings}
    for application in _going(openings):
        people[application.opening_id].append(application)  # type: ignore[index]
    return [_team(opening, people[opening.pk], today) for opening in openings]


def person_of(application: Application, today: date) -> Person:
    """One person with what is wanted of them, as their page and the board show it."""
    opening = application.opening
    assert opening is not None  # noqa: S101  (the caller asks `has_departure`; this tells the type)
    return _person(application, opening, list(opening.checklist.all()), today)


def _going(openings: Iterable[Opening]) -> Iterable[Application]:
    rows = Application.objects.filter(opening__in=openings, state__in=GOING)
    return (
        rows.select_related("volunteer__user")
        .prefetch_related(
            "readiness",
            # Of a passport the board needs the day alone.
            Prefetch("passport", TravelDocument.objects.only("application_id", "expires_text")),
        )
        .order_by("volunteer__name", "pk")
    )


def _team(opening: Opening, applications: Sequence[Application], today: date) -> Team:
    items = list(opening.checklist.all())
    return Team(opening, items, [_person(row, opening, items, today) for row in applications])


def _person(
    application: Application, opening: Opening, items: Sequence[ChecklistItem], today: date
) -> Person:
    rows: dict[int, Readiness] = {row.item_id: row for row in application.readiness.all()}
    passport = getattr(application, "passport", None)
    cells = [
        cell_of(item, application, opening, today, row=rows.get(item.pk), passport=passport)
        for item in items
    ]
    return Person(application, cells)
