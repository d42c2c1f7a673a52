"""Moving applications from state to state: one on a page of its own, or many in one go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oda_portal.privacy.models import Act
from volunteers import actions, deciding, permissions
from volunteers.models import Application, Call, State
from volunteers.models.states import DECISIONS, MOVES, STAFF_WORDS

from .forms import WITH_OPENING, MoveForm
from .planning import Plan, plan_of

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
    plan = plan_of([application], act, form)
    if form.may_act():
        _carry_out(model_admin, request, plan, act, form)
        return redirect(model_admin.address("change", application))
    return model_admin.page(
        request,
        application,
        "admin/volunteers/move.html",
        what=act,
        title=str(STAFF_WORDS[act]),
        form=form,
        plan=plan,
        notices=plan.notices(act),
        ends_editing=application.is_editable(),
    )


def move_selected(
    model_admin: ApplicationAdmin, request: HttpRequest, queryset: Any, *, act: str
) -> HttpResponseBase | None:
    """The same for many: who is moved and what each is told, and who cannot be moved."""
    chosen = list(queryset.order_by("sent_at", "pk"))
    rows = [row for row in chosen if _may(row, act)]
    call = rows[0].call if len({row.call_id for row in rows}) == 1 else None
    if act in WITH_OPENING and rows and call is None:
        sentence = _("Choose applications to one call: each call has its own openings.")
        model_admin.message_user(request, sentence, messages.ERROR)
        return None
    form = _form(request, act, call, is_sent="sure" in request.POST)
    plan = plan_of(rows, act, form)
    plan.refused = [row for row in chosen if not _may(row, act)]
    if "sure" in request.POST and (form.may_act() or not rows):
        _carry_out(model_admin, request, plan, act, form)
        return None
    model_admin.look(request, Act.LIST, chosen, what=act)
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": STAFF_WORDS[act],
        "plan": plan,
        "notices": plan.notices(act),
        "form": form,
        "action": f"{PREFIX}{act}",
        "back": request.get_full_path(),
        "list_url": reverse("admin:volunteers_application_changelist"),
    }
    return TemplateResponse(request, "admin/volunteers/move_selected.html", context)


def _may(application: Application, act: str) -> bool:
    return application.state in MOVES[act][0]


def _form(request: HttpRequest, act: str, call: Call | None, *, is_sent: bool) -> MoveForm:
    return MoveForm(request.POST if is_sent else None, act=act, call=call)


def _carry_out(
    model_admin: ApplicationAdmin, request: HttpRequest, plan: Plan, act: str, form: MoveForm
) -> None:
    by, reason = request.user, form.cleaned_data.get("reason", "")
    rows = [wish.application for wish in plan.wishes]
    if act in DECISIONS:
        moved, without = deciding.decide_all(plan.wishes, act, by=by, reason=reason)  # type: ignore[arg-type]
    else:
        moved, without = actions.move_all(rows, act, by=by, reason=reason), []  # type: ignore[arg-type]
    if moved:
        model_admin.look(request, Act.EDIT, moved, what=act)
        model_admin.message_user(request, _said(moved, act), messages.SUCCESS)
    without += plan.without
    _say_without(model_admin, request, without)
    late = [row for row in rows if row not in moved and row not in without]
    _say_refused(model_admin, request, [*plan.refused, *late], act)


def _said(moved: list[Application], act: str) -> str:
    words = {"count": len(moved), "state": MOVES[act][1].label}
    if all(row.state == MOVES[act][1] for row in moved):
        sentence = ngettext(
            "%(count)s application is now “%(state)s”.",
            "%(count)s applications are now “%(state)s”.",
            len(moved),
        )
    else:
        sentence = ngettext(
            "Decided for %(count)s application: “%(state)s”. It is held until the results are out.",
            "Decided for %(count)s applications: “%(state)s”. They are held until the results are"
            " out.",
            len(moved),
        )
    return sentence % words


def _say_without(
    model_admin: ApplicationAdmin, request: HttpRequest, rows: Sequence[Application]
) -> None:
    for row in rows:
        sentence = _("%(name)s: the opening has no place left. Nothing was decided.")
        model_admin.message_user(request, sentence % {"name": row.volunteer}, messages.WARNING)


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
