"""Reminders of what is still to be done: 14 days before, 3 days before, and the day after."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from ..models import Application, ChecklistItem, Opening, Readiness, State
from . import mails, rules
from .words import THEIRS

STEPS = (14, 3)
OVERDUE = -1


def step_of(due_on: date, today: date) -> int | None:
    """The reminder whose time has come: 14, 3, or -1 from the day after; None before all of them.

    The lower comes later: whoever got one is not sent those above it any more.
    """
    left = (due_on - today).days
    if left < 0:
        return OVERDUE
    return min((step for step in STEPS if left <= step), default=None)


def remind() -> int:
    """One mail to everybody with something open whose time has come; how many. Safe twice."""
    today = timezone.localdate()
    openings = Opening.objects.filter(departs_on__gte=today, checklist__isnull=False).distinct()
    reminded = 0
    for opening in openings.select_related("city", "call"):
        due = [item for item in opening.checklist.all() if step_of(item.due_on, today) is not None]
        if due:
            going = opening.placed.filter(state=State.CONFIRMED).values_list("pk", flat=True)
            reminded += sum(_remind(pk, opening, today) for pk in list(going))
    return reminded


@transaction.atomic
def _remind(pk: int, opening: Opening, today: date) -> bool:
    """Of two at once the second waits for the row, and finds nothing new to say."""
    rows = Application.objects.select_for_update(of=("self",)).select_related("volunteer__user")
    application = rows.get(pk=pk)
    if application.state != State.CONFIRMED or application.opening_id != opening.pk:
        return False
    open_items = _open_items(application, opening, today)
    fresh = [item for item in open_items if _is_new(application, item, today)]
    if not fresh:
        return False
    for item in fresh:
        Readiness.objects.update_or_create(
            application=application, item=item, defaults={"reminded": step_of(item.due_on, today)}
        )
    return mails.reminder(application, open_items)


def _open_items(application: Application, opening: Opening, today: date) -> list[ChecklistItem]:
    """What waits for the person, as their own page says it."""
    rows = {row.item_id: row for row in application.readiness.all()}
    passport = getattr(application, "passport", None)
    cells = [
        rules.cell_of(item, application, opening, today, row=rows.get(item.pk), passport=passport)
        for item in opening.checklist.all()
    ]
    return [cell.item for cell in cells if cell.phase in THEIRS]


def days_moved(opening: Opening) -> None:
    """Remind anew of passports that were good enough for other days."""
    rows = Readiness.objects.filter(
        application__opening=opening, item__kind=ChecklistItem.Kind.PASSPORT,
        state__in=(Readiness.State.HANDED_IN, Readiness.State.ACCEPTED),
    )  # fmt: skip
    short = [
        row.pk
        for row in rows.select_related("application__passport")
        if rules.is_short(getattr(row.application, "passport", None), opening)
    ]
    rows.filter(pk__in=short).update(reminded=None)


def _is_new(application: Application, item: ChecklistItem, today: date) -> bool:
    step = step_of(item.due_on, today)
    if step is None:
        return False
    row = application.readiness.filter(item=item).first()
    return row is None or row.reminded is None or row.reminded > step
