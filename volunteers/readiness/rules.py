"""When a passport is good enough, what is wanted of whom, how urgent it is; nothing is stored."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..forms.check import WITHOUT_GUARDIAN_FROM
from ..models import Application, ChecklistItem, Opening, Readiness, State, TravelDocument
from ..models.openings import age_on

Kind = ChecklistItem.Kind
Done = Readiness.State

# Whose place is certain: they are on the board, and have a page of things to do.
GOING = (State.CONFIRMED, State.DEPLOYED, State.COMPLETED)
# What the office may mark as done without anything having been handed in.
BY_STAFF = (Kind.INSURANCE, Kind.ORIENTATION, Kind.GUARDIAN_CONSENT, Kind.ROLE_AGREEMENT)
# What the office marks for many at once.
IN_BULK = (Kind.ORIENTATION, Kind.INSURANCE)
# Where there is nothing to check by hand.
DONE_AT_ONCE = (Kind.EMERGENCY_CONTACT, Kind.ROLE_AGREEMENT)

PASSPORT_MONTHS = 6
SOON = timedelta(days=14)


# --- passports -----------------------------------------------------------------------------------


def months_later(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def passport_until(opening: Opening) -> date:
    """The day until which a passport must be valid at least."""
    return months_later(opening.returns_on, PASSPORT_MONTHS)


# --- what is wanted of whom ----------------------------------------------------------------------


def is_minor(application: Application, opening: Opening) -> bool:
    """Whether the person is under 19 on the day of departure."""
    born = application.volunteer.born_on
    return born is not None and age_on(born, opening.departs_on) < WITHOUT_GUARDIAN_FROM


def is_wanted(item: ChecklistItem, application: Application, opening: Opening) -> bool:
    if item.kind == Kind.GUARDIAN_CONSENT and not is_minor(application, opening):
        return False
    return item.is_wanted


def has_departure(application: Application) -> bool:
    """Whether this person has a page of things to do before departure."""
    return application.opening_id is not None and application.state in GOING


def may_fill_in(application: Application, today: date) -> bool:
    """Whether the person may hand something in: until the return, and not afterwards."""
    opening = application.opening
    is_going = application.state in (State.CONFIRMED, State.DEPLOYED)
    return opening is not None and is_going and today <= opening.returns_on


# --- how urgent ----------------------------------------------------------------------------------


class Phase(models.TextChoices):
    """What a cell of the board says."""

    DONE = "done", pgettext_lazy("readiness", "Accepted")
    NOT_NEEDED = "not_needed", pgettext_lazy("readiness", "Not needed")
    WAITING = "waiting", pgettext_lazy("readiness", "Handed in, to be checked")
    BY_PHONE = "by_phone", pgettext_lazy("readiness", "To be settled by telephone")
    RETURNED = "returned", pgettext_lazy("readiness", "Returned")
    SHORT = "short", pgettext_lazy("readiness", "Passport runs out too early")
    LATE = "late", pgettext_lazy("readiness", "Overdue")
    SOON = "soon", pgettext_lazy("readiness", "Due within 14 days")
    OPEN = "open", pgettext_lazy("readiness", "Open")


SIGNS: dict[str, str] = {
    Phase.DONE: "✓",
    Phase.NOT_NEEDED: "–",
    Phase.WAITING: "?",
    Phase.BY_PHONE: "☎",
    Phase.RETURNED: "↩",
    Phase.SHORT: "!",
    Phase.LATE: "!",
    Phase.SOON: "◔",
    Phase.OPEN: "○",
}
_OF_STATE = {
    Done.ACCEPTED: Phase.DONE,
    Done.NOT_NEEDED: Phase.NOT_NEEDED,
    Done.HANDED_IN: Phase.WAITING,
    Done.BY_PHONE: Phase.BY_PHONE,
    Done.RETURNED: Phase.RETURNED,
}
SETTLED = (Phase.DONE, Phase.NOT_NEEDED)
ALARMING = (Phase.LATE, Phase.RETURNED, Phase.SHORT)
# What waits for the office, in time or not.
FOR_STAFF = (Phase.WAITING, Phase.BY_PHONE)


class Light(models.TextChoices):
    RED = "red", _("Something is overdue or returned")
    AMBER = "amber", _("Something is due within 14 days")
    GREEN = "green", _("Everything is done")
    CALM = "calm", _("Under way, nothing due within 14 days")
    EMPTY = "empty", _("Nobody has confirmed yet")


@dataclass(frozen=True)
class Cell:
    """Where one person stands with one item, on one day."""

    item: ChecklistItem
    row: Readiness | None
    phase: Phase
    today: date

    @property
    def sign(self) -> str:
        """Beside the words, never instead of them."""
        return SIGNS[self.phase]

    @property
    def is_due_soon(self) -> bool:
        return self.item.due_on <= self.today + SOON

    @property
    def is_waived(self) -> bool:
        """Wanted of everybody else."""
        return self.row is not None and self.row.state == Done.NOT_NEEDED

    @property
    def is_settled(self) -> bool:
        return self.phase in SETTLED


def cell_of(
    item: ChecklistItem, application: Application, opening: Opening, today: date, *,
    row: Readiness | None, passport: TravelDocument | None,
) -> Cell:  # fmt: skip
    if not is_wanted(item, application, opening):
        return Cell(item, row, Phase.NOT_NEEDED, today)
    phase = _OF_STATE.get(Done(row.state)) if row else None
    # The days of a journey may change after it was accepted.
    handed_in = item.kind == Kind.PASSPORT and phase in (Phase.DONE, Phase.WAITING)
    if handed_in and is_short(passport, opening):
        phase = Phase.SHORT
    return Cell(item, row, phase or _open_phase(item, today), today)


def is_short(passport: TravelDocument | None, opening: Opening) -> bool:
    return passport is not None and passport.expires_on < passport_until(opening)


def _open_phase(item: ChecklistItem, today: date) -> Phase:
    if item.due_on < today:
        return Phase.LATE
    return Phase.SOON if item.due_on <= today + SOON else Phase.OPEN


def light_of(cells: Iterable[Cell]) -> Light:
    """Red when something is overdue or returned, amber when due soon, green when all is done."""
    shown = list(cells)
    if not shown:
        return Light.EMPTY
    if any(cell.phase in ALARMING for cell in shown):
        return Light.RED
    waiting = [cell for cell in shown if not cell.is_settled]
    if any(cell.is_due_soon for cell in waiting):
        return Light.AMBER
    return Light.CALM if waiting else Light.GREEN
