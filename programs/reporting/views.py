"""The addresses of IATI data: two files and each activity for programs, one page for people."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from oda_portal.languages import HTML_LANG, absolute
from oda_portal.opendata.sharing import for_everybody
from oda_portal.pages.furniture import foot_of
from oda_portal.publishing.freshness import public

from . import files
from .publishing import Kind
from .requirements import the_publisher
from .serving import Served, served

XML = "application/xml; charset=utf-8"
NOTHING = gettext_noop(
    "No IATI data has been published yet. This file appears once the office has confirmed what it"
    " reports."
)
NO_ACTIVITY = gettext_noop("There is no activity with this identifier in the city’s IATI data.")


@require_safe
def activities_file(request: HttpRequest) -> HttpResponseBase:
    return _file(request, Kind.ACTIVITIES)


@require_safe
def organisation_file(request: HttpRequest) -> HttpResponseBase:
    return _file(request, Kind.ORGANISATION)


@require_safe
def activity_file(request: HttpRequest, identifier: str) -> HttpResponseBase:
    """One activity in a file of its own."""
    found = served(Kind.ACTIVITIES, the_publisher())
    if found is None:
        return _nothing(request, NOTHING)
    content = found.activity(identifier)
    if content is None:
        return _nothing(request, NO_ACTIVITY)
    etag = f'"{hashlib.sha256(content).hexdigest()[:24]}"'
    known = get_conditional_response(request, etag=etag)
    return _as_file(known if known is not None else HttpResponse(content), etag)


def _file(request: HttpRequest, kind: Kind) -> HttpResponseBase:
    found = served(kind, the_publisher())
    if found is None:
        return _nothing(request, NOTHING)
    packed = not found.cut and "gzip" in request.headers.get("Accept-Encoding", "")
    etag = f'"{found.etag}{"-gz" if packed else ""}"'
    moment = int(found.changed_at.timestamp()) if found.changed_at else None
    # Nothing is opened for whoever has it already.
    known = get_conditional_response(request, etag=etag, last_modified=moment)
    response = known if known is not None else _whole(found, packed=packed)
    if moment:
        response.headers["Last-Modified"] = http_date(moment)
    return _as_file(response, etag)


def _whole(found: Served, *, packed: bool) -> HttpResponseBase:
    if found.cut:
        response: HttpResponseBase = StreamingHttpResponse(found.pieces())
        response.headers["Content-Length"] = str(found.size)
        return response
    file = files.opened(found.publication.sha256, ".xml.gz" if packed else ".xml")
    response = FileResponse(file, content_type=XML)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    return response


def _as_file(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    """Anybody's program may read it, and asks each time whether it is still the same."""
    if response.status_code == 200:
        response.headers["Content-Type"] = XML
    response.headers.pop("Content-Disposition", None)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Content-Language"] = ", ".join(HTML_LANG.values())
    return for_everybody(response)


def _nothing(request: HttpRequest, sentence: str) -> HttpResponse:
    """404 with a sentence in every language: the address of a file has none of its own."""
    said = [(HTML_LANG[code], _in_language(code, sentence)) for code, _name in settings.LANGUAGES]
    if "text/html" in request.headers.get("Accept", ""):
        response = render(request, "reporting/nothing.html", {"said": said}, status=404)
    else:
        text = "".join(f"{line}\n" for _language, line in said)
        response = HttpResponse(text, status=404, content_type="text/plain; charset=utf-8")
    response.headers["Vary"] = "Accept"
    return for_everybody(response)


def _in_language(code: str, sentence: str) -> str:
    with translation.override(code):
        return _(sentence)


@public
def iati_index(request: HttpRequest) -> HttpResponse:
    """What there is, since when, and where."""
    publisher = the_publisher()
    return render(
        request,
        "reporting/iati_index.html",
        {
            "publisher": publisher,
            "activities": served(Kind.ACTIVITIES, publisher),
            "organisation": served(Kind.ORGANISATION, publisher),
            "addresses": _addresses(),
            "crumbs": _crumbs(),
            **foot_of(),
        },
    )


def _addresses() -> dict[str, str]:
    """Whole addresses, to be copied; of one activity, a pattern."""
    activities = reverse("iati_files:activities_file")
    return {
        "activities": absolute(activities),
        "organisation": absolute(reverse("iati_files:organisation_file")),
        "activity": absolute(f"{activities.removesuffix('.xml')}/{{identifier}}.xml"),
    }


def _crumbs() -> list[dict[str, Any]]:
    crumbs = [{"label": _("Open data"), "url": reverse("opendata:data_index")}]
    return [*crumbs, {"label": _("IATI")}]
