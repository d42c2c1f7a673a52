"""The readiness board of a call: who goes with each team, and where everybody stands."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from oda_portal.privacy.access import record_look
from oda_portal.privacy.models import Act
from oda_portal.publishing.admin import ObjectAct
from volunteers import permissions
from volunteers.models import Application, Call, ChecklistItem
from volunteers.readiness import acts, checklists, rules
from volunteers.readiness.board import board_of

from . import journeys, roster
from .readiness_forms import BoardFilter, checklist_forms
from .readiness_pages import (
    NAME,
    behind,
    board_address,
    board_page,
    numbers_in,
    opening_or_404,
)

if TYPE_CHECKING:
    from .calls import CallAdmin


def board_acts(request: HttpRequest, call: Call) -> list[ObjectAct]:
    """What the page of a call offers to whoever may see the board."""
    if not permissions.can_view_readiness(request.user):
        return []
    return [ObjectAct(_("Readiness board"), board_address(call))]


READ, ACT, BOTH = ("GET", "HEAD"), ("POST",), ("GET", "HEAD", "POST")
PERSON = "people/<int:pk>/"


def board_urls(model_admin: CallAdmin) -> list[URLPattern]:
    """Behind the address of a call: the page, how it may be asked for, and its name."""
    pages: list[tuple[str, Any, Sequence[str], str]] = [
        ("", show_board, READ, ""),
        ("accept/", accept_many, ACT, "_accept"),
        ("checklist/<int:pk>/", change_checklist, BOTH, "_checklist"),
        ("roster/<int:pk>/", roster.export_roster, BOTH, "_roster"),
        (PERSON, journeys.show_person, READ, "_person"),
        (f"{PERSON}whole/", journeys.show_whole, READ, "_whole"),
        (f"{PERSON}certificate/", journeys.give_certificate, READ, "_certificate"),
        (f"{PERSON}<slug:kind>/send_back/", journeys.send_back, BOTH, "_send_back"),
        (f"{PERSON}<slug:kind>/<slug:act>/", journeys.settle, ACT, "_settle"),
    ]
    guarded = model_admin.admin_site.admin_view
    return [
        path(
            f"<int:object_id>/readiness/{rest}",
            guarded(require_http_methods(methods)(partial(_with_call, model_admin, view))),
            name=f"{NAME}{name}",
        )
        for rest, view, methods, name in pages
    ]


def _with_call(
    model_admin: CallAdmin, view: Any, request: HttpRequest, object_id: int, **more: Any
) -> HttpResponseBase:
    """Every page of the board is for those who prepare journeys, and for nobody else."""
    if not permissions.can_view_readiness(request.user):
        raise PermissionDenied
    call = model_admin.get_object(request, str(object_id))
    if call is None:
        raise Http404
    return view(model_admin, request, call, **more)


def show_board(model_admin: CallAdmin, request: HttpRequest, call: Call) -> HttpResponseBase:
    teams = board_of(call, timezone.localdate())
    chosen = BoardFilter(request.GET, teams=teams)
    shown = [(team, chosen.people_of(team)) for team in teams if chosen.shows(team)]
    applications = [person.application for _team, people in shown for person in people]
    record_look(request, Act.LIST, behind(applications), what="volunteers.call readiness")
    return board_page(
        model_admin,
        request,
        call,
        "board",
        title=_("Readiness board"),
        teams=teams,
        shown=shown,
        filter=chosen,
        in_bulk=[(kind.value, kind.label) for kind in rules.IN_BULK],
        may_change=permissions.can_change_readiness(request.user),
    )


def change_checklist(
    model_admin: CallAdmin, request: HttpRequest, call: Call, pk: int
) -> HttpResponseBase:
    """Days, notes, and what is not wanted; made when it is saved for the first time."""
    permissions.require(permissions.can_change_readiness(request.user))
    opening = opening_or_404(call, pk)
    stamp = checklists.stamp_of(opening)
    forms = checklist_forms(opening, request.POST if request.method == "POST" else None)
    if request.method == "POST" and all(form.is_valid() for form in forms):
        items = [form.instance for form in forms]
        seen = request.POST.get("seen", "")
        if checklists.change(opening, items, seen=seen, by=request.user):  # type: ignore[arg-type]
            model_admin.message_user(request, _("The checklist has been saved."), messages.SUCCESS)
            return redirect(board_address(call))
        sentence = _(
            "Somebody has changed this checklist since you opened it. Open it again in another"
            " window and compare; saving now replaces what they wrote."
        )
        model_admin.message_user(request, sentence, messages.WARNING)
    return board_page(
        model_admin,
        request,
        call,
        "checklist",
        title=_("Pre-departure checklist"),
        opening=opening,
        forms=forms,
        stamp=stamp,
        is_new=not opening.checklist.exists(),
    )


# --- many at once --------------------------------------------------------------------------------


def accept_many(model_admin: CallAdmin, request: HttpRequest, call: Call) -> HttpResponseBase:
    """Who is meant, once more; then it is done for all of them. Nobody gets a mail."""
    permissions.require(permissions.can_change_readiness(request.user))
    kind = request.POST.get("kind", "")
    if kind not in rules.IN_BULK:
        raise Http404
    chosen = list(_chosen(call, request.POST.getlist("person")))
    if not chosen:
        model_admin.message_user(request, _("Choose at least one person."), messages.WARNING)
        return redirect(board_address(call))
    if "sure" in request.POST:
        accepted = acts.accept_all(chosen, kind, by=request.user)  # type: ignore[arg-type]
        record_look(request, Act.EDIT, behind(accepted), what=f"volunteers.readiness {kind}")
        _say_accepted(model_admin, request, len(accepted), len(chosen))
        return redirect(board_address(call))
    record_look(request, Act.LIST, behind(chosen), what=f"volunteers.readiness {kind}")
    title = _("Mark as done: %(what)s") % {"what": ChecklistItem.Kind(kind).label}
    return board_page(model_admin, request, call, "accept", title=title, people=chosen, kind=kind)


def _chosen(call: Call, numbers: list[str]) -> QuerySet[Application]:
    going = Application.objects.filter(opening__call=call, state__in=rules.GOING)
    rows = going.filter(pk__in=numbers_in(numbers))
    return rows.select_related("volunteer__user", "opening__city").order_by("volunteer__name", "pk")


def _say_accepted(model_admin: CallAdmin, request: HttpRequest, done: int, asked: int) -> None:
    sentence = ngettext("Done for %(count)s person.", "Done for %(count)s people.", done)
    model_admin.message_user(request, sentence % {"count": done}, messages.SUCCESS)
    if left := asked - done:
        sentence = ngettext(
            "For %(count)s person it was already done, or is not on the checklist.",
            "For %(count)s people it was already done, or is not on the checklist.",
            left,
        )
        model_admin.message_user(request, sentence % {"count": left}, messages.INFO)
