"""Who is expected, who is in, and why somebody may not come in."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from forums.freezing import refusal
from forums.models import Forum, Registration
from forums.models.registrations import NUMBER_SIGNS, State
from oda_portal.publishing.texts import period, text_in
from oda_portal.publishing.times import korea_moment
from oda_portal.readable import SIGNS

# What people put between the signs of a number.
_BETWEEN = str.maketrans("", "", " \t\r\n-‐‑–—−－·.,")


class Counts(NamedTuple):
    """People, and the registrations by which they come."""

    expected: int
    arrived: int
    parties: int
    parties_in: int


def read_number(text: str) -> str | None:
    """A check-in number as it is kept, however it was typed; None for what can be none."""
    signs = text.translate(_BETWEEN).upper()
    return signs if len(signs) == NUMBER_SIGNS and set(signs) <= set(SIGNS) else None


def expected(forum: Forum) -> QuerySet[Registration]:
    """Whoever has a place: these come in, get a badge, and are missed."""
    return Registration.objects.filter(forum=forum).confirmed()


def counts(forum: Forum) -> Counts:
    found = expected(forum).aggregate(
        expected=Sum("size", default=0),
        arrived=Sum("arrived", default=0),
        parties=Count("pk"),
        parties_in=Count("pk", filter=Q(arrived_at__isnull=False)),
    )
    return Counts(**found)


def found_by_name(forum: Forum, words: str) -> QuerySet[Registration]:
    """Every registration of the edition, whatever its state, with all of these words."""
    rows = Registration.objects.filter(forum=forum).with_state()
    for word in words.split()[:6]:
        rows = rows.filter(
            Q(name__icontains=word) | Q(affiliation__icontains=word) | Q(email__istartswith=word)
        )
    return rows.order_by("name", "pk")


# --- when the door is open -----------------------------------------------------------------------


def days_of(forum: Forum) -> tuple[date, date] | None:
    """The first and the last day; None while they are not known."""
    program = forum.program
    first = program.starts_on or program.ends_on
    last = program.ends_on or program.starts_on
    return (first, last) if first and last else None


def is_open(forum: Forum) -> bool:
    """Whether today, in Korea, is a day of the edition, and it takes place."""
    days = days_of(forum)
    if days is None or forum.is_frozen or forum.program.cancelled_at:
        return False
    return days[0] <= timezone.localdate() <= days[1]


def is_over(forum: Forum) -> bool:
    days = days_of(forum)
    return days is not None and days[1] < timezone.localdate()


def why_closed(forum: Forum, at: datetime) -> str:
    """Empty while the door was open at this moment, else a sentence for staff."""
    if forum.is_frozen:
        return refusal()
    if forum.program.cancelled_at:
        return _("This event was cancelled.")
    days = days_of(forum)
    if days is None:
        return _("The date of this event is not set yet, so check-in is closed.")
    day, when = timezone.localdate(at), period(*days)
    if day < days[0]:
        return _("This event is on %(period)s, and check-in opens then.") % {"period": when}
    if day > days[1]:
        return _("This event was on %(period)s and is over.") % {"period": when}
    return ""


# --- one registration ----------------------------------------------------------------------------


def why_not(registration: Registration) -> str:
    """Empty when whoever shows this may come in, else the reason; of their own state alone."""
    state = registration.state
    if state == State.CANCELLED:
        if registration.cancelled_at is None:
            return _("This registration has no place.")
        moment = korea_moment(registration.cancelled_at)
        return _("This registration was cancelled at %(moment)s.") % {"moment": moment}
    if state == State.WAITING:
        return _("They are on the waiting list and have no place yet.")
    if state == State.OFFERED:
        return _("They have been offered a place and have not confirmed it yet.")
    return ""


def of_another_event(registration: Registration) -> str:
    title = text_in(registration.forum.program, "title").text
    return _("This number is for another event: %(event)s.") % {"event": title}


def said_of(registration: Registration) -> str:
    """How far a party is in, with the moment when its first came."""
    if registration.arrived_at is None:
        return ""
    words = {
        "name": registration.name,
        "in": registration.arrived,
        "size": registration.size,
        "moment": timezone.localtime(registration.arrived_at).strftime("%H:%M"),
    }
    if registration.arrived < registration.size:
        return _("%(name)s: %(in)s of %(size)s are in. The first came at %(moment)s.") % words
    if registration.size > 1:
        return _("%(name)s: all %(size)s are in. The first came at %(moment)s.") % words
    return _("%(name)s: checked in at %(moment)s.") % words
