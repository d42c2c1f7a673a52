"""The public pages on which a number is checked, and the holder’s download.

What they say of a person is what somebody with the paper in hand needs to compare: not more.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from oda_portal.accounts.doors import next_door
from oda_portal.files.downloads import disposition, guarded
from oda_portal.pages.limits import may_act, too_many
from oda_portal.privacy.access import record_look
from oda_portal.privacy.models import Act

from . import numbers, permissions, printing
from .forms import NumberForm
from .models import Certificate
from .panels import TONES

# From one address; with 31 signs to the power of eleven, guessing is hopeless long before.
CHECKS, CHECKS_SECONDS = 60, 600


@never_cache
@require_safe
def certificate_find(request: HttpRequest) -> HttpResponse:
    """Type a number; it leads to the page of that number."""
    if "number" not in request.GET:
        return _find_page(request, NumberForm())
    form = NumberForm(request.GET)
    if not form.is_valid():
        return _find_page(request, form, status=422)
    if not _may_check(request):
        return too_many(request)
    number = numbers.read(form.cleaned_data["number"])
    if number is None or not Certificate.objects.filter(code=number).exists():
        return _not_found(request, form.cleaned_data["number"])
    return redirect("certificates:certificate_detail", code=number)


@never_cache
@require_safe
def certificate_detail(request: HttpRequest, code: str) -> HttpResponse:
    """Whether the certificate with this number is valid."""
    if not _may_check(request):
        return too_many(request)
    number = numbers.read(code)
    certificate = Certificate.objects.filter(code=number).first() if number else None
    if certificate is None:
        return _not_found(request, code)
    if code != number:
        return redirect(certificate)
    context = {
        "certificate": certificate,
        "tone": TONES[certificate.state],
        "crumbs": _crumbs({"label": certificate.code}),
    }
    return render(request, "certificates/certificate_detail.html", context)


@never_cache
@require_safe
def certificate_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """For the holder, and for staff who may see it; for anybody else there is no such page."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    certificate = Certificate.objects.filter(code=code, user=request.user).first()
    if certificate is None:
        if not permissions.can_view_certificate(request.user):
            raise Http404
        if door := next_door(request, coming_back_to=request.get_full_path()):
            return redirect(door)
        seen = Certificate.objects.filter(permissions.of_their_work(request.user))
        certificate = get_object_or_404(seen, code=code)
        record_look(request, Act.FILE, [certificate], what="certificates.certificate pdf")
    if certificate.state != Certificate.State.VALID or certificate.forgotten_at:
        return redirect(certificate)
    response = HttpResponse(printing.pdf_of(certificate), content_type="application/pdf")
    response.headers["Content-Disposition"] = disposition(f"certificate-{certificate.code}.pdf")
    return guarded(response)


def _may_check(request: HttpRequest) -> bool:
    return may_act(request, "certificates.check", limit=CHECKS, seconds=CHECKS_SECONDS)


def _not_found(request: HttpRequest, typed: str) -> HttpResponse:
    """One sentence for every wrong number; of a slip of the hand, also that it is one."""
    form = NumberForm({"number": typed})
    if form.is_valid():
        form.add_error("number", _("We found no certificate with this number. Check the number."))
        if numbers.read(typed) is None:
            form.add_error("number", _("At least one character is wrong, missing or out of place."))
    return _find_page(request, form, status=404)


def _find_page(request: HttpRequest, form: NumberForm, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "crumbs": _crumbs()}
    return render(request, "certificates/certificate_find.html", context, status=status)


def _crumbs(*further: dict[str, str]) -> list[dict[str, str]]:
    find = {"label": _("Check a certificate")}
    if further:
        find["url"] = reverse("certificates:certificate_find")
    return [find, *further]
