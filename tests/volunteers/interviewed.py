"""People who are invited to an interview, and slots for them, without the pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone, translation

from oda_portal.accounts.models import User
from oda_portal.seats.models import Seat
from tests.factories import ApplicationFactory, InterviewSlotFactory, VolunteerFactory
from tests.volunteers.applicants import person
from volunteers.models import Application, Call, InterviewSlot
from volunteers.models.interviews import slot_of

REASON = "Asked for it on the telephone"


def slots(*places: int, **fields: Any) -> list[InterviewSlot]:
    """One a day of the same call, with so many places each."""
    first = InterviewSlotFactory(pool__capacity=places[0], **fields)
    rows = [first]
    for day, count in enumerate(places[1:], start=1):
        starts_at = first.starts_at + timedelta(days=day)
        rows.append(
            InterviewSlotFactory(call=first.call, starts_at=starts_at, pool__capacity=count)
        )
    return rows


def invited(call: Call, user: User | None = None, **fields: Any) -> Application:
    """An application in English, unless said otherwise, of somebody who is invited."""
    user = user or person()
    volunteer = getattr(user, "volunteer", None) or VolunteerFactory(user=user, name="홍길동")
    number = Application.objects.count()
    values = {"language": "en", "state": "interview", "receipt": f"TESTS-{number:05}", **fields}
    return ApplicationFactory(call=call, volunteer=volunteer, sent_at=timezone.now(), **values)


def page_of(application: Application, name: str = "interview", language: str = "en") -> str:
    with translation.override(language):
        return reverse(f"volunteers:{name}", args=[application.uuid])


def held(application: Application) -> InterviewSlot | None:
    return slot_of(application)


def taken(slot: InterviewSlot) -> int:
    """As the pool counts them, which is as many as seats are held."""
    slot.pool.refresh_from_db()
    assert slot.pool.taken == slot.pool.seats.filter(state=Seat.State.HELD).count()
    return slot.pool.taken
