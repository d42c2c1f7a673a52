"""Which records' masked data somebody may see now, and why: kept in the session for minutes.

A reason opens one record. What is shown under it leaves a look with that reason, each time.
"""

from __future__ import annotations

import time
from typing import Any, NamedTuple

from django.http import HttpRequest

MINUTES = 10
LONGEST_REASON = 300
# In the session: record → [until (seconds since 1970), reason]; and the reason given last.
OPEN, LAST = "revealed", "reveal_reason"
# More than anybody works on at a time.
_MOST = 50


class Revealed(NamedTuple):
    reason: str
    until: float


def reveal(request: HttpRequest, record: str, *, reason: str) -> None:
    """Open this record for some minutes; raises ValueError without a reason."""
    reason = reason.strip()[:LONGEST_REASON]
    if not reason:
        raise ValueError("Masked data are shown for a reason")
    still_open = dict(list(_open(request).items())[-_MOST + 1 :])
    until = time.time() + MINUTES * 60
    request.session[OPEN] = {**still_open, record: [until, reason]}
    request.session[LAST] = reason


def mask_again(request: HttpRequest, record: str) -> None:
    still_open = _open(request)
    still_open.pop(record, None)
    request.session[OPEN] = still_open


def revealed(request: HttpRequest, record: str) -> Revealed | None:
    """None while it is masked; the same answer all through one request."""
    if not hasattr(request, "_revealed"):
        request._revealed = _open(request)  # type: ignore[attr-defined]
    found = request._revealed.get(record)  # type: ignore[attr-defined]
    return Revealed(found[1], found[0]) if found else None


def last_reason(request: HttpRequest) -> str:
    """What a form begins with: work for one reason mostly goes on for the same."""
    return str(request.session.get(LAST, ""))


def record_of(obj: Any) -> str:
    return f"{obj._meta.label_lower}:{obj.pk}"


def _open(request: HttpRequest) -> dict[str, list[Any]]:
    kept = getattr(request, "session", {}).get(OPEN, {})
    now = time.time()
    return {record: entry for record, entry in kept.items() if entry[0] > now}
