"""IATI dates and status of a programme, as its own dates and today make them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from programs.models import Program
from programs.models.program import State

STATUS = {
    State.PLANNED: "1",  # pipeline
    State.RUNNING: "2",  # implementation
    State.FOLLOW_UP: "3",  # finalisation
    State.CLOSED: "4",
    State.CANCELLED: "5",
}


@dataclass(frozen=True)
class Dates:
    """Each date where it is known; actual ones are never in the future."""

    status: str
    planned_start: date | None = None
    actual_start: date | None = None
    planned_end: date | None = None
    actual_end: date | None = None


def dates_of(program: Program, today: date | None = None) -> Dates | None:
    """None where nothing is known of its beginning: then it cannot be reported."""
    today = today or timezone.localdate()
    state, start, end = program.state(today), program.starts_on, program.ends_on
    if state is None or start is None:
        return None
    status = STATUS[state]
    if state in (State.PLANNED, State.CANCELLED):
        # What was called off may have begun; on which day it ended nobody has written down.
        return Dates(status, planned_start=start, planned_end=end)
    if state == State.RUNNING:
        return Dates(status, actual_start=start, planned_end=end)
    ended = end if end and end <= today else program.closed_on
    return Dates(status, actual_start=start, actual_end=ended)
