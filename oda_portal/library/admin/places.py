"""What the places of a file are to whoever asks: theirs to see, theirs to change, or neither.

Each record’s own admin says so: of its model, of the kinds of programme that somebody works on, and
of what is closed and changes by a public correction alone.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, QueryDict

from oda_portal.library.uses import Place, pages_of


def to_see(request: HttpRequest, places: Iterable[Place]) -> list[Place]:
    asked = _as_of_the_record(request)
    return [place for place in places if _may(asked, place, "has_view_permission")]


def to_change(request: HttpRequest, places: Iterable[Place], *, whole: bool = True) -> list[Place]:
    """Those that may change; inside a transaction nobody closes them before it ends.

    Not `whole`: for whoever writes some languages alone, in the library as in the record.
    """
    asked = _as_of_the_record(request)
    right = "has_whole_permission" if whole else "has_change_permission"
    return [place for place in places if _may(asked, place, right)]


def _as_of_the_record(request: HttpRequest) -> HttpRequest:
    """What the address of this page says is not about the record: it asks for no correction."""
    asked = copy.copy(request)
    asked.GET = QueryDict()
    return asked


def _may(asked: HttpRequest, place: Place, right: str) -> bool:
    """On one of the pages on which the record is edited."""
    for record in pages_of(place.record):
        known: Any = admin.site._registry.get(type(record))
        if known is not None and getattr(known, right)(asked, record):
            return True
    return False
