"""The days of an opening and who was there for how long; written by staff, many cells at once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from ..models import (
    Application,
    ApplicationQuerySet,
    Attendance,
    Opening,
    ServiceRecord,
    TrainingDay,
)
from ..models.service import hours_of
from ..readiness.rules import GOING

# A training day lies at most so long before departure: longer ago, it is a slip of the hand.
TRAINING_DAYS_BEFORE = 366


class Typed(NamedTuple):
    """What staff say of one day: no row without `quarters`; `note` stays where it is None."""

    quarters: int | None
    note: str | None = None


Cells = Mapping[tuple[int, date], Typed]


class ChangedError(Exception):
    """Somebody else has changed the sheet since it was opened; `sheet` is how it stands now."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__()
        self.sheet = sheet


@dataclass(frozen=True)
class Row:
    """One person: what was entered, by day, and the record that may have fixed it.

    `outside` is what was entered on days that are none of the sheet's any more: the days of a
    journey may move. It counts for nothing, and nothing is approved before it is removed.
    """

    application: Application
    entered: dict[date, Attendance]
    record: ServiceRecord | None
    outside: dict[date, Attendance] = field(default_factory=dict)

    @property
    def is_fixed(self) -> bool:
        return self.record is not None and self.record.is_approved

    @property
    def days(self) -> int:
        """Days with hours: of an absence there is a row, and no day of service."""
        if self.record is not None and self.record.is_approved:
            return self.record.days or 0
        return sum(entry.quarters > 0 for entry in self.entered.values())

    @property
    def quarters(self) -> int:
        if self.record is not None and self.record.is_approved:
            return self.record.quarters or 0
        return sum(entry.quarters for entry in self.entered.values())

    @property
    def hours(self) -> Decimal:
        return hours_of(self.quarters)


@dataclass(frozen=True)
class Sheet:
    """The people of an opening and its days so far; `training` are those before departure."""

    opening: Opening
    training: list[date]
    journey: list[date]
    rows: list[Row]

    @property
    def days(self) -> list[date]:
        return [*self.training, *self.journey]

    @property
    def with_outside(self) -> list[Row]:
        """Those of whom something was entered on other days than these."""
        return [row for row in self.rows if row.outside]

    @cached_property
    def stamp(self) -> str:
        """Another one as soon as anybody has changed a cell, or approved a record."""
        held = {
            row.application.pk: [
                row.is_fixed,
                *[
                    (str(day), one.quarters, one.note)
                    for day, one in sorted({**row.entered, **row.outside}.items())
                ],
            ]
            for row in self.rows
        }
        return hashlib.sha256(json.dumps(held, sort_keys=True).encode()).hexdigest()[:16]


def training_of(opening: Opening, today: date) -> list[date]:
    """Those before departure: of a journey that begins earlier now the day is counted once."""
    days = (row.on for row in opening.training_days.all())
    return [day for day in days if day <= today and day < opening.departs_on]


def journey_of(opening: Opening, today: date) -> list[date]:
    """From departure to return, as far as the days have come."""
    last = min(opening.returns_on, today)
    length = (last - opening.departs_on).days + 1
    return [opening.departs_on + timedelta(days=n) for n in range(length)]


def sheet_of(opening: Opening, today: date, *, only: int | None = None) -> Sheet:
    """As many questions to the database for sixty people as for one; `only`: of one application."""
    training, journey = training_of(opening, today), journey_of(opening, today)
    people = people_of(opening)
    if only is not None:
        people = people.filter(pk=only)
    people = people.select_related("service", "volunteer__user").prefetch_related(
        Prefetch("attendance", Attendance.objects.order_by("on"))
    )
    days = {*training, *journey}
    rows = [_row(person, days) for person in people.order_by("volunteer__name", "pk")]
    return Sheet(opening, training, journey, rows)


def row_of(application: Application, today: date) -> Row:
    """One person alone, as the sheet of their opening shows them."""
    opening = application.opening
    known = {*training_of(opening, today), *journey_of(opening, today)} if opening else set()
    return _row(application, known)


