"""Occasions as iCalendar (RFC 5545): folded, escaped, with the time zone that they name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event

from oda_portal.languages import HTML_LANG
from oda_portal.publishing.texts import without_controls

from .occasions import Occasion

A_DAY = timedelta(days=1)
CONTENT_TYPE = "text/calendar; charset=utf-8"


def calendar_of(events: Iterable[Event], *, name: str = "", language: str = "") -> bytes:
    """A calendar file. With a name it is one to subscribe to, and says how often to look."""
    calendar = Calendar()
    calendar.add("prodid", "-//oda-portal//calendar//")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    if name:
        title = {"language": HTML_LANG[language]}
        calendar.add("name", without_controls(name), parameters=title)
        calendar.add("x-wr-calname", without_controls(name))
        calendar.add("x-wr-timezone", settings.TIME_ZONE)
        calendar.add("refresh-interval", timedelta(hours=6), parameters={"value": "DURATION"})
        calendar.add("x-published-ttl", "PT6H")
    for event in events:
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical()


def event_of(occasion: Occasion) -> Event:
    event = Event()
    # The same entry after a change: the person's calendar moves it instead of adding another.
    event.add("uid", f"{occasion.name}@{host()}")
    event.add("sequence", int(occasion.changed_at.timestamp()))
    event.add("dtstamp", occasion.changed_at)
    event.add("last-modified", occasion.changed_at)
    event.add("status", occasion.certainty.value)
    event.add("dtstart", _moment(occasion.starts))
    if occasion.ends is not None:
        event.add("dtend", _end(occasion.ends))
    title = occasion.title
    language = {"language": HTML_LANG[title.language]}
    event.add("summary", without_controls(title.text), parameters=language)
    if occasion.text:
        event.add("description", without_controls(occasion.text))
    event.add("url", settings.SITE_URL + occasion.path)
    # Days of others do not make anybody busy.
    event.add("transp", "TRANSPARENT")
    return event


def host() -> str:
    """What makes names of this portal different from those of any other."""
    return settings.SITE_URL.split("//")[1].split(":")[0]


def _moment(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) else value


def _end(value: date | datetime) -> date | datetime:
    """A whole day ends where the next begins."""
    if isinstance(value, datetime):
        return timezone.localtime(value)
    return value + A_DAY if value < date.max else value
