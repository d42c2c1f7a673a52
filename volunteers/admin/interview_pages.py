"""Pages about interview slots: making many, moving one, the sheet of a day, its export."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.forms import Form
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from oda_portal.accounts.areas import within
from oda_portal.privacy.exports import ExportForm, csv_response
from oda_portal.privacy.models import Act
from oda_portal.publishing.texts import day as day_in_words
from oda_portal.publishing.texts import text_in
from volunteers import interviews, permissions
from volunteers.models import Application, InterviewSlot

from .interview_forms import MakeSlotsForm, MoveSlotForm
from .interview_people import letters_of_move, seated

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from oda_portal.accounts.models import User

    from .interviews import InterviewSlotAdmin


def make_page(model_admin: InterviewSlotAdmin, request: HttpRequest) -> HttpResponseBase:
    """A day, from when to when, how many minutes each; then the slots, then they are made."""
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    form = MakeSlotsForm(_sent(request), user=request.user, initial={"call": _asked_call(request)})
    if "sure" in request.POST and form.may_act():
        _make(model_admin, request, form)
        return redirect(_list())
    times = form.times() if form.is_valid() else []
    new = interviews.new_times(form.cleaned_data["call"], times, place=form.place) if times else []
    return _page(
        model_admin,
        request,
        "admin/volunteers/interview_make.html",
        title=_("Make interview slots"),
        form=form,
        slots=[(InterviewSlot(**one._asdict()), one in new) for one in times],
        count=len(new),
    )


def _make(model_admin: InterviewSlotAdmin, request: HttpRequest, form: MakeSlotsForm) -> None:
    given = form.cleaned_data
    made = interviews.make_slots(
        given["call"], form.times(),
        places=given["places"], place=form.place, is_online=given["is_online"],
    )  # fmt: skip
    for slot in made:
        model_admin.log_addition(request, slot, [{"added": {}}])
    sentence = ngettext("%(n)s slot was made.", "%(n)s slots were made.", len(made))
    model_admin.message_user(request, sentence % {"n": len(made)}, messages.SUCCESS)


def move_page(
    model_admin: InterviewSlotAdmin, request: HttpRequest, object_id: int
) -> HttpResponseBase:
    """Another time or place; first who is told what, then it is done."""
    slot = model_admin.to_act_on(request, str(object_id))
    permissions.require(permissions.can_move_application(request.user))
    form = MoveSlotForm(_sent(request), slot=slot)
    if "sure" in request.POST and form.may_act():
        told = interviews.move_slot(
            slot, form.whole, place=form.place, is_online=form.cleaned_data["is_online"]
        )
        model_admin.log_change(request, slot, [{"changed": {"fields": ["time", "place"]}}])
        sentence = ngettext(
            "Saved. %(n)s person will be told by email.",
            "Saved. %(n)s people will be told by email.",
            told,
        )
        model_admin.message_user(request, sentence % {"n": told}, messages.SUCCESS)
        return redirect(model_admin.address("change", slot))
    people = seated(request, [slot], what="move")[slot.pk]
    after = _as_it_would_be(slot, form) if form.is_valid() else None
    return _page(
        model_admin,
        request,
        "admin/volunteers/interview_move.html",
        title=_("Change time or place"),
        object=slot,
        form=form,
        people=people,
        letters=list(zip(people, letters_of_move(after, people), strict=True)) if after else [],
        is_shown=after is not None,
        back=model_admin.address("change", slot),
    )


def _as_it_would_be(slot: InterviewSlot, form: MoveSlotForm) -> InterviewSlot:
    """A copy that nobody saves."""
    after = copy.copy(slot)
    for name, value in {**form.whole._asdict(), **form.place}.items():
        setattr(after, name, value)
    return after


# --- the sheet of a day ------------------------------------------------------------------------


def day_page(model_admin: InterviewSlotAdmin, request: HttpRequest) -> HttpResponseBase:
    """Who comes when and where, to print; without a day, the days with interviews."""
    permissions.require(permissions.can_view_application(request.user))
    permissions.require(model_admin.has_view_permission(request))
    day = _asked_day(request)
    slots = list(_slots_on(day, request.user)) if day else []
    people = seated(request, slots, what=f"day {day}") if slots else {}
    return _page(
        model_admin,
        request,
        "admin/volunteers/interview_day.html",
        title=day_in_words(day) if slots and day else _("Sheet of the day"),
        day=day,
        rows=[(slot, people[slot.pk]) for slot in slots],
        days=[] if slots else _days(request.user),
        may_export=permissions.can_export_application(request.user),
    )


def export_page(model_admin: InterviewSlotAdmin, request: HttpRequest) -> HttpResponseBase:
    """The same as a file, for a reason."""
    permissions.require(permissions.can_export_application(request.user))
    permissions.require(model_admin.has_view_permission(request))
    day = _asked_day(request)
    if day is None:
        return redirect("admin:volunteers_interviewslot_day")
    form = ExportForm(_sent(request))
    if form.is_valid():
        return _csv(request, day, form.cleaned_data["reason"])
    return _page(
        model_admin,
        request,
        "admin/act.html",
        title=_("Export"),
        object="",
        form=form,
        button=_("Export"),
        explanation=day_in_words(day),
        back=f"{reverse('admin:volunteers_interviewslot_day')}?day={day.isoformat()}",
    )


def _csv(request: HttpRequest, day: date, reason: str) -> HttpResponseBase:
    slots = list(_slots_on(day, request.user))
    # Read once: whoever is in the file is in the log.
    people = seated(request, slots, what=f"day {day}", act=Act.EXPORT, reason=reason)
    head = [
        _("Date"), _("Korea time"), pgettext("interview", "Place"), _("Call"), _("Receipt number"),
        _("Full name"), pgettext("person", "Language"),
    ]  # fmt: skip
    return csv_response(f"interviews-{day.isoformat()}", head, list(_cells(slots, people)))


def _cells(slots: list[InterviewSlot], people: dict[int, list[Application]]) -> Iterator[list[Any]]:
    for slot in slots:
        local = timezone.localtime(slot.starts_at)
        where = [text_in(slot, "place").text, slot.call]
        for row in people[slot.pk]:
            person = [row.receipt, row.volunteer.name, row.get_language_display()]
            yield [local.date().isoformat(), slot.hours, *where, *person]


def _slots_on(day: date, user: User | AnonymousUser) -> QuerySet[InterviewSlot]:
    midnight = timezone.make_aware(datetime.combine(day, datetime.min.time()))
    rows = InterviewSlot.objects.with_places().filter(within(user, InterviewSlot))
    return rows.filter(starts_at__gte=midnight, starts_at__lt=midnight + timedelta(days=1))


def _days(user: User | AnonymousUser) -> QuerySet[InterviewSlot, dict[str, Any]]:
    theirs = InterviewSlot.objects.filter(within(user, InterviewSlot)).order_by()
    rows = theirs.annotate(day=TruncDate("starts_at"))
    counted = rows.values("day").annotate(slots=Count("pk"), taken=Sum("pool__taken"))
    return counted.order_by("-day")


def _asked_day(request: HttpRequest) -> date | None:
    """From the address; None for what is no day that can be asked about."""
    try:
        day = parse_date(request.GET.get("day", ""))
    except ValueError:
        return None
    return day if day and 2000 <= day.year < 2100 else None


def _asked_call(request: HttpRequest) -> str:
    asked = request.GET.get("call", "")
    return asked if asked.isascii() and asked.isdecimal() and len(asked) < 19 else ""


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _list() -> str:
    return reverse("admin:volunteers_interviewslot_changelist")


def _page(
    model_admin: InterviewSlotAdmin, request: HttpRequest, template: str, *, title: str,
    form: Form | None = None, **context: Any,
) -> TemplateResponse:  # fmt: skip
    whole = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": title,
        "form": form,
        "back": _list(),
        **context,
    }
    return TemplateResponse(request, template, whole)
