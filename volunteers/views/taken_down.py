"""A call that was taken down while somebody wrote: they are told so, and keep what they typed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from oda_portal.publishing.texts import text_in

from .. import access
from ..forms import STEPS, DocumentsForm, StepForm
from ..models import Application, Call
from ..models.states import State

GONE = 410


def own_of_one_taken_down(request: HttpRequest, slug: str) -> Application | None:
    """The request's own application to this call, if the call is not public any more."""
    row = access.own(request).filter(call__slug=slug).first()
    return row if row and not row.call.is_public() else None


def taken_down(
    request: HttpRequest, call: Call, application: Application | None = None, step: str = ""
) -> HttpResponse:
    """What a step sends is kept in the draft; what cannot be kept stands on the page."""
    form = _sent_form(request, application, step)
    is_kept = form is None or _keep(request, form)
    if request.headers.get("X-Requested-With") == "autosave":
        said = _("This call has been taken down. What you wrote is kept in ‘My applications’.")
        return JsonResponse({"said": said if is_kept else _title()}, status=GONE)
    context = {
        "call": call,
        "application": application,
        "title": _title(),
        "lost": [] if form is None or is_kept else _typed(request, form),
        "had_files": bool(request.FILES),
        "crumbs": [
            {"label": _("Volunteers"), "url": reverse("volunteers:volunteer_index")},
            {"label": text_in(call, "title").text},
        ],
    }
    return render(request, "volunteers/apply_taken_down.html", context, status=GONE)


def _title() -> str:
    return _("This call has been taken down")


def _sent_form(request: HttpRequest, application: Application | None, step: str) -> StepForm | None:
    if application is None or request.method != "POST" or step not in STEPS:
        return None
    form = STEPS[step](request.POST, {}, application=application)
    return None if isinstance(form, DocumentsForm) else form


def _keep(request: HttpRequest, form: StepForm) -> bool:
    application = form.application
    if application.state not in (State.DRAFT, State.SUBMITTED):
        return False
    base = request.POST.get("base", "")
    return application.write(form.slug, form.draft(), base=base) and not form.left_out()


def _typed(request: HttpRequest, form: StepForm) -> list[tuple[str, str]]:
    return [(str(field.label), request.POST.get(field.html_name, "")) for field in form]
