"""What every address of the API does alike: methods, limits, languages, ETags, CORS, problems."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from oda_portal.languages import HTML_LANG
from oda_portal.opendata.asking import BadQueryError
from oda_portal.opendata.columns import ALL
from oda_portal.opendata.problems import (
    CONTENT_TYPE,
    RefusedError,
    bad_query,
    problem_response,
    too_many,
)
from oda_portal.opendata.sharing import CORS
from oda_portal.pages.limits import may_act
from oda_portal.publishing.freshness import MAX_KEPT_QUERY, cached

from .languages import language_asked

# Requests of one address in as many seconds.
LIMIT, SECONDS = 60, 60
METHODS = "GET, HEAD, OPTIONS"
JSON = "application/json"
PREFLIGHT = {
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
    "Allow": METHODS,
}

# From what an address asks (its path, its query and the names in its path) to what JSON takes.
Make = Callable[..., Any]


@dataclass(frozen=True)
class Kept:
    """An answer as it is kept for the generation."""

    body: bytes
    packed: bytes
    etag: str


def endpoint(make: Make) -> Callable[..., HttpResponse]:
    """An address of the API: `make(path, query, …)` gives what is answered.

    It runs with the language of the answer active, and raises BadQueryError or RefusedError.
    """

    @csrf_exempt  # nothing is ever written: other methods are told so, and need no token for it
    @wraps(make)
    def view(request: HttpRequest, **names: str) -> HttpResponse:
        with translation.override(language_asked(request)):
            try:
                response = _answer(request, make, names)
            except BadQueryError as wrong:
                response = problem_response(bad_query(wrong))
            except RefusedError as refused:
                response = problem_response(refused)
            for name, value in (CORS | {"Vary": _vary(request)}).items():
                response.headers[name] = value
            response.headers.setdefault("Content-Language", _languages(request.GET))
            return response

    return view


def _answer(request: HttpRequest, make: Make, names: dict[str, str]) -> HttpResponse:
    if request.method == "OPTIONS":
        return _preflight()
    if request.method not in ("GET", "HEAD"):
        raise RefusedError(
            405,
            _("The data can be read only."),
            _("Possible: %(values)s.") % {"values": METHODS},
            headers={"Allow": METHODS},
        )
    if not may_act(request, "api", limit=LIMIT, seconds=SECONDS):
        raise too_many(LIMIT, SECONDS)
    if not any(request.accepts(form) for form in (JSON, CONTENT_TYPE)):
        raise RefusedError(
            406,
            _("The API answers in JSON alone."),
            _("Possible: %(values)s.") % {"values": JSON},
        )
    return _give(request, _kept(request, make, names))


def _preflight() -> HttpResponse:
    response = HttpResponse(status=204, headers=PREFLIGHT)
    del response.headers["Content-Type"]
    return response


def _kept(request: HttpRequest, make: Make, names: dict[str, str]) -> Kept:
    """As long as nothing changes on the site; what was refused is asked anew."""

    def packed() -> Kept:
        content = make(request.path, request.GET, **names)
        body = json.dumps(content, ensure_ascii=False).encode()
        digest = hashlib.sha256(body + _languages(request.GET).encode()).hexdigest()[:24]
        return Kept(body, gzip.compress(body, 6, mtime=0), f'W/"{digest}"')

    if len(request.META.get("QUERY_STRING", "")) > MAX_KEPT_QUERY:
        return packed()
    asked = f"{request.get_full_path()}\n{translation.get_language()}".encode()
    return cached(f"api:{hashlib.sha256(asked).hexdigest()}", packed)


def _give(request: HttpRequest, kept: Kept) -> HttpResponse:
    packs = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(
        kept.packed if packs else kept.body,
        content_type=JSON,
        headers={"Cache-Control": "public, no-cache", "ETag": kept.etag},
    )
    if packs:
        response.headers["Content-Encoding"] = "gzip"
    return get_conditional_response(request, etag=kept.etag, response=response) or response


def _vary(request: HttpRequest) -> str:
    by = "Accept, Accept-Encoding"
    return by if "lang" in request.GET else f"{by}, Accept-Language"


def _languages(query: QueryDict) -> str:
    if query.get("lang") == ALL:
        return ", ".join(HTML_LANG.values())
    return HTML_LANG[translation.get_language() or "ko"]
