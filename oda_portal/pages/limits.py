"""How often one address may do something, or have it done to it, without keeping the address.

All limits, one by one: docs/guards.md.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import math
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.utils import timezone, translation

from oda_portal.languages import language_of_path
from oda_portal.publishing.freshness import View, is_for_everybody

# What allauth refuses comes without a time; the longest of its windows is five minutes.
USUAL_WAIT = 300
# Lists looked through for words, by one address, which may be a whole school's.
WORDS_A_MINUTE = 120
# What is longer is not handed back to be sent again.
MAX_LETTERS = 200_000
_TOKEN = "csrfmiddlewaretoken"  # noqa: S105
_REFUSED = {"too_many_login_attempts", "rate_limited"}


# --- counting -----------------------------------------------------------------------------------


def may_act(request: HttpRequest, act: str, *, limit: int, seconds: int) -> bool:
    """Count the act; False once this address did it `limit` times in the present window.

    What is kept is a keyed hash that changes every day, and only for two windows. The answer's
    Retry-After is the rest of the window.
    """
    whose = client_address(request)
    return may_be_done(act, whose, limit=limit, seconds=seconds, request=request)


def may_be_done(
    act: str, whose: str, *, limit: int, seconds: int, request: HttpRequest | None = None
) -> bool:
    """The same for anything that has a name: an email address, say, that is not kept either."""
    wait = _wait(act, whose, limit=limit, seconds=seconds)
    if wait and request is not None:
        request.seconds_to_wait = wait  # type: ignore[attr-defined]
    return not wait


def _wait(act: str, whose: str, *, limit: int, seconds: int) -> int:
    """How many seconds until the next window, or 0: one of the present window's was free.

    The window begins with the first act, for all processes at the same time. Its number outlives
    it: one that ended between two steps would come back without an end.
    """
    day = timezone.localdate().isoformat()
    who = f"{act}:{day}:{whose}".encode()
    key = "limit:" + hmac.new(settings.SECRET_KEY.encode(), who, hashlib.sha256).hexdigest()
    now = time.time()
    began = cache.get_or_set(f"{key}:began", now, timeout=seconds) or now
    number = f"{key}:{began}"
    if cache.add(number, 1, timeout=2 * seconds) or _one_more(number, 2 * seconds) <= limit:
        return 0
    return max(1, math.ceil(began + seconds - now))


def _one_more(number: str, seconds: int) -> int:
    try:
        return cache.incr(number)
    except ValueError:  # the cache was emptied in between
        cache.set(number, 1, timeout=seconds)
        return 1


# --- refusing -----------------------------------------------------------------------------------


def too_many(request: HttpRequest) -> HttpResponse:
    """429 in the language of the address; what was written can be sent again from the page."""
    wait = getattr(request, "seconds_to_wait", USUAL_WAIT)
    context = {
        "minutes": math.ceil(wait / 60),
        "written": _written(request),
        "had_files": bool(request.FILES),
        "here": request.get_full_path(),
    }
    with translation.override(language_of_path(request.path_info)):
        response = render(request, "429.html", context, status=429)
    response.headers["Retry-After"] = str(wait)
    response.headers["Cache-Control"] = "no-store"
    return response


def _written(request: HttpRequest) -> list[tuple[str, str]]:
    """Nothing of a form with a password: that is typed anew."""
    if request.method != "POST" or any("password" in name.lower() for name in request.POST):
        return []
    fields = [
        (name, value) for name, values in request.POST.lists() if name != _TOKEN for value in values
    ]
    letters = sum(len(name) + len(value) for name, value in fields)
    return fields if letters <= MAX_LETTERS else []


class TooManyMiddleware:
    """Every answer to too many tries is a 429, and says when to come back.

    The word box of a public list is counted here, for all of them: what it asks is in no index.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 429:
            wait = getattr(request, "seconds_to_wait", USUAL_WAIT)
            response.headers.setdefault("Retry-After", str(wait))
        return response

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        has_words = is_for_everybody(view) and request.GET.get("q", "").strip()
        if not has_words or may_act(request, "words", limit=WORDS_A_MINUTE, seconds=60):
            return None
        if "format" in request.GET:
            from oda_portal.opendata.lists import busy  # noqa: PLC0415  (it imports this module)

            return busy(request, WORDS_A_MINUTE)
        return too_many(request)

    def process_template_response(
        self, request: HttpRequest, response: TemplateResponse
    ) -> TemplateResponse:
        """allauth shows its form once more with the sentence, as if only a word were wrong."""
        form = (response.context_data or {}).get("form")
        faults = form.errors.as_data() if isinstance(form, BaseForm) and form.is_bound else {}
        if any(error.code in _REFUSED for each in faults.values() for error in each):
            response.status_code = 429
        return response


# --- whose --------------------------------------------------------------------------------------


def mailbox(address: str) -> str:
    """One mailbox for the limits, however its address is written.

    The host as it goes to the mail server, where wide letters are plain ones; and without what
    stands behind a plus, which most servers put into the same box.
    """
    local, _at, host = address.rpartition("@")
    with suppress(UnicodeError):  # no host that mail could go to
        host = host.encode("idna").decode("ascii")
    return f"{local.partition('+')[0]}@{host}".lower()


def client_address(request: HttpRequest) -> str:
    """The caller's network: an IPv4 address, or the 64 bits of an IPv6 household."""
    return _network(caller(request))


def caller(request: HttpRequest) -> str:
    """The caller's own address. Only as many proxies are believed as really stand in front.

    Behind proxies an address that none of them wrote is nobody's: then it is the last proxy's.
    """
    trusted = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if trusted and len(forwarded) >= trusted and forwarded[-trusted]:
        return _bare(forwarded[-trusted])
    return _bare(request.META.get("REMOTE_ADDR", ""))


def _bare(address: str) -> str:
    """Without its port."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.rsplit(":", 1)[0] if address.count(":") == 1 else address


def _network(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return address
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network(f"{found}/64", strict=False))
