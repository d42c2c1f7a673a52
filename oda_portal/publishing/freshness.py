"""Public pages are cached whole under a site generation; a change raises it, and all are old.

An entry also ends when something becomes public or stops being so by the clock alone.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar
from uuid import uuid4

from django.conf import settings
from django.core.cache import cache
from django.db.models import Min, Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

GENERATION = "site-generation"
MAX_LIFETIME = 60
MICRO_CACHE = 5  # seconds for which nginx may keep a page without asking

T = TypeVar("T")
View = Callable[..., HttpResponse]


def generation() -> str:
    """The present generation of the public site; a lost cache begins a new one."""
    return cache.get(GENERATION) or _begin_generation()


def _begin_generation() -> str:
    # add(): of two processes that find nothing, both must go on with the same one.
    cache.add(GENERATION, uuid4().hex, timeout=None)
    return cache.get(GENERATION)


def raise_generation() -> None:
    cache.set(GENERATION, uuid4().hex, timeout=None)


def cached(name: str, make: Callable[[], T], *, lifetime: int = MAX_LIFETIME) -> T:
    """What `make` returns, kept for this generation and at most until the next timed change."""
    key = f"kept:{name}"
    kept = cache.get_many([GENERATION, key])
    present = kept.get(GENERATION) or _begin_generation()
    if key in kept and kept[key][0] == present:
        return kept[key][1]
    value = make()
    cache.set(key, (present, value), timeout=lifetime)
    return value


def next_change(now: datetime) -> datetime:
    """The next instant at which a page changes by the clock: publication, expiry, midnight.

    Midnight in Korea, since states (planned, under way, closed) are computed from dates.
    """
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    later = [instant for instant in cached("timed-changes", _timed_changes) if instant > now]
    return min([midnight + timedelta(days=1), *later])


def _timed_changes() -> list[datetime]:
    from .changes import publishable_models  # it imports this module

    now, found = timezone.now(), []
    for model in publishable_models():
        instants = model._default_manager.aggregate(
            publish=Min("publish_at", filter=Q(publish_at__gt=now)),
            expire=Min("expire_at", filter=Q(expire_at__gt=now)),
        )
        found += [instant for instant in instants.values() if instant]
    return found


def public(view: View) -> View:
    """Declare that a view's pages are the same for everybody and may be kept whole."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.is_public_page = True  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return wrapped


@dataclass(frozen=True)
class Page:
    """A whole public page as it is kept."""

    generation: str
    expires: datetime
    body: bytes
    packed: bytes
    content_type: str
    etag: str


class PageCacheMiddleware:
    """Answers anonymous reads of public pages from the cache, packed, with an ETag.

    Whoever has a session cookie is served past it. The display cookie is part of the key.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD") or settings.SESSION_COOKIE_NAME in request.COOKIES:
            response = self.get_response(request)
            if getattr(request, "is_public_page", False):
                response.headers.setdefault("Cache-Control", "private, no-cache")
            return response
        key = _key(request)
        kept = cache.get_many([GENERATION, key])
        page, now = kept.get(key), timezone.now()
        if page and page.generation == kept.get(GENERATION) and page.expires > now:
            return _answer(request, page, now)
        # Read before the page is made: a change while it is made must not be lost.
        present = kept.get(GENERATION) or _begin_generation()
        response = self.get_response(request)
        if not getattr(request, "is_public_page", False) or response.status_code != 200:
            return response
        page = _keep(key, present, response)
        return _answer(request, page, now)


def _key(request: HttpRequest) -> str:
    display = request.COOKIES.get("display", "")
    seen = f"{request.get_full_path()}\n{display}".encode()
    return f"page:{hashlib.sha256(seen).hexdigest()}"


def _keep(key: str, present: str, response: HttpResponse) -> Page:
    now = timezone.now()
    page = Page(
        generation=present,
        expires=min(now + timedelta(seconds=MAX_LIFETIME), next_change(now)),
        body=response.content,
        packed=gzip.compress(response.content, 6, mtime=0),
        content_type=response.headers["Content-Type"],
        etag=f'W/"{hashlib.sha256(response.content).hexdigest()[:24]}"',
    )
    cache.set(key, page, timeout=MAX_LIFETIME)
    return page


def _answer(request: HttpRequest, page: Page, now: datetime) -> HttpResponse:
    if request.headers.get("If-None-Match") == page.etag:
        response = HttpResponse(status=304)
        del response.headers["Content-Type"]
    else:
        wants_gzip = "gzip" in request.headers.get("Accept-Encoding", "")
        response = HttpResponse(
            page.packed if wants_gzip else page.body, content_type=page.content_type
        )
        if wants_gzip:
            response.headers["Content-Encoding"] = "gzip"
    response.headers["ETag"] = page.etag
    response.headers["Vary"] = "Accept-Encoding"
    # Browsers keep the page but ask each time; nginx may answer for a few seconds by itself.
    response.headers["Cache-Control"] = "public, no-cache"
    remaining = int((page.expires - now).total_seconds())
    response.headers["X-Accel-Expires"] = str(max(0, min(MICRO_CACHE, remaining)))
    return response
