"""Approving service records, opening them again, and certificates for a whole opening."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oda_portal.certificates.admin.starting import issue_selected
from oda_portal.privacy.access import record_look
from oda_portal.privacy.models import Act
from volunteers import permissions
from volunteers.certificates import KIND
from volunteers.models import Application, Call, Opening, State
from volunteers.service import attendance, records

from .forms import ReasonForm
from .readiness_pages import behind, numbers_in
from .service_pages import service_page, sheet_address

if TYPE_CHECKING:
    from .calls import CallAdmin


def approve(
    model_admin: CallAdmin, request: HttpRequest, call: Call, opening: Opening
) -> HttpResponseBase:
    """Whose days and hours are fixed, and who is left out and why; then it is done."""
    permissions.require(permissions.can_change_service(request.user))
    chosen = numbers_in(request.POST.getlist("person"))
    sheet = attendance.sheet_of(opening, timezone.localdate())
    rows = [row for row in sheet.rows if row.application.pk in chosen]
    if not rows:
        model_admin.message_user(request, _("Choose at least one person."), messages.WARNING)
        return redirect(sheet_address(opening))
    if "sure" in request.POST:
        approved = records.approve_all([row.application for row in rows], by=request.user)  # type: ignore[arg-type]
        record_look(request, Act.EDIT, behind(approved), what="volunteers.servicerecord approve")
        _say_approved(model_admin, request, len(approved), len(rows))
        return redirect(sheet_address(opening))
    why_not = {row.application.pk: records.why_not_approve(row) for row in rows}
    shown = [row.application for row in rows]
    record_look(request, Act.LIST, behind(shown), what="volunteers.servicerecord approve")
    return service_page(
        model_admin,
        request,
        call,
        "approve",
        title=_("Approve service records"),
        opening=opening,
        rows=[row for row in rows if not why_not[row.application.pk]],
        refused=[(row, why_not[row.application.pk]) for row in rows if why_not[row.application.pk]],
        back=sheet_address(opening),
    )


def _say_approved(model_admin: CallAdmin, request: HttpRequest, done: int, asked: int) -> None:
    sentence = ngettext(
        "%(count)s service record has been approved.",
        "%(count)s service records have been approved.",
        done,
    )
    level = messages.SUCCESS if done else messages.INFO
    model_admin.message_user(request, sentence % {"count": done}, level)
    if left := asked - done:
        sentence = ngettext(
            "%(count)s could not be approved, or was already approved.",
            "%(count)s could not be approved, or were already approved.",
            left,
        )
        model_admin.message_user(request, sentence % {"count": left}, messages.INFO)


def reopen(
    model_admin: CallAdmin, request: HttpRequest, call: Call, opening: Opening, person: int
) -> HttpResponseBase:
    """With a reason, so that attendance can be corrected; not while a certificate states it."""
    permissions.require(permissions.can_change_service(request.user))
    people = attendance.people_of(opening).select_related("volunteer__user")
    application = get_object_or_404(people, pk=person)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _reopen(model_admin, request, application, form):
        return redirect(sheet_address(opening))
    what = "volunteers.servicerecord reopen"
    record_look(request, Act.DETAIL, behind([application]), what=what)
    return service_page(
        model_admin,
        request,
        call,
        "reopen",
        title=_("Open the service record again"),
        opening=opening,
        person=application,
        form=form,
        back=sheet_address(opening),
    )


def _reopen(
    model_admin: CallAdmin, request: HttpRequest, application: Application, form: ReasonForm
) -> bool:
    """False when a certificate stands in the way: the form says so."""
    reason = form.cleaned_data["reason"]
    try:
        done = records.reopen(application, by=request.user, reason=reason)  # type: ignore[arg-type]
    except records.CertificateOutError:
        sentence = _("A valid certificate states these hours. Revoke the certificate first.")
        form.add_error(None, sentence)
        return False
    what = "volunteers.servicerecord reopen"
    record_look(request, Act.EDIT, behind([application]), what=what)
    if done:
        sentence, level = _("%(name)s: attendance can be corrected now."), messages.SUCCESS
    else:
        sentence, level = _("%(name)s: the record was not approved."), messages.INFO
    model_admin.message_user(request, sentence % {"name": application.volunteer}, level)
    return True


def remove_outside(
    model_admin: CallAdmin, request: HttpRequest, call: Call, opening: Opening, person: int
) -> HttpResponseBase:
    """Take away what one person has on days that are no longer part of the journey."""
    permissions.require(permissions.can_change_service(request.user))
    people = attendance.people_of(opening).select_related("volunteer__user")
    application = get_object_or_404(people, pk=person)
    if attendance.remove_outside(application):
        record_look(request, Act.EDIT, behind([application]), what="volunteers.attendance outside")
        sentence, level = _("%(name)s: the hours outside the journey are gone."), messages.SUCCESS
    else:
        sentence, level = _("%(name)s: there was nothing to remove."), messages.INFO
    model_admin.message_user(request, sentence % {"name": application.volunteer}, level)
    return redirect(sheet_address(opening))


def issue(
    model_admin: CallAdmin, request: HttpRequest, call: Call, opening: Opening
) -> HttpResponseBase:
    """Who of the opening gets a certificate and who does not yet; then a batch, with progress."""
    people = attendance.people_of(opening).exclude(state=State.CONFIRMED)
    if request.method == "POST":
        # Those whom the page named, and nobody who came to it since.
        people = people.filter(pk__in=numbers_in(request.POST.getlist(ACTION_CHECKBOX_NAME)))
    people = people.select_related(
        "call", "service", "volunteer__user", "opening__city__country", "opening__program"
    ).order_by("volunteer__name", "pk")
    response = issue_selected(model_admin, request, people, kind_name=KIND)
    if isinstance(response, TemplateResponse) and response.context_data is not None:
        response.context_data |= {"back": sheet_address(opening), "object": call}
    return response
