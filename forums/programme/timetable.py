"""An edition’s days as tables: a row for each hour at which something begins, a column a room.

The same table is a list on a phone, in the order in which its cells are written.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.utils import timezone

from ..models import ForumSession, Room


@dataclass(frozen=True)
class Cell:
    """A session with the rows and columns that it takes; without one an hour of an empty room."""

    session: ForumSession | None = None
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True)
class Head:
    """A room, and how many columns it needs. Without a room: what is not in one."""

    room: Room | None
    columns: int


@dataclass(frozen=True)
class Row:
    starts_at: datetime
    cells: list[Cell]


@dataclass(frozen=True)
class Day:
    date: date
    starts_at: datetime
    heads: list[Head]
    rows: list[Row]


@dataclass(frozen=True)
class _Placed:
    """A session from its first row up to, and without, the row `until`."""

    session: ForumSession
    first: int
    until: int

    def meets(self, other: _Placed) -> bool:
        return self.first < other.until and other.first < self.until


def days_of(sessions: Iterable[ForumSession]) -> list[Day]:
    """The sessions, given in their order, day by day in Korea; no query is made here."""
    by_day = groupby(sessions, lambda session: timezone.localdate(session.starts_at))
    return [_day(day, list(held)) for day, held in by_day]


def _day(day: date, sessions: list[ForumSession]) -> Day:
    starts = sorted({session.starts_at for session in sessions})
    placed = [_placed(session, starts) for session in sessions]
    across = [one for one in placed if _is_for_all(one, placed)]
    lanes = _lanes([one for one in placed if one not in across])
    columns = [column for _room, columns in lanes for column in columns] or [[]]
    return Day(
        date=day,
        starts_at=starts[0],
        heads=[Head(room, len(columns)) for room, columns in lanes] or [Head(None, 1)],
        rows=[
            Row(starts_at, list(_cells(number, columns, across)))
            for number, starts_at in enumerate(starts)
        ],
    )


def _placed(session: ForumSession, starts: list[datetime]) -> _Placed:
    first = bisect_left(starts, session.starts_at)
    return _Placed(session, first, max(first + 1, bisect_left(starts, session.ends_at)))


def _is_for_all(one: _Placed, placed: list[_Placed]) -> bool:
    """A break, or whatever is in no room while nothing else is on: it stands across all rooms."""
    alone = not any(one.meets(other) for other in placed if other is not one)
    return one.session.room_id is None and alone


def _lanes(placed: list[_Placed]) -> list[tuple[Room | None, list[list[_Placed]]]]:
    """Rooms in their order, each with as many columns as it needs; what has no room comes last."""
    rooms: dict[Room | None, list[list[_Placed]]] = {}
    for one in placed:
        columns = rooms.setdefault(one.session.room, [])
        free = next((column for column in columns if column[-1].until <= one.first), None)
        if free is None:
            columns.append([one])
        else:
            free.append(one)
    return sorted(rooms.items(), key=lambda item: _order(item[0]))


def _order(room: Room | None) -> tuple[bool, int, int]:
    return (True, 0, 0) if room is None else (False, room.position, room.pk)


def _cells(number: int, columns: list[list[_Placed]], across: list[_Placed]) -> Iterator[Cell]:
    for one in across:
        if one.first == number:
            yield Cell(one.session, columns=len(columns))
            return
    for column in columns:
        here = next((one for one in column if one.first <= number < one.until), None)
        if here is None:
            yield Cell()
        elif here.first == number:
            yield Cell(here.session, rows=here.until - here.first)
