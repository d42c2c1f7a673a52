"""The number of a request: in its answer, in every line of its log, in the tasks that it queued."""

from __future__ import annotations

import re
from contextvars import ContextVar
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest

HEADER = "X-Request-ID"
# Nothing but the letters of a hexadecimal number: no word can travel into the logs that way.
_WELL_FORMED = re.compile(r"[0-9a-f]{16,32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_present: ContextVar[str] = ContextVar("request_id", default="")


def present() -> str:
    """The number of the request, or of the task, that this thread works at; empty without one."""
    return _present.get()


def begin(number: str) -> None:
    """From here on this thread works at that; an empty number ends it."""
    _present.set(number)


def number_of(request: HttpRequest) -> str:
    """What the proxy calls it, if there is a proxy and it is a number; otherwise a new one."""
    given = request.headers.get(HEADER, "").lower() if settings.ALLAUTH_TRUSTED_PROXY_COUNT else ""
    return given if _WELL_FORMED.fullmatch(given) else uuid4().hex
