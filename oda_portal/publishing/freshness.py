"""Public pages are cached whole under a site generation; a change raises it, and all are old.

An entry also ends when something becomes public or stops being so by the clock alone.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, NamedTuple, TypeVar
from uuid import uuid4

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from oda_portal.display import display_of, has_session
from oda_portal.previewing.looking import present_look
from oda_portal.watching import metrics
from oda_portal.watching.middleware import route_of

GENERATION = "site-generation"
LIFETIME = timedelta(seconds=60)
# Ends of addresses that must answer without asking the cache: those for machines that watch, and
# the picture that counts readers.
NEVER_KEPT = ("/healthz", "/readyz", "/metrics", "/status.json", "/seen.gif")
# A page whose query is longer is made each time: invented queries must not fill the cache.
MAX_KEPT_QUERY = 300
# What a page says about itself beside its type; all other headers are made for each answer.
KEPT_HEADERS = (
    "Content-Disposition",
    "Content-Language",
    "Access-Control-Allow-Origin",
    "Access-Control-Expose-Headers",
    "Cross-Origin-Resource-Policy",
)
# So many pages a process holds; should there be more, all are asked for anew.
MOST_NEAR = 200
# Seconds for which nginx may keep a page without asking. Its clock has whole ones: a page that it
# got at the start of a second is given to the end of the fifth.
MICRO_CACHE = 4

T = TypeVar("T")
View = Callable[..., HttpResponseBase]


@dataclass
class Reading:
    """Since when the request in hand reads, and by which generation, once it was asked for."""

    begun: datetime
    generation: str = ""


_reading: ContextVar[Reading | None] = ContextVar("reading", default=None)


class Entry(NamedTuple):
    """What is kept, the generation in which it was made, and until when it holds."""

    generation: str
    expires: datetime
    value: Any

    def fits(self, present: str, now: datetime) -> bool:
        return self.generation == present and now < self.expires


@contextmanager
def one_generation() -> Iterator[None]:
    """All that is read within is read by one generation, which is asked for once.

    What is made of it meanwhile bears that generation, and is old as soon as there is another. A
    request that raises it goes on with the new one. Within another such block it is that one's.
    """
    if _reading.get():
        yield
        return
    token = _reading.set(Reading(timezone.now()))
    try:
        yield
    finally:
        _reading.reset(token)


def begun() -> datetime:
    """When the request in hand began to read: what it knows of the clock may be as old as that."""
    reading = _reading.get()
    return reading.begun if reading else timezone.now()


def generation() -> str:
    """The present generation of the public site; a lost cache begins a new one."""
    if present := _read_by():
        return present
    return _by(caches["pages"].get(GENERATION))


def _read_by() -> str:
    """The generation by which the request in hand reads, if it was asked for."""
    reading = _reading.get()
    return reading.generation if reading else ""


def _by(found: str | None) -> str:
    """The generation that was found, by which the rest of the request is read."""
    present = found or _begin_generation()
    if reading := _reading.get():
        reading.generation = present
    return present


def _begin_generation() -> str:
    # add(): of two processes that find nothing, both must go on with the same one.
    caches["pages"].add(GENERATION, uuid4().hex, timeout=None)
    return caches["pages"].get(GENERATION)


def raise_generation() -> None:
    caches["pages"].set(GENERATION, uuid4().hex, timeout=None)
    if reading := _reading.get():
        reading.generation = ""


def cached(name: str, make: Callable[[], T], *, timed: bool = True) -> T:
    """What `make` returns, kept for this generation, a minute at most, to the next timed change.

    Not `timed` is what the clock alone never changes, as that which is never published.
    """
    return kept(name, make, timed=timed).value


def kept(name: str, make: Callable[[], Any], *, timed: bool = True) -> Entry:
    """The same, with how long it holds."""
    return _kept(name, make, _to_the_next_change if timed else _a_lifetime)


def fresh(value: Any) -> Entry:
    """For who keeps by themselves what is made now of what is public."""
    return Entry(generation(), _to_the_next_change(begun()), value)


def _to_the_next_change(now: datetime) -> datetime:
    return min(_a_lifetime(now), next_change(now))


def _a_lifetime(now: datetime) -> datetime:
    return now + LIFETIME


def _kept(name: str, make: Callable[[], Any], until: Callable[[datetime], datetime]) -> Entry:
    key, now = f"kept:{name}", timezone.now()
    if present_look():
        return Entry("", now, make())  # it knows of what is not public, and others do not
    asked = [key] if _read_by() else [key, GENERATION]
    found = caches["pages"].get_many(asked)
    present = _by(found[GENERATION]) if GENERATION in found else generation()
    if key in found and (entry := Entry(*found[key])).fits(present, now):
        return entry
    value = make()
    entry = Entry(present, until(now), value)
    caches["pages"].set(key, tuple(entry), timeout=LIFETIME.seconds)
    return entry


def next_change(now: datetime) -> datetime:
    """The next instant at which a page changes by the clock: publication, expiry, midnight.

    Midnight in Korea, since states (planned, under way, closed) are computed from dates. Beyond
    two minutes only midnight is known: nothing is kept for so long.
    """
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    soon = kept("timed-changes", _timed_changes, timed=False).value
    return min([midnight + timedelta(days=1), *(instant for instant in soon if instant > now)])


def _timed_changes() -> list[datetime]:
    """Every timed change of the next two lifetimes, since the answer is kept for one.

    And of the last one: what was begun before such a change may ask only now how long it holds.
    """
    from .changes import timed_columns  # noqa: PLC0415  (it imports this module)

    now = timezone.now()
    span = (now - LIFETIME, now + 2 * LIFETIME)
    columns = timed_columns()
    if not columns:
        return []
    # One question for all of them.
    first, *others = [
        model._default_manager.order_by().filter(**{f"{field}__range": span}).values_list(field)
        for model, field in columns
    ]
    return sorted({instant for (instant,) in first.union(*others)})


def public(view: View) -> View:
    """Declare that a view's pages are the same for everybody and may be kept whole."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.is_public_page = True  # type: ignore[attr-defined]
        with one_generation():
            generation()  # before the first row: what is made of it must not seem newer than it
            return view(request, *args, **kwargs)

    wrapped.is_for_everybody = True  # type: ignore[attr-defined]
    return wrapped


