"""What the first page of the back office tells of volunteering: what is planned, what went on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from oda_portal.accounts.areas import within
from oda_portal.desk import days, planned
from oda_portal.desk.planned import MOST, Entry, Kind, Stretch
from oda_portal.reviews.models import Decision
from volunteers import permissions
from volunteers.models import Application, Call, InterviewSlot, Opening, State

TIMES = ("opens_at", "closes_at", "released_at", "confirm_by", "interview_choose_by")


@planned.register
def calls(request: HttpRequest, stretch: Stretch) -> Iterator[Entry]:
    """Of calls that are public now, or will be: a draft keeps no promise."""
    if not request.user.has_perm("volunteers.view_call"):
        return
    due = Q(*((f"{column}__range", stretch.times) for column in TIMES), _connector=Q.OR)
    found = list(Call.objects.filter(due, within(request.user, Call), status="published")[:MOST])
    held = _held(found) if permissions.can_move_application(request.user) else {}
    for call in found:
        for at, kind, sentence in _moments(call, held.get(call.pk)):
            if stretch.holds(at):
                yield Entry(at, kind, sentence, reverse(_CALL, args=[call.pk]))


_CALL = "admin:volunteers_call_change"


def _moments(call: Call, held: int | None) -> Iterator[tuple[Any, Kind, str]]:
    words = {"call": call}
    yield call.opens_at, Kind.EVENT, _("“%(call)s” opens for applications.") % words
    yield call.closes_at, Kind.DEADLINE, _("“%(call)s” closes for applications.") % words
    results = _("The results of “%(call)s” are announced.") % words
    yield call.released_at, Kind.RESULTS, f"{results} {_held_words(held)}".strip()
    yield (
        call.confirm_by,
        Kind.DEADLINE,
        _("People selected for “%(call)s” have to answer by then.") % words,
    )
    sentence = _("Interview times for “%(call)s” have to be chosen by then.") % words
    yield call.interview_choose_by, Kind.DEADLINE, sentence


def _held_words(held: int | None) -> str:
    if held is None:
        return ""
    return ngettext(
        "%(count)s decision is held until then.", "%(count)s decisions are held until then.", held
    ) % {"count": held}


def _held(found: list[Call]) -> dict[int, int]:
    """How many decisions of each call wait for its results."""
    kind = ContentType.objects.get_for_model(Application)
    held = Decision.objects.filter(content_type=kind, released_at=None).values("object_id")
    rows = Application.objects.filter(call__in=found, pk__in=held).order_by()
    return {call.pk: 0 for call in found} | dict(
        rows.values_list("call").annotate(number=Count("pk"))
    )


@planned.register
def interviews(request: HttpRequest, stretch: Stretch) -> Iterator[Entry]:
    """One line a call and day, at the hour of the first."""
    if not request.user.has_perm("volunteers.view_interviewslot"):
        return
    theirs = within(request.user, InterviewSlot)
    slots = InterviewSlot.objects.filter(theirs, starts_at__range=stretch.times)
    first: dict[tuple[int, Any], tuple[datetime, int]] = {}
    rows = slots.annotate(day=TruncDate("starts_at")).order_by("starts_at", "pk")
    titles: dict[int, Call] = {}
    for slot in rows.select_related("call")[: MOST * 5]:
        at, number = first.get((slot.call_id, slot.day), (slot.starts_at, 0))
        first[slot.call_id, slot.day] = (at, number + 1)
        titles[slot.call_id] = slot.call
    for (pk, _day), (at, number) in first.items():
        sentence = ngettext(
            "%(count)s interview slot of “%(call)s”.",
            "%(count)s interview slots of “%(call)s”.",
            number,
        ) % {"count": number, "call": titles[pk]}
        url = f"{reverse('admin:volunteers_interviewslot_changelist')}?call__id__exact={pk}"
        yield Entry(at, Kind.INTERVIEW, sentence, url)


@planned.register
def departures(request: HttpRequest, stretch: Stretch) -> Iterator[Entry]:
    if not permissions.can_view_readiness(request.user):
        return
    going = Count("placed", filter=Q(placed__state=State.CONFIRMED))
    theirs = within(request.user, Opening)
    rows = Opening.objects.filter(theirs, departs_on__range=(stretch.first, stretch.last))
    rows = rows.annotate(going=going).filter(going__gt=0).select_related("city", "call")
    for opening in rows.order_by("departs_on", "pk")[:MOST]:
        sentence = ngettext(
            "%(opening)s: %(count)s person departs.",
            "%(opening)s: %(count)s people depart.",
            opening.going,
        ) % {"count": opening.going, "opening": opening}
        url = reverse("admin:volunteers_call_readiness", args=[opening.call_id])
        yield Entry(opening.departs_on, Kind.EVENT, sentence, url)


days.register(
    days.Chart(
        "applications",
        gettext_lazy("Applications received"),
        [
            days.Series(
                gettext_lazy("applications"),
                lambda: Application.objects.exclude(receipt=None),
                "sent_at",
            )
        ],
        permissions.can_view_application,
        lambda: reverse("admin:volunteers_application_changelist"),
    )
)
