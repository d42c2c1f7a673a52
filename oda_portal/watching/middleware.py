"""Around every request: its number, and how long it took."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from . import ids, metrics

FOR_WATCHERS = ("/metrics", "/status.json")


class WatchMiddleware:
    """Gives each request a number, and counts it by the name of its route and its status.

    Stands before all others, so that what they answer by themselves is counted too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        number = request.number = ids.number_of(request)  # type: ignore[attr-defined]
        ids.begin(number)
        try:
            response = self.get_response(request)
        finally:
            ids.begin("")
        response.headers[ids.HEADER] = number
        metrics.REQUESTS.labels(route_of(request), f"{response.status_code // 100}xx").observe(
            time.perf_counter() - begun
        )
        return response


class ByAnyNameMiddleware:
    """A program that watches asks each container by the name or number that it happens to have.

    What it is given says nothing of that name, so that any will do; for all else names are checked.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info in FOR_WATCHERS:
            request.META["HTTP_HOST"] = urlsplit(settings.SITE_URL).netloc
        return self.get_response(request)


def route_of(request: HttpRequest) -> str:
    """The name of the route, never the path; all pages of an app in the back office are one."""
    match = request.resolver_match
    if match is None:
        is_static = request.path_info.startswith(settings.STATIC_URL)
        return getattr(request, "kept_route", "static" if is_static else "none")
    if match.namespaces[:1] == ["admin"]:
        return f"admin:{(match.url_name or '').partition('_')[0]}"
    return match.view_name or "unnamed"
