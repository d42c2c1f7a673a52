"""The first page of the back office, and the page of all that is planned."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import days, planned
from .planned import FORTNIGHT, WEEK, Entry, Kind
from .waiting import Reminder, reminders_for

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite

# On the first page; the others are one link away.
MOST_SHOWN = 12
STRETCHES = (WEEK, FORTNIGHT, 30, 90)


def start(request: HttpRequest) -> dict[str, Any]:
    """What the first page shows besides the list of all records."""
    to_come = planned.entries_for(request, FORTNIGHT)
    reminders = reminders_for(request)
    if near := planned.deadlines_this_week(to_come):
        reminders.append(_deadlines(near))
    reminders.sort(key=lambda reminder: not reminder.is_urgent)
    return {
        "reminders": reminders,
        "urgent_count": sum(reminder.is_urgent for reminder in reminders),
        "planned_days": _by_day(to_come[:MOST_SHOWN]),
        "planned_more": max(0, len(to_come) - MOST_SHOWN),
        "charts": days.charts_for(request.user),  # type: ignore[arg-type]
        "today": timezone.localdate(),
    }


def _deadlines(near: list[Entry]) -> Reminder:
    """Of what is planned those that end something; who is late cannot make up for it."""
    sentence = ngettext(
        "%(count)s deadline is within the next seven days.",
        "%(count)s deadlines are within the next seven days.",
        len(near),
    ) % {"count": len(near)}
    first = near[0].day
    is_urgent = (first - timezone.localdate()).days <= 1
    url = f"{reverse('admin:desk_planned')}?kind={Kind.DEADLINE}&days={WEEK}"
    return Reminder(sentence, url, len(near), is_urgent, first)


def _by_day(entries: Iterable[Entry]) -> list[tuple[date, list[Entry]]]:
    return [(day, list(found)) for day, found in groupby(entries, key=lambda entry: entry.day)]


def planned_page(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Everything planned, day by day; what is asked for and unknown is as if it were not there."""
    kind = request.GET.get("kind", "")
    asked = request.GET.get("days", "")
    stretch = next((each for each in STRETCHES if str(each) == asked), FORTNIGHT)
    entries = planned.entries_for(request, stretch)
    shown = [entry for entry in entries if kind not in Kind.values or entry.kind == kind]
    context = {
        **site.each_context(request),
        "title": _("What is planned"),
        "days": _by_day(shown),
        "count": len(shown),
        "kinds": Kind.choices,
        "kind": kind if kind in Kind.values else "",
        "stretches": STRETCHES,
        "stretch": stretch,
        "today": timezone.localdate(),
    }
    return TemplateResponse(request, "admin/desk/planned.html", context)
