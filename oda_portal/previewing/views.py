"""What the address of a preview answers: the page, pages below it, its pictures.

Whoever holds the address of a link that was given away may look; until then its writer alone.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.constants import NONE, SELF
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from oda_portal.pages.limits import may_be_done, too_many

from . import showing
from .applying import RefusedError
from .models import Preview, hash_of
from .pictures import picture_response
from .turns import BusyError

View = Callable[..., HttpResponseBase]

# Pages of the portal may be framed by nobody; a preview is, by the back office.
FRAMED = {"frame-ancestors": [SELF]}
INERT = {"form-action": [NONE]}
HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Frame-Options": "SAMEORIGIN",
}
BUSY_SECONDS = "5"


def of_a_preview(view: View) -> View:
    """The view gets the preview; who may not look is told the same as of one that is over."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponseBase:
        preview = _found(request, token)
        try:
            if preview is None:
                raise Http404
            response = view(request, preview, **kwargs)
        except (Http404, PermissionDenied):
            response = render(request, "previewing/gone.html", status=404)
        except RefusedError:
            response = render(request, "previewing/gone.html", {"is_stale": True}, status=404)
        except showing.NoPageError:
            response = render(request, "previewing/gone.html", {"has_no_page": True}, status=404)
        except BusyError:
            response = render(request, "previewing/busy.html", status=503)
            response.headers["Retry-After"] = BUSY_SECONDS
        for name, value in HEADERS.items():
            response.headers[name] = value
        policy = {**FRAMED, **(INERT if response.status_code == 200 else {})}
        response._csp_replace = policy  # type: ignore[attr-defined]
        return response

    return require_safe(guarded)


def _found(request: HttpRequest, token: str) -> Preview | None:
    rows = Preview.objects.alive().select_related("by")
    preview = rows.filter(token_hash=hash_of(token), by__is_active=True, by__is_staff=True).first()
    if preview is None or preview.shared_at:
        return preview
    is_own = request.user == preview.by and admin.site.has_permission(request)
    return preview if is_own else None


# Each look saves a form and holds its record meanwhile: so many a link and minute.
LOOKS, LOOKS_SECONDS = 60, 60


@of_a_preview
def look(request: HttpRequest, preview: Preview) -> HttpResponseBase:
    return _shown(request, preview)


@of_a_preview
def part(request: HttpRequest, preview: Preview, path: str) -> HttpResponseBase:
    """A page, a file or a drawing that the record’s page leads to."""
    return _shown(request, preview, part=path)


def _shown(request: HttpRequest, preview: Preview, part: str = "") -> HttpResponseBase:
    whose = preview.token_hash
    if not may_be_done("preview", whose, limit=LOOKS, seconds=LOOKS_SECONDS, request=request):
        return too_many(request)
    return showing.show(preview, request, part=part)


@of_a_preview
def picture(request: HttpRequest, preview: Preview, name: str) -> HttpResponseBase:
    return picture_response(preview, name)
