"""Places that are offered: yes, no, no answer, and waiting once more."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from oda_portal.seats import actions as seats
from oda_portal.seats import registry, waiting
from oda_portal.seats.models import Seat

from . import actions, mails
from .models import Application
from .models.states import State
from .places import A_DAY, answer_until, free_places, lock_places
from .readiness import acts as getting_ready

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

# --- by whoever was offered a place --------------------------------------------------------------


@transaction.atomic
def confirm(application: Application, *, by: User | None) -> bool:
    """Say yes; False when there is nothing to say yes to, or its time ran out."""
    lock_places(application)
    application.refresh_from_db()
    if not application.can_answer() or application.opening is None:
        return False
    if not seats.accept(application.opening.pool, application):
        return False
    if confirmed := application.confirm(by=by):
        getting_ready.begin(application)
    return confirmed


@transaction.atomic
def decline(application: Application, *, by: User | None) -> bool:
    """Say no; the place is offered to the next. False when it was answered already."""
    lock_places(application)
    application.refresh_from_db()
    if application.state != State.SELECTED or not application.decline(by=by):
        return False
    free_places(application)
    return True


@transaction.atomic
def leave(application: Application, *, by: User | None) -> bool:
    """Leave the reserve list, which is to withdraw; False for who does not wait any more."""
    lock_places(application)
    application.refresh_from_db()
    return application.state == State.RESERVE and actions.withdraw(application, by=by)


@transaction.atomic
def wait_again(application: Application, *, by: User | None) -> bool:
    """Join the end of the list once more, after the time to answer ran out."""
    lock_places(application)
    application.refresh_from_db()
    if not application.can_wait_again() or application.opening is None:
        return False
    if not application.wait_again(by=by):
        return False
    pool = application.opening.pool
    waiting.wait(pool, application)
    waiting.pass_on(pool)  # nobody may have wanted the place meanwhile
    application.refresh_from_db()
    return True


# --- by the waiting list -------------------------------------------------------------------------


def register() -> None:
    queue = registry.Queue(until=until, on_offer=on_offer, on_freed=on_freed)
    registry.register("volunteers.application", queue)


def until(seat: Seat) -> datetime | None:
    return answer_until(seat.pool.opening)


def on_offer(seat: Seat) -> None:
    application = _of(seat)
    if application.offer(answer_by=seat.offered_until):
        mails.place_offered(application)
    else:  # decided about otherwise meanwhile: then the place is the next one's
        seats.release(seat.pool, application)


def on_freed(seat: Seat) -> None:
    """Nobody answered in time: the public words say so, by the seat's reason."""
    application = _of(seat)
    is_theirs = application.opening and application.opening.pool_id == seat.pool_id
    if not is_theirs or application.state != State.SELECTED:
        return
    if application.decline(by=None, reason=str(Seat.Reason.EXPIRED.label)):
        mails.state_announced(application)


def _of(seat: Seat) -> Application:
    assert isinstance(seat.subject, Application)  # noqa: S101  (registered for these alone)
    return seat.subject


# --- in time -------------------------------------------------------------------------------------


def remind_to_answer() -> int:
    """Remind whoever has a day left to answer, once for each offer."""
    now = timezone.now()
    silent = Application.objects.filter(
        state=State.SELECTED, answer_by__gt=now, answer_by__lte=now + A_DAY
    )
    rows = silent.select_related("call", "volunteer__user").iterator()
    return sum(mails.answer_wanted(row) for row in rows)
