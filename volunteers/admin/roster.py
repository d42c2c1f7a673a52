"""The roster for the partner city: a page to print or a table, each with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from oda_portal.languages import HTML_LANG
from oda_portal.privacy.access import record_look
from oda_portal.privacy.exports import csv_response
from oda_portal.privacy.models import Act
from volunteers import permissions
from volunteers.models import Call
from volunteers.readiness.roster import Roster, roster_of

from .readiness_forms import ExportRosterForm
from .readiness_pages import behind, board_page, opening_or_404

if TYPE_CHECKING:
    from .calls import CallAdmin


def export_roster(
    model_admin: CallAdmin, request: HttpRequest, call: Call, pk: int
) -> HttpResponseBase:
    """First what leaves the house and whom it leaves out; with a reason, the roster itself."""
    permissions.require(permissions.can_change_readiness(request.user))
    opening = opening_or_404(call, pk)
    roster = roster_of(opening)
    form = ExportRosterForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        record_look(
            request, Act.EXPORT, behind(roster.listed), what="volunteers.opening roster",
            reason=reason,
        )  # fmt: skip
        return _given(request, roster, form.cleaned_data["form"])
    record_look(request, Act.LIST, behind(roster.left_out), what="volunteers.opening roster")
    return board_page(
        model_admin,
        request,
        call,
        "roster",
        title=_("Roster for the partner city"),
        opening=opening,
        roster=roster,
        language=HTML_LANG[roster.language],
        form=form,
    )


def _given(request: HttpRequest, roster: Roster, kind: str) -> HttpResponseBase:
    if kind == "csv":
        name = f"roster-{roster.opening.pk}-{timezone.localdate().isoformat()}"
        return csv_response(name, roster.head, roster.rows)
    with translation.override(roster.language):
        context = {"roster": roster, "html_lang": HTML_LANG[roster.language]}
        response = render(request, "admin/volunteers/readiness_roster_print.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response
