"""Calendar files: one entry for a deadline or an interview, right in every calendar program."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Alarm, Event

from oda_portal.calendars.ics import calendar_of, event_of, host
from oda_portal.publishing.texts import text_in
from oda_portal.seats.models import Seat

from .models import Application, Call
from .occasions import deadline


def deadline_calendar(call: Call) -> bytes:
    """An iCalendar file with the end of the call, in Asia/Seoul, and an alarm a day before."""
    event = event_of(deadline(call))
    event.add_component(_a_day_before(text_in(call, "title").text))
    return calendar_of([event])


def interview_calendar(application: Application, seat: Seat) -> bytes:
    """The same with the interview in whose slot the application holds this seat."""
    return calendar_of([_interview(application, seat)])


def _interview(application: Application, seat: Seat) -> Event:
    slot = seat.pool.interview_slot
    # The last of: another slot was taken, or this one was changed.
    changed_at = max(seat.changed_at, slot.changed_at)
    event = Event()
    event.add("uid", f"interview-{application.uuid}@{host()}")
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
