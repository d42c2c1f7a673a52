"""Meetings in calendars: a member's own file, and what the public calendar shows."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from icalendar import Event

from oda_portal.calendars.ics import calendar_of, event_of
from oda_portal.calendars.occasions import Certainty, Occasion, Source, register
from oda_portal.publishing.texts import text_in, without_controls

from ..models import NetworkMeeting

PAST = timedelta(days=2 * 365)
MOST = 500


def register_occasions() -> None:
    register(Source({"meeting": _("Network meetings")}, public_occasions))


def public_occasions(kinds: Collection[str]) -> Iterator[Occasion]:
    rows = NetworkMeeting.objects.published().filter(ends_at__gte=timezone.now() - PAST)
    for meeting in rows[:MOST]:
        yield occasion_of(meeting)


def occasion_of(meeting: NetworkMeeting) -> Occasion:
    return Occasion(
        name=f"network-meeting-{meeting.pk}",
        title=text_in(meeting, "title"),
        text="",
        path=meeting.get_absolute_url(),
        starts=meeting.starts_at,
        ends=meeting.ends_at,
        changed_at=meeting.changed_at,
        certainty=Certainty.CANCELLED if meeting.cancelled_at else Certainty.CONFIRMED,
    )


def members_calendar(meeting: NetworkMeeting) -> bytes:
    """The meeting as a member has it: with its place, and the address of the members' page."""
    event: Event = event_of(occasion_of(meeting))
    if place := text_in(meeting, "place").text:
        event.add("location", without_controls(place))
    address = reverse("meetings:member_meeting", args=[meeting.slug])
    event["url"] = settings.SITE_URL + address
    event["transp"] = "OPAQUE"
    return calendar_of([event])
