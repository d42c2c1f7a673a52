"""The page on which readers ask, and the page of a receipt number. Neither is ever kept."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from oda_portal.pages.furniture import furniture, office
from oda_portal.pages.limits import may_act, too_many
from oda_portal.pages.models import Inquiry
from oda_portal.pages.models.inquiries import WORKING_DAYS, due_day

from . import actions
from .forms import InquiryForm

AN_HOUR = 60 * 60


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    form = InquiryForm(
        request.POST if request.method == "POST" else None,
        initial={"topic": request.GET.get("topic", "")},
    )
    if not form.is_valid():
        return _form_page(request, form)
    # Whoever sends the same form again is led to what it became, however often.
    inquiry = actions.received_before(form)
    if inquiry is None and may_act(request, "inquiry.send", limit=5, seconds=AN_HOUR):
        language = translation.get_language() or settings.LANGUAGE_CODE
        inquiry = actions.receive(form, language=language)
    # Of one form sent many times at once, some meet the limit and then find what the first became.
    inquiry = inquiry or actions.received_before(form)
    if inquiry is None:
        sentence = _(
            "Too many questions have come from your network. Please send yours in an hour."
        )
        form.add_error(None, sentence)
        return _form_page(request, form, status=429)
    return redirect(inquiry)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def inquiry_detail(request: HttpRequest, receipt: str) -> HttpResponse:
    """Receipt number and answer, for whoever knows the number. POST forgets the email address."""
    if not may_act(request, "inquiry.look", limit=120, seconds=AN_HOUR):
        return too_many(request)
    inquiry = get_object_or_404(Inquiry, receipt=receipt)
    if request.method == "POST":
        actions.forget_address(inquiry)
        return redirect(inquiry)
    crumbs = [
        {"label": _("Contact us"), "url": reverse("pages:contact")},
        {"label": inquiry.receipt},
    ]
    return render(request, "pages/inquiry_detail.html", {"inquiry": inquiry, "crumbs": crumbs})


def _form_page(request: HttpRequest, form: InquiryForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "days": WORKING_DAYS,
        "due_on": due_day(),
        "today": timezone.localdate(),
        "lines": _lines(),
        "crumbs": [{"label": _("Contact us")}],
    }
    return render(request, "pages/contact.html", context, status=status)


def _lines() -> list[dict[str, Any]]:
    """Who can be called or written to: the departments, or the office where there are none."""
    home = office()
    departments = furniture(translation.get_language() or settings.LANGUAGE_CODE)["departments"]
    rows = [
        {**row, "telephone": row["telephone"] or home["telephone"]} for row in departments.values()
    ] or [{**home, "name": ""}]
    return [row for row in rows if row["telephone"] or row["email"]]
