"""Moving applications from state to state: one on a page of its own, or many in one go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Max
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oda_portal.mail.rendering import Stationery
from oda_portal.privacy.models import Act
from volunteers import actions, permissions
from volunteers.models import Application, Call, State
from volunteers.models.states import MOVES, STAFF_WORDS

from .forms import MoveForm
from .letters import Notice, notice_of

if TYPE_CHECKING:
    from .applications import ApplicationAdmin

PREFIX = "move_"


def move_page(
    model_admin: ApplicationAdmin, request: HttpRequest, object_id: str, act: str
) -> HttpResponseBase:
    """What the applicant will read and when; then, once it is confirmed, the move."""
    application = model_admin.to_look_at(request, object_id)
    permissions.require(permissions.can_move_application(request.user))
    form = _form(request, act, application.call, is_sent=request.method == "POST")
    if not _may(application, act):
        _say_refused(model_admin, request, [application], act)
        return redirect(model_admin.address("change", application))
    if form.may_act():
        _move(model_admin, request, [application], act, form)
        return redirect(model_admin.address("change", application))
    return model_admin.page(
        request,
        application,
        "admin/volunteers/move.html",
        what=act,
        title=str(STAFF_WORDS[act]),
        form=form,
        notice=notice_of(application, act, Stationery(), number=form.number_now),
        ends_editing=application.is_editable(),
    )


def move_selected(
    model_admin: ApplicationAdmin, request: HttpRequest, queryset: Any, *, act: str
) -> HttpResponseBase | None:
    """The same for many: who is moved and what each is told, and who cannot be moved."""
    chosen = list(queryset.order_by("sent_at", "pk"))
    rows = [row for row in chosen if _may(row, act)]
    refused = [row for row in chosen if not _may(row, act)]
    form = _form(request, act, rows[0].call if rows else None, is_sent="sure" in request.POST)
    if "sure" in request.POST and (form.may_act() or not rows):
        _move(model_admin, request, rows, act, form, refused)
        return None
    model_admin.look(request, Act.LIST, chosen, what=act)
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": STAFF_WORDS[act],
        "notices": _notices(rows, act, form.number_now),
        "refused": refused,
        "form": form,
        "action": f"{PREFIX}{act}",
        "back": request.get_full_path(),
        "list_url": reverse("admin:volunteers_application_changelist"),
    }
    return TemplateResponse(request, "admin/volunteers/move_selected.html", context)


def _may(application: Application, act: str) -> bool:
    return application.state in MOVES[act][0]


def _form(request: HttpRequest, act: str, call: Call | None, *, is_sent: bool) -> MoveForm:
    return MoveForm(request.POST if is_sent else None, act=act, number=_next_number(call))


def _next_number(call: Call | None) -> int:
    """The end of the call's reserve list, as it is now."""
    rows = Application.objects.filter(call=call, state=State.RESERVE)
    return (rows.aggregate(last=Max("reserve_number"))["last"] or 0) + 1


def _notices(rows: Sequence[Application], act: str, number: int | None) -> list[Notice]:
    stationery = Stationery()
    return [
        notice_of(row, act, stationery, number=None if number is None else number + place)
        for place, row in enumerate(rows)
    ]


def _move(
    model_admin: ApplicationAdmin, request: HttpRequest, rows: list[Application], act: str,
    form: MoveForm, refused: Sequence[Application] = (),
) -> None:  # fmt: skip
    moved = actions.move_all(
        rows,
        act,
        by=request.user,  # type: ignore[arg-type]
        reason=form.cleaned_data.get("reason", ""),
        number=form.number_now or 1,
    )
    if moved:
        model_admin.look(request, Act.EDIT, moved, what=act)
        sentence = ngettext(
            "%(count)s application is now “%(state)s”.",
            "%(count)s applications are now “%(state)s”.",
            len(moved),
        )
        words = {"count": len(moved), "state": MOVES[act][1].label}
        model_admin.message_user(request, sentence % words, messages.SUCCESS)
    late = [row for row in rows if row not in moved]
    if stopped := [*refused, *late]:
        _say_refused(model_admin, request, stopped, act)


def _say_refused(
    model_admin: ApplicationAdmin, request: HttpRequest, rows: Sequence[Application], act: str
) -> None:
    for row in rows:
        sentence = _(
            "%(name)s: this cannot go from “%(from)s” to “%(to)s”. Check the record’s latest state."
        )
        words = {
            "name": row.volunteer,
            "from": State(row.state).label,
            "to": MOVES[act][1].label,
        }
        model_admin.message_user(request, sentence % words, messages.WARNING)
