"""After a deployment: hours by person and day, approving them, certificates, the survey."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
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
from volunteers.models import Call, Opening
from volunteers.service import attendance, overview, reports, surveys

from . import service_records
from .readiness_pages import behind, opening_or_404
from .service_forms import AttendanceForm, TrainingDayForm
from .service_pages import NAME, service_address, service_page, sheet_address

if TYPE_CHECKING:
    from .calls import CallAdmin


def service_acts(request: HttpRequest, call: Call) -> list[ObjectAct]:
    """What the page of a call offers to whoever may see who served."""
    if not permissions.can_view_service(request.user):
        return []
    return [ObjectAct(_("Attendance and hours"), service_address(call))]


READ, ACT, BOTH = ("GET", "HEAD"), ("POST",), ("GET", "HEAD", "POST")
SHEET = "<int:pk>/"
PERSON = "<int:pk>/people/<int:person>/"


def service_urls(model_admin: CallAdmin) -> list[URLPattern]:
    """Behind the address of a call: the page, how it may be asked for, and its name."""
    pages: list[tuple[str, Any, Sequence[str], str]] = [
        ("", show_openings, READ, ""),
        (SHEET, enter_hours, BOTH, "_sheet"),
        (f"{SHEET}days/", change_days, ACT, "_days"),
        (f"{SHEET}approve/", service_records.approve, ACT, "_approve"),
        (f"{SHEET}certificates/", service_records.issue, BOTH, "_certificates"),
        (f"{SHEET}survey/", show_survey, READ, "_survey"),
        (PERSON, enter_notes, BOTH, "_person"),
        (f"{PERSON}outside/", service_records.remove_outside, ACT, "_outside"),
        (f"{PERSON}reopen/", service_records.reopen, BOTH, "_reopen"),
    ]
    guarded = model_admin.admin_site.admin_view
    return [
        path(
            f"<int:object_id>/service/{rest}",
            guarded(require_http_methods(methods)(partial(_with_call, model_admin, view))),
            name=f"{NAME}{name}",
        )
        for rest, view, methods, name in pages
    ]


def _with_call(
    model_admin: CallAdmin, view: Any, request: HttpRequest, object_id: int, **more: Any
) -> HttpResponseBase:
    """Every page is for those who look after volunteers, and for nobody else."""
    if not permissions.can_view_service(request.user):
        raise PermissionDenied
    call = model_admin.get_object(request, str(object_id))
    if call is None:
        raise Http404
    if "pk" in more:
        more["opening"] = opening_or_404(call, more.pop("pk"))
    return view(model_admin, request, call, **more)


def show_openings(model_admin: CallAdmin, request: HttpRequest, call: Call) -> HttpResponseBase:
    """Figures of each opening; no names, so no look is recorded."""
    return service_page(
        model_admin,
        request,
        call,
        "openings",
        title=_("Attendance and hours"),
        rows=overview.openings_of(call),
        may_see_survey=permissions.can_view_survey(request.user),
    )


# --- hours ---------------------------------------------------------------------------------------


def enter_hours(
    model_admin: CallAdmin, request: HttpRequest, call: Call, opening: Opening
) -> HttpResponseBase:
    """People × days in one form; what is wrong stays, and nothing is saved of it."""
    sheet = attendance.sheet_of(opening, timezone.localdate())
    form = _form(request, sheet)
    if form.is_bound and form.is_valid():
        form, changed = _save(request, form)
        if changed is not None:
            _say_saved(model_admin, request, len(changed))
            return redirect(sheet_address(opening))
    rows = form.sheet.rows
    record_look(
        request, Act.LIST, behind(row.application for row in rows), what="volunteers.attendance"
    )
    return _sheet_page(model_admin, request, call, opening, form)


def _sheet_page(
    model_admin: CallAdmin, request: HttpRequest, call: Call, opening: Opening,
    form: AttendanceForm,
) -> HttpResponseBase:  # fmt: skip
    program, user = opening.program, request.user
    may_write = user.has_perm("volunteers.change_deploymentreport")
    return service_page(
        model_admin,
        request,
        call,
        "sheet",
        title=str(opening),
        opening=opening,
        form=form,
        table=form.table(),
        training=TrainingDayForm(None, opening),
        may_change=permissions.can_change_service(user),
        may_issue=permissions.can_issue_certificates(user),
        may_see_survey=permissions.can_view_survey(user),
        report=reports.report_address(program) if program and may_write else "",
    )


def enter_notes(
    model_admin: CallAdmin, request: HttpRequest, call: Call, opening: Opening, person: int
) -> HttpResponseBase:
    """The days of one person, each with a note."""
    sheet = attendance.sheet_of(opening, timezone.localdate(), only=person)
    if not sheet.rows:
        raise Http404
    form = _form(request, sheet, with_notes=True)
    if form.is_bound and form.is_valid():
        form, changed = _save(request, form, only=person)
        if changed is not None:
            _say_saved(model_admin, request, len(changed))
            return redirect(sheet_address(opening))
    row = form.sheet.rows[0]
    record_look(request, Act.DETAIL, behind([row.application]), what="volunteers.attendance")
    return service_page(
        model_admin,
        request,
        call,
        "person",
        title=str(row.application.volunteer),
        opening=opening,
        row=row,
        form=form,
        cells=form.table()[0][1],
        may_change=permissions.can_change_service(request.user),
        back=sheet_address(opening),
    )


def _form(
    request: HttpRequest, sheet: attendance.Sheet, *, with_notes: bool = False
) -> AttendanceForm:
    if request.method == "POST":
        permissions.require(permissions.can_change_service(request.user))
    data = request.POST if request.method == "POST" else None
    return AttendanceForm(data, sheet, with_notes=with_notes)


def _save(
    request: HttpRequest, form: AttendanceForm, *, only: int | None = None
) -> tuple[AttendanceForm, list[Any] | None]:
    """The form to show, and whom the change is about; None when nothing could be saved."""
    opening, seen = form.sheet.opening, request.POST.get("seen", "")
    try:
        changed = attendance.save(opening, form.cells(), seen=seen, only=only)
    except attendance.ChangedError as error:
        fresh = AttendanceForm(request.POST, error.sheet, with_notes=form.with_notes)
        fresh.is_conflict = True
        fresh.add_error(
            None,
            _("Somebody has changed this sheet since you opened it. Nothing was saved. Cells that"
              " differ show what is stored now: compare, and save again."),
        )  # fmt: skip
        return fresh, None
    if changed:
        record_look(request, Act.EDIT, behind(changed), what="volunteers.attendance")
    return form, changed


def _say_saved(model_admin: CallAdmin, request: HttpRequest, count: int) -> None:
    if not count:
        model_admin.message_user(request, _("Nothing was changed."), messages.INFO)
        return
    sentence = ngettext("Saved for %(count)s person.", "Saved for %(count)s people.", count)
    model_admin.message_user(request, sentence % {"count": count}, messages.SUCCESS)


def change_days(
    model_admin: CallAdmin, request: HttpRequest, call: Call, opening: Opening
) -> HttpResponseBase:
    """Add or remove a day of training; no names are shown."""
    permissions.require(permissions.can_change_service(request.user))
    form = TrainingDayForm(request.POST, opening)
    if not form.is_valid():
        for errors in form.errors.values():
            model_admin.message_user(request, " ".join(map(str, errors)), messages.ERROR)
        return redirect(sheet_address(opening))
    on = form.cleaned_data["on"]
    if "remove" not in request.POST:
        attendance.add_training_day(opening, on)
    elif not attendance.remove_training_day(opening, on):
        sentence = _("Attendance has been entered for this day. Clear it first.")
        model_admin.message_user(request, sentence, messages.WARNING)
    return redirect(sheet_address(opening))


# --- survey --------------------------------------------------------------------------------------


def show_survey(
    model_admin: CallAdmin, request: HttpRequest, call: Call, opening: Opening
) -> HttpResponseBase:
    """Averages and words, without names: nobody is shown, so no look is recorded."""
    permissions.require(permissions.can_view_survey(request.user))
    return service_page(
        model_admin,
        request,
        call,
        "survey",
        title=_("Survey: %(opening)s") % {"opening": opening},
        opening=opening,
        results=surveys.results_of(opening),
        enough=surveys.ENOUGH,
        back=sheet_address(opening),
    )
