"""The interview of one’s own application: choosing a time, changing it, keeping it at hand."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from .. import interviews
from ..calendars import interview_calendar
from ..forms.interviews import SlotForm
from ..models import Application, InterviewSlot
from ..models.interviews import seat_in_slot
from .mine import or_sign_in, own_application, to_mine


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@or_sign_in
def interview(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The slots with the places left; after the deadline the chosen one alone."""
    application, standing = _invited(request, uuid)
    if request.method != "POST":
        return _page(request, application, standing, _form(application, standing))
    if not standing.may_choose:
        return _too_late(request, application)
    form = _form(application, standing, request.POST)
    if not form.is_valid():
        return _page(request, application, standing, form, status=422)
    return _choose(request, application, standing, form)


def _choose(
    request: HttpRequest, application: Application, standing: interviews.Standing, form: SlotForm
) -> HttpResponse:
    try:
        is_new = interviews.choose(application, form.chosen(), by=request.user)  # type: ignore[arg-type]
    except interviews.SlotFilledError:
        # As it is now, without the place that somebody else has got.
        fresh = _form(application, standing)
        return _page(request, application, standing, fresh, status=409, is_filled=True)
    except interviews.ChoosingClosedError:
        return _too_late(request, application)
    except interviews.NotInvitedError:
        return redirect(application)
    if is_new:
        messages.success(request, _("Your interview time is set. We have sent it to you by email."))
    else:
        messages.info(request, _("You already have this time."))
    return redirect("volunteers:interview", uuid=application.uuid)


@never_cache
@require_safe
@or_sign_in
def calendar_file(request: HttpRequest, uuid: UUID) -> HttpResponse:
    application = own_application(request, uuid)
    seat = seat_in_slot(application)
    if seat is None or interviews.standing(application) is None:
        raise Http404
    content = interview_calendar(application, seat)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="interview.ics"'
    return response


def _invited(request: HttpRequest, uuid: UUID) -> tuple[Application, interviews.Standing]:
    application = own_application(request, uuid)
    standing = interviews.standing(application)
    if standing is None or not request.user.is_authenticated:
        raise Http404
    return application, standing


def _form(application: Application, standing: interviews.Standing, data: Any = None) -> SlotForm:
    slots = InterviewSlot.objects.with_places().to_come().filter(call=application.call_id)
    return SlotForm(data, slots=slots if standing.may_choose else [], held=standing.slot)


def _page(
    request: HttpRequest, application: Application, standing: interviews.Standing,
    form: SlotForm, *, status: int = 200, is_filled: bool = False,
) -> HttpResponse:  # fmt: skip
    days = groupby(form.slots.values(), key=lambda slot: timezone.localdate(slot.starts_at))
    context = {
        "application": application,
        "call": application.call,
        "slot": standing.slot,
        "may_choose": standing.may_choose,
        "days": [list(slots) for _day, slots in days],
        "form": form,
        "is_filled": is_filled,
        "now": timezone.now(),
        "crumbs": [
            *to_mine(),
            {"label": _("My application"), "url": application.get_absolute_url()},
            {"label": _("Interview")},
        ],
    }
    return render(request, "volunteers/interview_detail.html", context, status=status)


def _too_late(request: HttpRequest, application: Application) -> HttpResponse:
    messages.error(request, _("The time to choose an interview has passed. Nothing was changed."))
    return redirect("volunteers:interview", uuid=application.uuid)
