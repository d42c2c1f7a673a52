"""Until when what is possible. An event is told its days alone: it begins and ends at midnight."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from ..models import Forum, ForumSession, Registration

# Nobody can come to a session to which they were let in a moment ago.
BEFORE_A_SESSION = timedelta(hours=1)


def first_moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def begins_at(forum: Forum) -> datetime | None:
    """Midnight before the first day; None for an event without a date."""
    first = forum.program.starts_on
    return first_moment(first) if first else None


def ends_at(forum: Forum) -> datetime | None:
    """Midnight after the last day."""
    last = forum.program.ends_on or forum.program.starts_on
    return first_moment(last + timedelta(days=1)) if last else None


def is_off(forum: Forum) -> bool:
    """Cancelled, or closed for good."""
    return bool(forum.program.cancelled_at or forum.is_frozen)


def may_be_changed(registration: Registration, now: datetime | None = None) -> bool:
    """Until the event begins."""
    forum, now = registration.forum, now or timezone.now()
    begins = begins_at(forum)
    return not is_off(forum) and (begins is None or now < begins)


def may_be_cancelled(registration: Registration, now: datetime | None = None) -> bool:
    """Until it is over; who has not come yet may still say that they will not."""
    forum, now = registration.forum, now or timezone.now()
    ends = ends_at(forum)
    return not is_off(forum) and (ends is None or now < ends) and not registration.arrived_at


def answer_until(forum: Forum, hours: int, session: ForumSession | None = None) -> datetime | None:
    """Until when an offer that is made now can be answered; None when nothing is offered more.

    Of the event, until it begins; of a session, until an hour before it.
    """
    now = timezone.now()
    last = session.starts_at - BEFORE_A_SESSION if session else begins_at(forum)
    if is_off(forum) or (session and session.is_cancelled):
        return None
    wanted = now + timedelta(hours=hours)
    if last is None:
        return wanted
    return min(wanted, last) if last > now else None
