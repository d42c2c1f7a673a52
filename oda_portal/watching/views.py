"""For programs that watch."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from . import metrics
from .collector import CheckCollector
from .doors import for_watchers
from .looking import look, worst

NEVER_KEPT = {"Cache-Control": "no-store"}


@require_safe
@for_watchers
def figures(request: HttpRequest) -> HttpResponse:
    """Everything that is counted and measured, in Prometheus' text format."""
    body = metrics.exposed(CheckCollector(look()))
    return HttpResponse(body, content_type=CONTENT_TYPE_LATEST, headers=NEVER_KEPT)


@require_safe
@for_watchers
def status(request: HttpRequest) -> JsonResponse:
    """How everything is: always 200, for `state` is what tells."""
    seen = look()
    checks = {
        one.check.name: {
            "state": one.state,
            "since": one.since and one.since.isoformat(timespec="seconds"),
            "stops": one.check.stops,
            **one.found.figures,
        }
        for one in seen
    }
    return JsonResponse({"state": worst(seen), "checks": checks}, headers=NEVER_KEPT)
