"""How many places an opening has, as staff set it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction

from oda_portal.audit.models import record_transition
from oda_portal.seats.models import Pool

from .models import Opening

if TYPE_CHECKING:
    from oda_portal.accounts.models import User


@transaction.atomic
def set_capacity(opening: Opening, capacity: int, *, by: User) -> bool:
    """Give an opening so many places; False, and nothing changed, when more are taken already.

    One that is new gets a pool of its own; the caller saves it.
    """
    if opening.pool_id is None:
        opening.pool = Pool.objects.create(capacity=capacity)
        return True
    before = Pool.objects.select_for_update().get(pk=opening.pool_id).capacity
    # Counts, as the database has it at this instant: people are applying.
    rows = Pool.objects.filter(pk=opening.pool_id, taken__lte=capacity)
    if not rows.update(capacity=capacity):
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
