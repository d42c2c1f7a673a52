"""How often one address may do something, without keeping the address."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone


def may_act(request: HttpRequest, act: str, *, limit: int, seconds: int) -> bool:
    """Count the act; False once this address did it `limit` times in the present window.

    What is kept is a keyed hash that changes every day, and only for the window.
    """
    day = timezone.localdate().isoformat()
    who = f"{act}:{day}:{client_address(request)}".encode()
    key = "limit:" + hmac.new(settings.SECRET_KEY.encode(), who, hashlib.sha256).hexdigest()
    if cache.add(key, 1, timeout=seconds):
        return True
    try:
        return cache.incr(key) <= limit
    except ValueError:  # it ran out between the two calls: a new window
        cache.set(key, 1, timeout=seconds)
        return True


def client_address(request: HttpRequest) -> str:
    """The caller's address. Only as many proxies are believed as really stand in front."""
    trusted = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if trusted and len(forwarded) >= trusted and forwarded[-trusted]:
        return forwarded[-trusted]
    return request.META.get("REMOTE_ADDR", "")
