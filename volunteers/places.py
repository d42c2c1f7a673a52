"""The places of openings: how many there are, and giving back what somebody has of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from oda_portal.audit.models import record_transition
from oda_portal.seats import actions as seats
from oda_portal.seats.models import Pool, Seat
from oda_portal.seats.rows import lock, seats_of

from .models import Application, Call, Opening

if TYPE_CHECKING:
    from oda_portal.accounts.models import User


A_DAY = timedelta(days=1)


@transaction.atomic
def set_capacity(opening: Opening, capacity: int, *, by: User) -> bool:
    """Give an opening so many places; False, and nothing changed, when more are taken already.

    One that is new gets a pool of its own; the caller saves it.
    """
    if opening.pool_id is None:
        opening.pool = Pool.objects.create(capacity=capacity)
        return True
    before = Pool.objects.select_for_update().get(pk=opening.pool_id).capacity
    if not seats.set_capacity(opening.pool, capacity):
        return False
    if capacity != before:
        record_transition(opening, "capacity", str(before), str(capacity), by=by)
    return True


def remove_openings(openings: Iterable[Opening]) -> None:
    """Delete openings that nobody chose, and their pools with them."""
    with transaction.atomic():
        for opening in openings:
            pool = opening.pool_id
            opening.delete()
            Pool.objects.filter(pk=pool, seats=None).delete()


def lock_places(application: Application) -> None:
    """Hold the call, all its places, and the person’s own; before the application itself.

    Everywhere in this order: see `seats.rows.lock`, which says why.
    """
    Call.objects.select_for_update(no_key=True).get(pk=application.call_id)
    openings = application.call.openings.values_list("pool", flat=True)
    lock(*openings, *seats_of(application).values_list("pool", flat=True))


def answer_until(opening: Opening, wanted: datetime | None = None) -> datetime | None:
    """Until when an offer that is made now can be answered: as `wanted`, or so many hours.

    Never beyond the eve of departure; None from then on.
    """
    leaves = timezone.make_aware(datetime.combine(opening.departs_on, time.min))
    now, eve = timezone.now(), leaves - A_DAY
    if wanted is None or wanted <= now:
        wanted = now + timedelta(hours=opening.pool.offer_hours)
    return min(wanted, eve) if eve > now else None


def free_places(application: Application) -> None:
    """Give back whatever the application holds, was offered or waits for; others come next."""
    for seat in seats_of(application):
        seats.release(seat.pool, application)


def places_of(application: Application) -> list[Seat]:
    """Those in openings; a time for an interview is a place too."""
    return list(seats_of(application).filter(pool__opening__isnull=False))