def is_for_everybody(view: View) -> bool:
    """Whether a view was declared public."""
    return getattr(view, "is_for_everybody", False)


class Page(NamedTuple):
    """A whole public page as it is kept."""

    generation: str
    expires: datetime
    packed: bytes
    content_type: str
    etag: str
    headers: dict[str, str]
    route: str

    def fits(self, present: str, now: datetime) -> bool:
        return self.generation == present and now < self.expires


# Pages that this process gave out, under their keys.
_near: dict[str, Page] = {}


class PageCacheMiddleware:
    """Answers reads of public pages from the cache, packed, with an ETag.

    Part of the key are the display cookie, and whether there is a session: nothing else of who
    reads is in a public page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.get_host()  # a wrong one is refused before a kept page is given
        with one_generation():
            return self._kept_or_made(request) if _may_be_kept(request) else self._past(request)

    def _past(self, request: HttpRequest) -> HttpResponse:
        metrics.PAGES.labels("past").inc()
        return _own(request, self.get_response(request))

    def _kept_or_made(self, request: HttpRequest) -> HttpResponse:
        key, now = _key(request), timezone.now()
        # The generation is read before the page is made: a change meanwhile must not be lost.
        present, page = _find(key, now)
        if page:
            metrics.PAGES.labels("hit").inc()
            request.kept_route = page.route  # type: ignore[attr-defined]
            return _answer(request, page, now)
        response = self.get_response(request)
        metrics.PAGES.labels("made").inc()
        if response.status_code != 200 or not _was_for_everybody(request):
            return _own(request, response)
        if response.streaming:  # a file of unknown length, which is nowhere whole
            return response
        # What becomes public while it is made may be missing from it: it ends before that.
        until = _to_the_next_change(now)
        page = _keep(key, present, until, route_of(request), response)
        return _answer(request, page, now)


def _find(key: str, now: datetime) -> tuple[str, Page | None]:
    """The generation, always asked for, and the page that was kept in it.

    Pages stand near as well, so that ten thousand bytes need not come from Redis each time.
    """
    page = _near.get(key)
    if page and page.fits(present := generation(), now):
        return present, page
    found = caches["pages"].get_many([GENERATION, key])
    present = _by(found.get(GENERATION))
    if any(old.generation != present for old in list(_near.values())):  # other threads add to it
        _near.clear()  # what is gone from the site need not stay in memory
    if key not in found or not (fetched := Page(*found[key])).fits(present, now):
        return present, None
    if len(_near) >= MOST_NEAR:
        _near.clear()
    _near[key] = fetched
    return present, fetched


def _may_be_kept(request: HttpRequest) -> bool:
    is_short = len(request.META.get("QUERY_STRING", "")) <= MAX_KEPT_QUERY
    is_read = request.method in ("GET", "HEAD")
    return is_read and is_short and not request.path.endswith(NEVER_KEPT)


def _was_for_everybody(request: HttpRequest) -> bool:
    """Whether the view was declared public, and asked for nobody's session or token."""
    session = getattr(request, "session", None)
    asked = session is not None and session.accessed
    # Django's note that a form has a token of this visitor's.
    has_token = "CSRF_COOKIE_NEEDS_UPDATE" in request.META
    return getattr(request, "is_public_page", False) and not asked and not has_token


