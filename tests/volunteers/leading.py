"""Calls that lead to a kind of programme, and what hangs on them."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.utils import timezone

from tests.factories import ApplicationFactory, OpeningFactory, ProgramFactory
from volunteers.models import Application, Opening

_numbers = count(10000)


def opening_of(kind: str | None, **fields: Any) -> Opening:
    """Of a call of its own, unless told; without a kind it belongs to no programme yet."""
    return OpeningFactory(program=ProgramFactory(kind=kind) if kind else None, **fields)


def application_of(kind: str | None, **fields: Any) -> Application:
    """Handed in, with a place in the call's opening."""
    opening = opening_of(kind)
    values = {"state": "completed", "receipt": f"LEADS-{next(_numbers)}", **fields}
    return ApplicationFactory(call=opening.call, opening=opening, sent_at=timezone.now(), **values)
