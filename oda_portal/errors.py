"""Pages for what went wrong, in the language of the address."""

import sys
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from .languages import HTML_LANG, language_of_path, path_in
from .missing import MissingError
from .opendata.problems import failure, is_for_programs
from .watching.metrics import count_unavailable


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _bare(request, "400.html", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _framed(request, "403.html", 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    reason = str(exception) if isinstance(exception, MissingError) else ""
    return _framed(request, "404.html", 404, reason=reason)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when what we stand on does not answer: then waiting helps."""
    if count_unavailable(sys.exc_info()[1]):
        response = _bare(request, "503.html", 503)
        response.headers["Retry-After"] = "120"
        return response
    return _bare(request, "500.html", 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _framed(request, "403.html", 403, token_failed=True)


def _framed(request: HttpRequest, template: str, status: int, **context: Any) -> HttpResponse:
    """With the site's head and foot; an error before the language middleware has no language."""
    with translation.override(language_of_path(request.path_info)):
        return render(request, template, context, status=status)


def _bare(request: HttpRequest, template: str, status: int) -> HttpResponse:
    """Without database, cache or context processors: one of them may be what failed."""
    language = language_of_path(request.path_info)
    with translation.override(language):
        if is_for_programs(request):
            return failure(status)
        context = {"html_lang": HTML_LANG[language], "home_url": path_in("/", language)}
        response = render(None, template, context, status=status)
        response.headers["Content-Language"] = HTML_LANG[language]
        return response
