"""Publishing the IATI files by hand: what is served now, what came of the last attempts, a button.

The worker does it; the page says how far it is, and what the checker found if it found anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from oda_portal.opendata.iati.checking import Finding
from programs.models import Publication
from programs.reporting import following, progress
from programs.reporting.publishing import Kind, serving
from programs.reporting.requirements import the_publisher
from programs.reporting.rules import trouble_with

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

MOST_SHOWN = 50
PUBLISH = "programs.add_publication"
ADDRESS = "admin:programs_publication_publish"


class PublishingPages:
    """Mixed into the admin of publications."""

    def get_urls(self: Any) -> list[URLPattern]:
        page = self.admin_site.admin_view(require_http_methods(["GET", "POST"])(self.publish_view))
        own = path("publish/", page, name="programs_publication_publish")
        return [own, *super().get_urls()]  # type: ignore[misc]

    def publish_view(self: Any, request: HttpRequest) -> HttpResponseBase:
        if not request.user.has_perm(PUBLISH):
            raise PermissionDenied
        if request.method == "POST":
            _ask(self, request)
            return redirect(ADDRESS)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Publish the IATI files"),
            "trouble": _trouble(),
            "under_way": progress.under_way(),
            "waiting": progress.waiting(),
            "files": [_state_of(kind) for kind in Kind],
        }
        response = TemplateResponse(request, "admin/programs/publishing.html", context)
        response.headers["Cache-Control"] = "no-store"
        return response


def _ask(model_admin: ModelAdmin, request: HttpRequest) -> None:
    following.ask(by=request.user)  # type: ignore[arg-type]
    sentence = _("The files are made and checked now. This page says what came of it.")
    model_admin.message_user(request, sentence, messages.SUCCESS)


def _trouble() -> str:
    """Why nothing can be published at all; "" where it can."""
    publisher = the_publisher()
    if publisher is None:
        return _("No publisher has been set. Enter the publisher first.")
    return trouble_with(publisher)


def _state_of(kind: Kind) -> dict[str, Any]:
    """What the address serves, and the last attempt where that was refused."""
    newest = Publication.objects.filter(kind=kind).first()
    refused = newest if newest and not newest.is_clean else None
    findings = [Finding(**found) for found in refused.findings] if refused else []
    return {
        "label": kind.label,
        "serving": serving(kind),
        "refused": refused,
        "findings": findings[:MOST_SHOWN],
        "more": max(0, len(findings) - MOST_SHOWN),
    }
