"""Calendar files: one entry for a deadline, right in every calendar program."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from oda_portal.publishing.texts import text_in

from .models import Call


def deadline_calendar(call: Call) -> bytes:
    """An iCalendar file with the end of the call, in Asia/Seoul, and an alarm a day before."""
    calendar = Calendar()
    calendar.add("prodid", "-//oda-portal//calls//")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(_deadline(call))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _deadline(call: Call) -> Event:
    event = Event()
    # The same entry after a change: the person's calendar moves it instead of adding another.
    event.add("uid", f"call-{call.pk}-deadline@{settings.SITE_URL.split('//')[1].split(':')[0]}")
    event.add("sequence", int(call.changed_at.timestamp()))
    event.add("dtstamp", call.changed_at)
    closes = timezone.localtime(call.closes_at)
    event.add("dtstart", closes - timedelta(minutes=30))
    event.add("dtend", closes)
    title = text_in(call, "title").text
    event.add("summary", _("Last day to apply: %(call)s") % {"call": title})
    event.add("description", text_in(call, "summary").text)
    event.add("url", settings.SITE_URL + call.get_absolute_url())
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", timedelta(days=-1))
    event.add_component(alarm)
    return event
