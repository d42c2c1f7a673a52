"""Taking and giving back places: never more than there are, and each once, whoever is how fast.

Correct under READ COMMITTED and on SQLite: what decides is one conditional UPDATE, which waits for
another that has the row and then looks again. A count before an insert overbooks, and so does a
row lock under REPEATABLE READ (docs/adr/0013).
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from .models import Pool, Seat
from .registry import queue_of
from .rows import lock, move, reserve, seat_of
from .waiting import pass_on

log = logging.getLogger(__name__)

State, Reason = Seat.State, Seat.Reason


@transaction.atomic
def take(pool: Pool, subject: models.Model, *, size: int = 1) -> Seat | None:
    """Give `subject` its places; None when there are not as many left, or others wait for them.

    Who holds places already keeps them as they are. The row of the pool stays locked until the
    caller's transaction ends, so take as its last step.
    """
    seat = seat_of(pool, subject)
    if not move(seat, (State.RELEASED,), State.HELD, size=size, reason=""):
        return seat if seat.state == State.HELD else None
    if not reserve(pool, size, unless_awaited=True):
        move(seat, (State.HELD,), State.RELEASED)
        return None
    return seat


@transaction.atomic
def release(pool: Pool, subject: models.Model, *, reason: Seat.Reason = Reason.GIVEN_BACK) -> bool:
    """Give the places back, or leave the waiting list; False when `subject` had neither.

    What becomes free is offered to whoever is next, in the same transaction.
    """
    lock(pool.pk)
    seat = seat_of(pool, subject)
    counted = seat.state in (State.HELD, State.OFFERED)
    sources = (State.HELD, State.OFFERED, State.WAITING)
    if not move(seat, sources, State.RELEASED, offered_until=None, position=None, reason=reason):
        return False
    if counted:
        Pool.objects.filter(pk=pool.pk).update(taken=F("taken") - seat.size)
    pass_on(pool)
    return True


@transaction.atomic
def resize(pool: Pool, subject: models.Model, size: int) -> bool:
    """Let `subject` hold, be offered or wait for so many places instead, where it is in line.

    False, and nothing changed, when it has none of these, or when more are not left for it.
    """
    lock(pool.pk)
    seat = seat_of(pool, subject)
    if seat.state == State.RELEASED:
        return False
    more = size - seat.size
    if seat.state != State.WAITING:
        if more > 0 and not reserve(pool, more, unless_awaited=True):
            return False
        if more < 0:
            Pool.objects.filter(pk=pool.pk).update(taken=F("taken") + more)
    Seat.objects.filter(pk=seat.pk).update(size=size, changed_at=timezone.now())
    pass_on(pool)  # a smaller party leaves places, or fits where it did not
    return True


@transaction.atomic
def set_capacity(pool: Pool, capacity: int) -> bool:
    """Make it so many places; False, and nothing changed, when more are taken already.

    New ones go to those who wait.
    """
    lock(pool.pk)
    if not Pool.objects.filter(pk=pool.pk, taken__lte=capacity).update(capacity=capacity):
        return False
    pass_on(pool)
    return True


# --- offers that have to be accepted -------------------------------------------------------------


def offer(pool: Pool, subject: models.Model, *, until: datetime | None) -> bool:
    """Turn what `subject` holds into an offer to answer; False when it holds nothing."""
    seat = seat_of(pool, subject)
    return move(seat, (State.HELD,), State.OFFERED, offered_until=until)


def accept(pool: Pool, subject: models.Model) -> bool:
    """Say yes to an offer; False when there is none, or its time ran out."""
    rows = Seat.objects.filter(pk=seat_of(pool, subject).pk, state=State.OFFERED)
    in_time = rows.exclude(offered_until__lte=timezone.now())
    return bool(in_time.update(state=State.HELD, offered_until=None, changed_at=timezone.now()))


def expire_due() -> int:
    """Take back the offers whose time ran out, each in a transaction of its own; how many."""
    due = Seat.objects.filter(state=State.OFFERED, offered_until__lte=timezone.now())
    expired = 0
    for seat in due.select_related("pool").order_by("offered_until", "pk"):
        try:
            expired += _expire(seat)
        except Exception:  # one that fails keeps none of the others waiting
            log.exception("the offer of seat %s could not be taken back", seat.pk)
    return expired


@transaction.atomic
def _expire(seat: Seat) -> bool:
    lock(seat.pool_id)
    seat.refresh_from_db()
    if seat.state != State.OFFERED or not seat.offered_until:
        return False  # answered while we came
    if seat.offered_until > timezone.now():
        return False
    if seat.subject is not None:
        release(seat.pool, seat.subject, reason=Reason.EXPIRED)
        queue_of(seat).on_freed(seat)
        return True
    # Whoever it was is gone; the place is not.
    seat.delete()
    Pool.objects.filter(pk=seat.pool_id).update(taken=F("taken") - seat.size)
    pass_on(seat.pool)
    return True
