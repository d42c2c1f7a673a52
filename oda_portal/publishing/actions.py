"""Publishing and taking down, with all that follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from oda_portal.files import renditions

from .models import Publishable

if TYPE_CHECKING:
    from oda_portal.accounts.models import User


@transaction.atomic
def publish(record: Publishable, *, by: User) -> bool:
    """Put it on the site, with its pictures; False when it was there already."""
    moved = record.publish(by=by)
    renditions.refresh(record)
    return moved


@transaction.atomic
def withdraw(record: Publishable, *, by: User, reason: str = "") -> bool:
    """Take it and its pictures off the site; False when it was not on it."""
    moved = record.withdraw(by=by, reason=reason)
    renditions.refresh(record)
    return moved


@transaction.atomic
def set_times(record: Publishable, wanted: Mapping[str, datetime | None], *, by: User) -> bool:
    """Have it on the site at other times, by columns; False when these are its times already."""
    moved = record.set_times(wanted, by=by)
    renditions.refresh(record)
    return moved


@transaction.atomic
def publish_all(records: Iterable[Publishable], *, by: User) -> int:
    """Publish each; the number of those that were not on the site before."""
    return sum(publish(record, by=by) for record in records)


@transaction.atomic
def withdraw_all(records: Iterable[Publishable], *, by: User, reason: str = "") -> int:
    return sum(withdraw(record, by=by, reason=reason) for record in records)
