"""Sessions with places of their own: who holds one, waits for one, and may choose one.

Only who has a place at the event has a place, or one in line, in a session. So giving up the event
gives up everything, and an offer for the event that runs out touches its own pool alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from oda_portal.audit.models import record_transition
from oda_portal.seats import actions as seats
from oda_portal.seats import waiting
from oda_portal.seats.models import Seat
from oda_portal.seats.rows import lock, seats_of

from ..models import Forum, ForumSession, Registration
from .times import may_be_changed

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

# What the trail of a registration calls it.
FIELD = "session"


@dataclass(frozen=True)
class Held:
    """Where somebody stands in one session."""

    session: ForumSession
    state: str
    offered_until: datetime | None
    place_in_line: int | None

    @property
    def is_held(self) -> bool:
        return self.state == Seat.State.HELD

    @property
    def is_offered(self) -> bool:
        return self.state == Seat.State.OFFERED


def to_choose(forum: Forum) -> list[ForumSession]:
    """Sessions for which one registers apart, that are still to come."""
    rows = ForumSession.objects.filter(
        forum=forum, pool__isnull=False, cancelled_at=None, starts_at__gt=timezone.now()
    )
    return list(rows.select_related("pool", "room", "forum").in_order())


def held_by(registration: Registration) -> list[Held]:
    """In the order of the programme."""
    seats_in = _seats_in_sessions(registration).order_by(
        "pool__forum_session__starts_at", "pool__forum_session"
    )
    return [
        Held(
            seat.pool.forum_session,
            seat.state,
            seat.offered_until,
            waiting.place_of(seat.pool, registration) if seat.position else None,
        )
        for seat in seats_in
    ]


def choose(registration: Registration, wanted: Iterable[ForumSession], *, by: User | None) -> None:
    """Hold or wait for a place in these, and give the others back; all pools are locked."""
    open_now = {
        session.pool.pk: session for session in to_choose(registration.forum) if session.pool
    }
    wanted_pools = set(open_now) & {session.pool_id for session in wanted}
    had: dict[int, Seat] = {seat.pool_id: seat for seat in _seats_in_sessions(registration)}
    # In the order of their keys, as everybody locks them.
    for pool in sorted(set(had) - wanted_pools):
        # What is over, or called off, stays as it was.
        if pool in open_now:
            _give_back(registration, had[pool].pool.forum_session, by=by)
    for pool in sorted(wanted_pools - set(had)):
        _come(registration, open_now[pool], by=by)


@transaction.atomic
def accept(registration: Registration, session: ForumSession, *, by: User | None) -> bool:
    """Say yes to the place in a session that was offered; False when there is no such offer."""
    if session.pool is None:
        return False
    lock(session.pool.pk)
    registration.refresh_from_db()
    if registration.cancelled_at or session.is_cancelled:
        return False
    if not seats.accept(session.pool, registration):
        return False
    record_transition(registration, FIELD, "offered", _trail(session), by=by)
    return True


@transaction.atomic
def leave(registration: Registration, session: ForumSession, *, by: User | None) -> bool:
    """Give a place in a session back, say no to one, or wait no longer. False for who had none."""
    if session.pool is None:
        return False
    lock(session.pool.pk)
    registration.refresh_from_db()
    if registration.cancelled_at or session.starts_at <= timezone.now():
        return False
    return _give_back(registration, session, by=by)


def may_choose(registration: Registration) -> bool:
    return registration.is_confirmed and may_be_changed(registration)


def clashing(chosen: Iterable[ForumSession]) -> tuple[ForumSession, ForumSession] | None:
    """Two of these that are at the same time."""
    rows = sorted(chosen, key=lambda session: session.starts_at)
    for first, second in pairwise(rows):
        if second.starts_at < first.ends_at:
            return first, second
    return None


def _come(registration: Registration, session: ForumSession, *, by: User | None) -> None:
    pool = session.pool
    if seats.take(pool, registration, size=registration.size) is None:  # type: ignore[arg-type]
        waiting.wait(pool, registration, size=registration.size)  # type: ignore[arg-type]
        waiting.pass_on(pool)  # type: ignore[arg-type]
    record_transition(registration, FIELD, "", _trail(session), by=by)


def _give_back(registration: Registration, session: ForumSession, *, by: User | None) -> bool:
    if session.pool is None or not seats.release(session.pool, registration):
        return False
    record_transition(registration, FIELD, _trail(session), "", by=by)
    return True


def _seats_in_sessions(registration: Registration) -> QuerySet[Seat]:
    rows = seats_of(registration).filter(pool__forum_session__isnull=False)
    return rows.select_related("pool__forum_session__room", "pool__forum_session__forum")


def _trail(session: ForumSession) -> str:
    return f"#{session.pk}"
