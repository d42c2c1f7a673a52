"""What somebody whose place is certain does before departure, item by item."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from oda_portal.files.downloads import private_response
from oda_portal.publishing.texts import text_in

from .. import access
from ..forms.departure import FORMS, DepartureForm
from ..models import Application, ChecklistItem, InsuranceCertificate
from ..readiness import acts, rules, words
from ..readiness.board import person_of
from ..readiness.rules import Cell


@never_cache
@login_required
@require_safe
def departure_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    application = _own_or_404(request, uuid)
    person = person_of(application, timezone.localdate())
    context = {
        **_frame(application),
        "rows": [
            words.Shown(cell, _form_address(application, cell))
            for cell in person.cells
            # What nobody like them has to do would only make them wonder; what staff have let
            # them off, they know of.
            if cell.phase != rules.Phase.NOT_NEEDED or cell.is_waived
        ],
        "left": sum(cell.phase in words.THEIRS for cell in person.cells),
        "crumbs": [*_to_application(application), {"label": _("Before departure")}],
    }
    return render(request, "volunteers/departure_detail.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def departure_item(request: HttpRequest, uuid: UUID, kind: str) -> HttpResponse:
    """The form of one item; what is wrong stays on the page, and nothing is kept of it."""
    application = _own_or_404(request, uuid)
    cell = _cell_or_404(application, kind)
    form = FORMS[kind](
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        application=application,
    )
    if not form.can_be_asked or not form.is_valid():
        return _form_page(request, application, cell, form)
    try:
        acts.hand_in(application, cell.item, form, by=request.user)  # type: ignore[arg-type]
    except acts.TooLateError as error:
        raise Http404 from error
    messages.success(request, words.thanks(cell.item, is_refused=form.is_refused))
    return redirect(_address(application))


@never_cache
@login_required
@require_safe
def departure_file(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """One's own insurance certificate; anybody else's does not exist."""
    rows = InsuranceCertificate.objects.filter(application__in=access.own(request))
    row = get_object_or_404(rows, uuid=uuid)
    return private_response(row.file, row.name)


def _own_or_404(request: HttpRequest, uuid: UUID) -> Application:
    """One's own, once the place in an opening is certain."""
    rows = access.own(request).select_related("opening__city", "opening__call")
    application = get_object_or_404(rows, uuid=uuid)
    if not rules.has_departure(application):
        raise Http404
    return application


def _cell_or_404(application: Application, kind: str) -> Cell:
    """The item with this name, if there is something to fill in for it."""
    today = timezone.localdate()
    for cell in person_of(application, today).cells:
        if cell.item.kind == kind and _may_fill_in(application, cell):
            return cell
    raise Http404


def _may_fill_in(application: Application, cell: Cell) -> bool:
    is_wanted = cell.phase != rules.Phase.NOT_NEEDED
    return is_wanted and cell.item.kind in FORMS and rules.may_fill_in(application, cell.today)


def _form_address(application: Application, cell: Cell) -> str:
    if not _may_fill_in(application, cell):
        return ""
    return reverse("volunteers:departure_item", args=[application.uuid, cell.item.kind])


def _form_page(
    request: HttpRequest, application: Application, cell: Cell, form: DepartureForm
) -> HttpResponse:
    title = str(cell.item)
    here = {"label": _("Before departure"), "url": _address(application)}
    context = {
        **_frame(application),
        "form": form,
        "shown": words.Shown(cell),
        "title": title,
        "certificate": getattr(application, "insurance", None),
        "is_insurance": cell.item.kind == ChecklistItem.Kind.INSURANCE,
        "passport_until": rules.passport_until(cell.item.opening),
        "back": _address(application),
        "crumbs": [*_to_application(application), here, {"label": title}],
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "volunteers/departure_item.html", context, status=status)


def _frame(application: Application) -> dict[str, object]:
    return {
        "application": application,
        "call": application.call,
        "opening": application.opening,
    }


def _address(application: Application) -> str:
    return reverse("volunteers:departure_detail", args=[application.uuid])


def _to_application(application: Application) -> list[dict[str, str]]:
    return [
        {"label": _("Volunteers"), "url": reverse("volunteers:volunteer_index")},
        {"label": _("My applications"), "url": reverse("volunteers:application_list")},
        {
            "label": text_in(application.call, "title").text,
            "url": application.get_absolute_url(),
        },
    ]
