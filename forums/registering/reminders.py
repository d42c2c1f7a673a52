"""Seven days and one day before an event, everybody who has a place is reminded; once each."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta

from django.utils import timezone

from oda_portal.publishing.models import Precision

from ..models import Forum, ForumQuerySet, Registration
from . import mails
from .times import first_moment

log = logging.getLogger(__name__)

# Days before the first; a reminder that a stopped worker missed is made up for on the next days.
DISTANCES = ((7, 3), (1, 0))
# By day, not in the night.
FROM_HOUR = 9


def remind(now: datetime | None = None) -> int:
    """Whoever registered after the moment of a reminder has just been told all that it says."""
    local = timezone.localtime(now)
    if local.hour < FROM_HOUR:
        return 0
    return sum(
        _remind_of(forum, days, local.date())
        for days, patience in DISTANCES
        for forum in _near(local.date(), days, patience)
    )


def _near(today: date, days: int, patience: int) -> ForumQuerySet:
    """Events that are so many days away, or as much closer as `patience` says."""
    first, last = today + timedelta(days=days - patience), today + timedelta(days=days)
    return (
        Forum.objects.published()
        .filter(
            program__starts_on__range=(first, last),
            program__precision=Precision.DAY,
            program__cancelled_at=None,
            frozen_at=None,
        )
        .select_related("program", "pool")
    )


def _remind_of(forum: Forum, days: int, today: date) -> int:
    if (first := forum.program.starts_on) is None:
        return 0
    due = first_moment(first - timedelta(days=days))
    rows = Registration.objects.confirmed().with_state().filter(forum=forum, registered_at__lt=due)
    told = 0
    for registration in rows.select_related("user").iterator():
        registration.forum = forum
        told += mails.near(registration, days=days)
    if told:
        log.info("%s people were reminded of forum %s", told, forum.pk)
    return told
