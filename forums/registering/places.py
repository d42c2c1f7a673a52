"""How many places an event and its sessions have; staff decide, and those who wait come first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from oda_portal.audit.models import record_transition
from oda_portal.seats import actions as seats
from oda_portal.seats.models import Pool

from ..freezing import require_open
from ..models import Forum, ForumSession

if TYPE_CHECKING:
    from oda_portal.accounts.models import User


class NoPlacesYetError(Exception):
    """A session has places where its event has some."""


@transaction.atomic
def set_capacity(
    owner: Forum | ForumSession, capacity: int, *, by: User, offer_hours: int | None = None
) -> bool:
    """Give an event or a session so many places; False, and nothing changed, when more are taken.

    The places of a session come after those of its event, so that its pool has the larger number:
    that is the order in which pools are locked. Raises NoPlacesYetError and FrozenError.
    """
    require_open(owner.forum if isinstance(owner, ForumSession) else owner)
    current = type(owner)._base_manager.select_for_update(no_key=True).get(pk=owner.pk)
    if current.pool_id is None:
        if isinstance(current, ForumSession) and current.forum.pool_id is None:
            raise NoPlacesYetError
        current.pool = Pool.objects.create(capacity=capacity)
        current.save(update_fields=["pool", "changed_at"])
        before = ""
    else:
        pool = Pool.objects.select_for_update().get(pk=current.pool_id)
        before = str(pool.capacity)
        if not seats.set_capacity(pool, capacity):
            return False
    pool = Pool.objects.get(pk=current.pool_id or 0)
    if offer_hours is not None:
        pool.offer_hours = offer_hours
        pool.save(update_fields=["offer_hours"])
    owner.pool = pool
    if before != str(capacity):
        record_transition(owner, "capacity", before, str(capacity), by=by)
    return True
