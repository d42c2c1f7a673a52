"""Calendar files: a session, a day or a whole edition, that move in a calendar when they change."""

from __future__ import annotations

from collections.abc import Iterable

from icalendar import Event

from oda_portal.calendars.ics import calendar_of, event_of
from oda_portal.calendars.occasions import Certainty, Occasion
from oda_portal.languages import HTML_LANG
from oda_portal.publishing.models import Precision
from oda_portal.publishing.texts import Text, text_in, without_controls

from ..models import Forum, ForumSession


def session_calendar(session: ForumSession) -> bytes:
    return calendar_of([_event(session)])


def edition_calendar(
    forum: Forum, sessions: Iterable[ForumSession], *, language: str
) -> bytes | None:
    """These sessions under the name of the edition; what is cancelled stays in as cancelled.

    As long as there are none, the days of the edition; None where these are not known either.
    """
    events = [_event(session) for session in sessions]
    if not events and (days := _days(forum)):
        events = [event_of(days)]
    name = text_in(forum.program, "title").text
    return calendar_of(events, name=name, language=language) if events else None


def has_calendar(forum: Forum) -> bool:
    """Whether `edition_calendar` has something to tell; a page asks before it leads there."""
    return _days(forum) is not None or forum.sessions.exists()


def _event(session: ForumSession) -> Event:
    event = event_of(_occasion(session))
    place = _place(session)
    if place.text:
        language = {"language": HTML_LANG[place.language]}
        event.add("location", without_controls(place.text), parameters=language)
    return event


def _occasion(session: ForumSession) -> Occasion:
    is_off = session.is_cancelled or session.forum.program.cancelled_at is not None
    return Occasion(
        name=f"forum-session-{session.pk}",
        title=text_in(session, "title"),
        text=text_in(session, "abstract").text,
        path=session.get_absolute_url(),
        starts=session.starts_at,
        ends=session.ends_at,
        changed_at=session.last_changed_at,
        certainty=Certainty.CANCELLED if is_off else Certainty.CONFIRMED,
    )


def _days(forum: Forum) -> Occasion | None:
    """The edition as whole days, under the name that it has in the calendar of the portal."""
    program = forum.program
    starts = program.starts_on
    if starts is None or program.precision != Precision.DAY or program.date_is_estimate:
        return None
    return Occasion(
        name=f"program-{program.pk}",
        title=text_in(program, "title"),
        text=text_in(program, "summary").text,
        path=forum.get_absolute_url(),
        starts=starts,
        ends=program.ends_on or starts,
        changed_at=program.changed_at,
        certainty=Certainty.CANCELLED if program.cancelled_at else Certainty.CONFIRMED,
    )


def _place(session: ForumSession) -> Text:
    """The room, and the venue where it is known; in the language of the room."""
    venue = text_in(session.forum.program, "venue")
    if session.room is None:
        return venue
    room = text_in(session.room, "name")
    both = ", ".join(text for text in (room.text, venue.text) if text)
    return Text(both, room.language)
