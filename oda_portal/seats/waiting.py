"""Waiting lists: who comes after whom, and how a place that becomes free is passed on.

A free place is offered in the transaction that freed it, whatever freed it: a withdrawal, a no, an
offer that ran out, more places, staff. So nobody can come in between.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import QuerySet

from oda_portal.audit.models import record_transition

from .models import Pool, Seat
from .registry import queue_of
from .rows import find, lock, move, reserve, seat_of

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

State = Seat.State


def waiting_in(pool: Pool) -> QuerySet[Seat]:
    """Whoever waits, the next one first."""
    return Seat.objects.filter(pool=pool, state=State.WAITING).order_by("position")


def awaited(pools: Iterable[int]) -> QuerySet[Seat, int]:
    """Those of the pools, by key, that somebody waits for: what is free there is theirs."""
    rows = Seat.objects.filter(pool__in=pools, state=State.WAITING).order_by()
    return rows.values_list("pool", flat=True).distinct()


def place_of(pool: Pool, subject: models.Model) -> int | None:
    """The place in line as of now, 1 for the next; None for who does not wait."""
    seat = find(pool, subject)
    if seat is None or seat.state != State.WAITING:
        return None
    return waiting_in(pool).filter(position__lte=seat.position).count()


@transaction.atomic
def wait(pool: Pool, subject: models.Model, *, size: int = 1) -> Seat:
    """Put `subject` at the end of the list; who has a place, an offer or a number keeps it."""
    lock(pool.pk)
    seat = seat_of(pool, subject)
    if seat.state == State.RELEASED:
        position = _last_position(pool) + 1
        Pool.objects.filter(pk=pool.pk).update(last_position=position)
        values = {"position": position, "size": size, "reason": ""}
        move(seat, (State.RELEASED,), State.WAITING, **values)
    return seat


def pass_on(pool: Pool) -> None:
    """Offer what is free to those who wait, in order; the caller holds the pool's lock."""
    # One by one: an offer that cannot be made gives the place back, and changes who is next.
    while seat := waiting_in(pool).select_related("content_type", "pool").first():
        queue = queue_of(seat)
        until = queue.until(seat)
        # Nobody is passed over for being more: whoever is next waits for as many places.
        if until is None or not reserve(pool, seat.size):
            return
        move(seat, (State.WAITING,), State.OFFERED, offered_until=until, position=None)
        queue.on_offer(seat)


@transaction.atomic
def put_at(pool: Pool, subject: models.Model, place: int, *, by: User, reason: str) -> bool:
    """Overrule the order: let `subject` be number `place` of those who wait, for a reason.

    False when it does not wait. A place beyond the end is the end.
    """
    lock(pool.pk)
    mine = seat_of(pool, subject)
    seats = list(waiting_in(pool))
    if mine not in seats:
        return False
    before = seats.index(mine) + 1
    seats.remove(mine)
    seats.insert(max(place, 1) - 1, mine)
    _number(pool, seats)
    after = seats.index(mine) + 1
    record_transition(subject, "place in line", str(before), str(after), by=by, reason=reason)
    pass_on(pool)  # what was too few for the one who was next may be enough for this one
    return True


def _number(pool: Pool, seats: list[Seat]) -> None:
    """Positions anew, all beyond those given so far: no two are the same on the way."""
    last = _last_position(pool)
    for position, seat in enumerate(seats, start=last + 1):
        Seat.objects.filter(pk=seat.pk).update(position=position)
    Pool.objects.filter(pk=pool.pk).update(last_position=last + len(seats))


def _last_position(pool: Pool) -> int:
    return Pool.objects.values_list("last_position", flat=True).get(pk=pool.pk)