def _row(application: Application, days: set[date]) -> Row:
    entered: dict[date, Attendance] = {}
    outside: dict[date, Attendance] = {}
    for one in application.attendance.all():
        (entered if one.on in days else outside)[one.on] = one
    return Row(application, entered, record_of(application), outside)


def people_of(opening: Opening) -> ApplicationQuerySet:
    """Those whose place was certain, and who did not step back."""
    return Application.objects.filter(opening=opening, state__in=GOING)


def record_of(application: Application) -> ServiceRecord | None:
    return getattr(application, "service", None)


# --- by staff ------------------------------------------------------------------------------------


@transaction.atomic
def save(
    opening: Opening, cells: Cells, *, seen: str, only: int | None = None
) -> list[Application]:
    """Write what differs from what is stored; those of whom something was changed.

    `seen` is the stamp of the sheet that was filled in; raises ChangedError, and changes nothing,
    when it is another one by now. What an approved record has fixed stays as it is.
    """
    lock(people_of(opening))
    sheet = sheet_of(opening, timezone.localdate(), only=only)
    if sheet.stamp != seen:
        raise ChangedError(sheet)
    return [
        row.application for row in sheet.rows if not row.is_fixed and _write(row, sheet.days, cells)
    ]


def lock(applications: Iterable[Application]) -> None:
    """Hold these against everybody else who enters hours, approves, or issues a certificate."""
    pks = [row.pk for row in applications]
    list(Application.objects.select_for_update().filter(pk__in=pks).order_by("pk").values("pk"))


def _write(row: Row, days: list[date], cells: Cells) -> bool:
    """Whether anything was changed."""
    person, wanted, gone = row.application, [], []
    for day in days:
        typed, stored = cells.get((person.pk, day)), row.entered.get(day)
        if typed is None:
            continue
        if typed.quarters is None:
            gone += [stored.pk] if stored else []
            continue
        note = typed.note if typed.note is not None else (stored.note if stored else "")
        if stored is None or (stored.quarters, stored.note) != (typed.quarters, note):
            wanted.append(
                Attendance(application=person, on=day, quarters=typed.quarters, note=note)
            )
    Attendance.objects.filter(pk__in=gone).delete()
    Attendance.objects.bulk_create(
        wanted,
        update_conflicts=True,
        unique_fields=["application", "on"],
        update_fields=["quarters", "note"],
    )
    return bool(wanted or gone)


@transaction.atomic
def remove_outside(application: Application) -> bool:
    """Take away what stands on days outside the sheet; False when there is none, or it is fixed."""
    lock([application])
    current = Application.objects.select_related("service", "opening").get(pk=application.pk)
    row = row_of(current, timezone.localdate())
    if row.is_fixed or not row.outside:
        return False
    Attendance.objects.filter(pk__in=[one.pk for one in row.outside.values()]).delete()
    return True


def counted(rows: QuerySet[Attendance]) -> QuerySet[Attendance]:
    """Without what stands outside of the sheets."""
    opening = "application__opening__"
    training = TrainingDay.objects.filter(
        opening=OuterRef("application__opening"), on=OuterRef("on"), opening__departs_on__gt=F("on")
    )
    on_the_way = Q(on__range=(F(f"{opening}departs_on"), F(f"{opening}returns_on")))
    return rows.filter(on_the_way | Exists(training))


def add_training_day(opening: Opening, on: date) -> bool:
    """False when it is there already."""
    return TrainingDay.objects.get_or_create(opening=opening, on=on)[1]


@transaction.atomic
def remove_training_day(opening: Opening, on: date) -> bool:
    """False when somebody's attendance stands on it; twice is as good as once."""
    lock(people_of(opening))
    if Attendance.objects.filter(application__opening=opening, on=on).exists():
        return False
    TrainingDay.objects.filter(opening=opening, on=on).delete()
    return True
