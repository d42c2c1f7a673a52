"""The page of the back office that says how everything is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from .looking import look, worst
from .registry import RANK

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite


def may_see(request: HttpRequest) -> bool:
    return request.user.has_perm("watching.view_condition")


def state_page(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Every check, the worst first; looked at now."""
    if not may_see(request):
        raise Http404
    seen = look()
    context = {
        **site.each_context(request),
        "title": _("System state"),
        "seen": sorted(seen, key=lambda one: -RANK[one.state]),
        "worst": worst(seen),
        "now": timezone.localtime(),
    }
    return TemplateResponse(request, "admin/watching/state.html", context)
