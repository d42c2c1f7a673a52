"""What an event and a registration are called, in the language that is active."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from oda_portal.publishing.texts import day, period, text_in
from oda_portal.publishing.times import korea_day, korea_hour

from ..models.registrations import State
from .times import begins_at

if TYPE_CHECKING:
    from ..models import Forum, ForumSession, Registration

TONES = {
    State.CONFIRMED: "open",
    State.OFFERED: "soon",
    State.WAITING: "wait",
    State.CANCELLED: "closed",
}


class Badge(NamedTuple):
    label: str
    tone: str


def title(forum: Forum, session: ForumSession | None = None) -> str:
    """Of the event, or of a session with its event."""
    event = text_in(forum.program, "title").text
    if session is None:
        return event
    words = {"session": text_in(session, "title").text, "event": event}
    return pgettext("session of an event", "%(session)s (%(event)s)") % words


def place(forum: Forum) -> str:
    """The venue; of one that is not known, where it will be said."""
    return text_in(forum.program, "venue").text or _("the venue announced on the event’s page")


def first_session_at(forum: Forum) -> datetime | None:
    """When the first day begins, as far as the programme says so."""
    first = forum.program.starts_on
    rows = forum.sessions.filter(cancelled_at=None).order_by("starts_at")
    starts = rows.values_list("starts_at", flat=True).first()
    return starts if starts and timezone.localdate(starts) == first else None


def moment(at: datetime) -> str:
    words = {"time": korea_hour(at), "date": korea_day(at)}
    return pgettext("an event", "at %(time)s on %(date)s") % words


def when(forum: Forum) -> str:
    """At 10:00 on 4 December 2026; only the day where the hour is not known."""
    if starts_at := first_session_at(forum):
        return moment(starts_at)
    begins = begins_at(forum)
    return pgettext("an event", "on %(date)s") % {"date": korea_day(begins)} if begins else ""


def days(forum: Forum) -> str:
    program = forum.program
    return period(program.starts_on, program.ends_on, program.precision)


def too_often() -> str:
    return _("You have registered again too often today. Please try again tomorrow.")


def badge(registration: Registration) -> Badge:
    """The public word for where it stands; of those who wait with their number."""
    state = State(registration.state)
    place_in_line = registration.place_in_line if state == State.WAITING else None
    if place_in_line:
        label = _("Waiting list, no. %(n)s") % {"n": place_in_line}
    else:
        label = str(state.label)
    return Badge(label, TONES[state])


def registered_on(registration: Registration) -> str:
    return day(timezone.localdate(registration.registered_at))
