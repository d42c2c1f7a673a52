"""The statements that decide: of one row each, with its condition in it."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from .models import Pool, Seat


def lock(*pools: int) -> None:
    """Hold these pools until the transaction ends, always in the same order.

    Whoever also locks a subject locks its pools before: passing a place on goes from the pool to
    the next subject, and two that went opposite ways would wait for each other.
    """
    list(Pool.objects.select_for_update().filter(pk__in=pools).order_by("pk").values_list("pk"))


def reserve(pool: Pool, size: int, *, unless_awaited: bool = False) -> bool:
    """Count `size` places as taken if they are there.

    With `unless_awaited` those who wait come first, also when their party is too large for what
    is left.
    """
    free = Pool.objects.filter(pk=pool.pk, capacity__gte=F("taken") + size)
    if unless_awaited:
        waiting = Seat.objects.filter(pool=OuterRef("pk"), state=Seat.State.WAITING)
        free = free.exclude(Exists(waiting))
    return bool(free.update(taken=F("taken") + size))


def move(seat: Seat, sources: tuple[Seat.State, ...], target: Seat.State, **values: Any) -> bool:
    """Change the state in the database, if it is still what we believe; and in `seat`."""
    rows = Seat.objects.filter(pk=seat.pk, state__in=sources)
    moved = bool(rows.update(state=target, changed_at=timezone.now(), **values))
    seat.refresh_from_db()
    return moved


def seat_of(pool: Pool, subject: models.Model) -> Seat:
    """The one row of this subject in this pool; made when there is none."""
    seat, _made = Seat.objects.get_or_create(
        pool=pool,
        content_type=ContentType.objects.get_for_model(subject),
        object_id=subject.pk,
        defaults={"state": Seat.State.RELEASED},
    )
    return seat


def find(pool: Pool, subject: models.Model) -> Seat | None:
    """The subject's row, if it ever had anything to do with this pool."""
    kind = ContentType.objects.get_for_model(subject)
    return Seat.objects.filter(pool=pool, content_type=kind, object_id=subject.pk).first()


def seats_of(subject: models.Model) -> models.QuerySet[Seat]:
    """Where `subject` holds a place, was offered one, or waits."""
    kind = ContentType.objects.get_for_model(subject)
    rows = Seat.objects.filter(content_type=kind, object_id=subject.pk)
    return rows.exclude(state=Seat.State.RELEASED).select_related("pool")
