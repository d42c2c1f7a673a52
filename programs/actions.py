"""Verbs of the office about programmes."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from oda_portal.audit.models import record_transition

from .models import MonitoringVisit, Program
from .models.program import Kind

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

# Months after a Sister Village was handed over in which somebody looks whether it is in use.
VISITS_AFTER = (6, 12, 24)


@transaction.atomic
def hand_over(program: Program, *, on: date, by: User) -> bool:
    """Give a Sister Village's works into the village's hands, and plan the visits after it.

    False when it was handed over before: then nothing changes, and `program` gets the day that
    is stored. Raises ValueError for a programme of another kind.
    """
    if program.kind != Kind.SISTER_VILLAGE:
        raise ValueError("Only a Sister Village is handed over")
    current = Program.objects.select_for_update().get(pk=program.pk)
    if current.handed_over_on:
        program.handed_over_on = current.handed_over_on
        return False
    current.handed_over_on = program.handed_over_on = on
    current.save()
    for months in VISITS_AFTER:
        MonitoringVisit.objects.get_or_create(program=current, planned_on=months_after(on, months))
    record_transition(current, "handed_over_on", "", on.isoformat(), by=by)
    return True


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or its last day where the month is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
