"""Calendar files: one entry for a deadline or an interview, right in every calendar program."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from oda_portal.publishing.texts import text_in
from oda_portal.seats.models import Seat

from .models import Application, Call


def deadline_calendar(call: Call) -> bytes:
    """An iCalendar file with the end of the call, in Asia/Seoul, and an alarm a day before."""
    return _calendar_of(_deadline(call))


def interview_calendar(application: Application, seat: Seat) -> bytes:
    """The same with the interview in whose slot the application holds this seat."""
    return _calendar_of(_interview(application, seat))


def _calendar_of(event: Event) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//oda-portal//calls//")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _deadline(call: Call) -> Event:
    event = Event()
    # The same entry after a change: the person's calendar moves it instead of adding another.
    event.add("uid", f"call-{call.pk}-deadline@{_host()}")
    event.add("sequence", int(call.changed_at.timestamp()))
    event.add("dtstamp", call.changed_at)
    closes = timezone.localtime(call.closes_at)
    event.add("dtstart", closes - timedelta(minutes=30))
    event.add("dtend", closes)
    title = text_in(call, "title").text
    event.add("summary", _("Last day to apply: %(call)s") % {"call": title})
    event.add("description", text_in(call, "summary").text)
    event.add("url", settings.SITE_URL + call.get_absolute_url())
    event.add_component(_a_day_before(title))
    return event


def _interview(application: Application, seat: Seat) -> Event:
    slot = seat.pool.interview_slot
    # The last of: another slot was taken, or this one was changed.
    changed_at = max(seat.changed_at, slot.changed_at)
    event = Event()
    event.add("uid", f"interview-{application.uuid}@{_host()}")
    event.add("sequence", int(changed_at.timestamp()))
    event.add("dtstamp", changed_at)
    event.add("dtstart", timezone.localtime(slot.starts_at))
    event.add("dtend", timezone.localtime(slot.ends_at))
    summary = _("Interview: %(call)s") % {"call": text_in(slot.call, "title").text}
    event.add("summary", summary)
    event.add("location", text_in(slot, "place").text)
    page = reverse("volunteers:interview", args=[application.uuid])
    event.add("url", settings.SITE_URL + page)
    event.add_component(_a_day_before(summary))
    return event


def _a_day_before(words: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", timedelta(days=-1))
    return alarm


def _host() -> str:
    return settings.SITE_URL.split("//")[1].split(":")[0]
