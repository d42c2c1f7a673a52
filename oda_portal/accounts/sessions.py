"""How long one stays signed in: staff 15 minutes without a request and 8 hours at most.

The user is looked up when a page first asks, so that public pages neither touch the session nor
prolong it.
"""

from __future__ import annotations

import time
from typing import NamedTuple

from django.contrib.auth import get_user
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from .inside import is_inside
from .models import User

# Seconds since 1970, in the session.
SIGNED_IN_AT, SEEN_AT = "signed_in_at", "seen_at"
# The script that saves drafts by itself sends this header: it is no sign of a person.
BACKGROUND = "X-Background"
# A session is written at most this often for being used.
_WRITE_AFTER = 20


class Limits(NamedTuple):
    """In seconds."""

    idle: int
    at_most: int
    warning: int


CITIZENS = Limits(idle=60 * 60, at_most=24 * 60 * 60, warning=5 * 60)
STAFF = Limits(idle=15 * 60, at_most=8 * 60 * 60, warning=2 * 60)


def limits_of(user: User) -> Limits:
    return STAFF if user.is_staff else CITIZENS


def seconds_left(request: HttpRequest) -> int | None:
    """Until the person is signed out, were this the last request; None for who is not signed in."""
    if not request.user.is_authenticated:
        return None
    limits, now = limits_of(request.user), time.time()
    seen = request.session.get(SEEN_AT, now)
    ends = min(seen + limits.idle, request.session.get(SIGNED_IN_AT, now) + limits.at_most)
    return max(0, int(ends - now))


def stay(request: HttpRequest) -> None:
    """The person is here: the idle time begins anew."""
    now = time.time()
    request.session.setdefault(SIGNED_IN_AT, now)
    if now - request.session.get(SEEN_AT, 0) >= _WRITE_AFTER:
        request.session[SEEN_AT] = now


class SessionLimitsMiddleware(AuthenticationMiddleware):
    """`request.user`, who is nobody once the time is over."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        user = SimpleLazyObject(lambda: _user_in_time(request))
        request.user = user  # type: ignore[assignment]


def _user_in_time(request: HttpRequest) -> User | AnonymousUser:
    if hasattr(request, "_user_in_time"):
        return request._user_in_time
    user = get_user(request)
    if user.is_authenticated:
        if _is_over(request, user):
            request.signed_out_user = user.pk  # type: ignore[attr-defined]
            request.session.flush()
            user = AnonymousUser()
        elif user.is_staff and not is_inside(request):
            user = AnonymousUser()
        elif not is_background(request):
            stay(request)
    request._user_in_time = user  # type: ignore[attr-defined]
    return user


def _is_over(request: HttpRequest, user: User) -> bool:
    limits, now = limits_of(user), time.time()
    signed_in, seen = request.session.get(SIGNED_IN_AT, now), request.session.get(SEEN_AT, now)
    return now - seen >= limits.idle or now - signed_in >= limits.at_most


def is_background(request: HttpRequest) -> bool:
    return BACKGROUND in request.headers
