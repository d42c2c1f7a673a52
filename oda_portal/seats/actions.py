"""Taking and giving back places: never more than there are, and each once, whoever is how fast.

Correct under READ COMMITTED and on SQLite: what decides is one conditional UPDATE, which waits for
another that has the row and then looks again. A count before an insert overbooks, and so does a
row lock under REPEATABLE READ (docs/adr/0013).
"""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from .models import Pool, Seat


@transaction.atomic
def take(pool: Pool, subject: models.Model, *, size: int = 1) -> Seat | None:
    """Give `subject` its places; None when there are not as many left.

    Who holds places already keeps them as they are. The row of the pool stays locked until the
    caller's transaction ends, so take as its last step.
    """
    seat = _seat_of(pool, subject)
    if not _move(seat, Seat.State.RELEASED, Seat.State.HELD, size=size):
        return seat
    if not reserve(pool, size):
        _move(seat, Seat.State.HELD, Seat.State.RELEASED)
        return None
    return seat


@transaction.atomic
def release(pool: Pool, subject: models.Model) -> bool:
    """Give the places back; False when `subject` held none."""
    seat = _seat_of(pool, subject)
    if not _move(seat, Seat.State.HELD, Seat.State.RELEASED):
        return False
    Pool.objects.filter(pk=pool.pk).update(taken=F("taken") - seat.size)
    return True


def reserve(pool: Pool, size: int) -> bool:
    """Count `size` places as taken if they are there: the one statement that decides."""
    free = Pool.objects.filter(pk=pool.pk, capacity__gte=F("taken") + size)
    return bool(free.update(taken=F("taken") + size))


def _seat_of(pool: Pool, subject: models.Model) -> Seat:
    seat, _made = Seat.objects.get_or_create(
        pool=pool,
        content_type=ContentType.objects.get_for_model(subject),
        object_id=subject.pk,
        defaults={"state": Seat.State.RELEASED},
    )
    return seat


def _move(seat: Seat, source: Seat.State, target: Seat.State, **values: int) -> bool:
    """Change the state in the database, if it is still what we believe; and in `seat`."""
    rows = Seat.objects.filter(pk=seat.pk, state=source)
    moved = bool(rows.update(state=target, changed_at=timezone.now(), **values))
    seat.refresh_from_db()
    return moved
