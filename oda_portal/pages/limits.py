"""How often one address may do something, or have it done to it, without keeping the address."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from contextlib import suppress

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone


def may_act(request: HttpRequest, act: str, *, limit: int, seconds: int) -> bool:
    """Count the act; False once this address did it `limit` times in the present window.

    What is kept is a keyed hash that changes every day, and only for the window.
    """
    return may_be_done(act, client_address(request), limit=limit, seconds=seconds)


def may_be_done(act: str, whose: str, *, limit: int, seconds: int) -> bool:
    """The same for anything that has a name: an email address, say, that is not kept either."""
    day = timezone.localdate().isoformat()
    who = f"{act}:{day}:{whose}".encode()
    key = "limit:" + hmac.new(settings.SECRET_KEY.encode(), who, hashlib.sha256).hexdigest()
    if cache.add(key, 1, timeout=seconds):
        return True
    try:
        return cache.incr(key) <= limit
    except ValueError:  # it ran out between the two calls: a new window
        cache.set(key, 1, timeout=seconds)
        return True


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
    """The caller's address. Only as many proxies are believed as really stand in front."""
    trusted = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if trusted and len(forwarded) >= trusted and forwarded[-trusted]:
        return _network(forwarded[-trusted])
    return _network(request.META.get("REMOTE_ADDR", ""))


def _network(address: str) -> str:
    """One household: an IPv4 address without its port, or an IPv6 network of 64 bits."""
    bare = address.rsplit(":", 1)[0] if address.count(":") == 1 else address.strip("[]")
    try:
        found = ipaddress.ip_address(bare)
    except ValueError:
        return bare
    return bare if found.version == 4 else str(ipaddress.ip_network(f"{found}/64", strict=False))
