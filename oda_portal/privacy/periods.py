"""Changing how long a kind of data is kept: what follows is counted before it is saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils import timezone

from . import holding, registry
from .models import RetentionRule
from .registry import PersonalData

if TYPE_CHECKING:
    from oda_portal.accounts.models import User


class StaleError(Exception):
    """What was shown is no longer so: it has to be shown again."""


@dataclass(frozen=True)
class Period:
    days: int
    notice_days: int

    def before(self, now: datetime) -> datetime:
        return now - timedelta(days=self.days)


@dataclass(frozen=True)
class Follows:
    """What a new period does to the rows that there are now."""

    # Due by the new period and not by the old one, and of how many people (None: not of people).
    rows: int
    people: int | None
    # Due by the old period and not by the new one.
    spared: int
    # The first day on which one of them can be destroyed; None without a notice: the next night.
    first_day: date | None
    is_held: bool

    def stamp(self, rule: RetentionRule, new: Period) -> str:
        """What must still be so when it is confirmed."""
        told = (new.days, new.notice_days, rule.days, rule.notice_days, *self._counted)
        return "-".join(map(str, told))

    @property
    def _counted(self) -> tuple[object, ...]:
        return (self.rows, self.people, self.spared, self.is_held)


def follows(rule: RetentionRule, new: Period) -> Follows:
    entry = registry.entry_of(rule.key)
    if entry is None:
        return Follows(0, None, 0, None, False)
    now, old = timezone.now(), Period(rule.days, rule.notice_days)
    due, was_due = entry.due(new.before(now)), entry.due(old.before(now))
    fresh = due.exclude(pk__in=was_due.values("pk"))
    return Follows(
        rows=fresh.count(),
        people=_people(entry, fresh),
        spared=was_due.exclude(pk__in=due.values("pk")).count(),
        first_day=_first_day(entry, new),
        is_held=holding.standing_on(rule.key),
    )


@transaction.atomic
def change(rule: RetentionRule, new: Period, *, by: User, reason: str, stamp: str) -> None:
    """Save a period whose consequences were shown; raises StaleError when they are others now.

    It destroys nothing: the next night does, and whoever has to be told before is told first.
    """
    row = RetentionRule.objects.select_for_update().get(pk=rule.pk)
    if follows(row, new).stamp(row, new) != stamp:
        raise StaleError(rule.key)
    row.days, row.notice_days = new.days, new.notice_days
    row._history_user = by  # type: ignore[attr-defined]
    row._change_reason = reason  # type: ignore[attr-defined]
    row.save()


def _people(entry: PersonalData, rows: models.QuerySet[Any]) -> int | None:
    if not entry.person:
        return None
    return rows.order_by().values(entry.person).distinct().count()


def _first_day(entry: PersonalData, new: Period) -> date | None:
    if entry.addressee is None or not new.notice_days:
        return None
    return timezone.localdate() + timedelta(days=new.notice_days)
