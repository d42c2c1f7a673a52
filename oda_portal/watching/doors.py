"""Who may ask for figures: programs that watch, from their own addresses or with a token."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.crypto import constant_time_compare

View = Callable[..., HttpResponseBase]
# Not all proxies write the first; programs that watch write none of them.
BY_PROXIES = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Via")


def for_watchers(view: View) -> View:
    """Everybody else gets 404."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not (_has_token(request) or _is_near(request)):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def _has_token(request: HttpRequest) -> bool:
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    wanted = settings.METRICS_TOKEN
    return bool(wanted) and kind == "Bearer" and constant_time_compare(token, wanted)


def _is_near(request: HttpRequest) -> bool:
    """Straight from an address that may ask: what came through a proxy came from the public."""
    if any(name in request.headers for name in BY_PROXIES):
        return False
    try:
        asking = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(asking in network for network in settings.METRICS_NETWORKS)