def _own(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Somebody's own answer, or an error: nobody else may keep it."""
    public_page = getattr(request, "is_public_page", False)
    rule = "private, no-cache" if public_page else "private, no-store"
    response.headers.setdefault("Cache-Control", rule)
    return response


def _key(request: HttpRequest) -> str:
    letters, contrast = display_of(request)
    query = request.META.get("QUERY_STRING", "")
    seen = f"{request.path}\n{query}\n{letters}.{contrast}.{has_session(request)}".encode()
    return f"whole:{hashlib.sha256(seen).hexdigest()}"


def _keep(key: str, present: str, until: datetime, route: str, response: HttpResponse) -> Page:
    page = Page(
        generation=present,
        expires=until,
        packed=gzip.compress(response.content, 6, mtime=0),
        content_type=response.headers["Content-Type"],
        etag=f'W/"{hashlib.sha256(response.content).hexdigest()[:24]}"',
        headers={name: response[name] for name in KEPT_HEADERS if name in response},
        route=route,
    )
    caches["pages"].set(key, tuple(page), timeout=LIFETIME.seconds)
    return page


def _answer(request: HttpRequest, page: Page, now: datetime) -> HttpResponse:
    if request.META.get("HTTP_IF_NONE_MATCH") == page.etag:
        response = HttpResponse(status=304)
        del response.headers["Content-Type"]
    else:
        response = _whole(page, packed="gzip" in request.META.get("HTTP_ACCEPT_ENCODING", ""))
    for name, value in page.headers.items():
        response.headers[name] = value
    response.headers["ETag"] = page.etag
    response.headers["Vary"] = "Accept-Encoding"
    # Browsers keep the page but ask each time; nginx may answer for a few seconds by itself.
    shared = not has_session(request)
    response.headers["Cache-Control"] = f"{'public' if shared else 'private'}, no-cache"
    remaining = int((page.expires - now).total_seconds())
    # One second less than it has, as nginx's last one is given to its end.
    seconds = max(0, min(MICRO_CACHE, remaining - 1)) if shared else 0
    response.headers["X-Accel-Expires"] = str(seconds)
    return response


def _whole(page: Page, *, packed: bool) -> HttpResponse:
    # Next to nobody asks for a page that is not packed.
    body = page.packed if packed else gzip.decompress(page.packed)
    response = HttpResponse(body, content_type=page.content_type)
    response.headers["Content-Length"] = str(len(body))
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    return response
