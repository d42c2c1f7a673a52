"""Why a record is left as it is, by whatever way somebody acts on it.

The form of a record asks its admin; what writes without one (many at once, in the background, an
old version put back) asks here. Apps register what keeps their records closed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from oda_portal.accounts.areas import is_theirs
from oda_portal.accounts.roles import languages_to_write

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

# A sentence why nobody changes the row, or “”; with `lock` it stays true until the transaction
# ends. Asked before the row itself is locked.
Refuse = Callable[[Any, bool], str]

_finders: list[Refuse] = []


def register(refuse: Refuse) -> None:
    _finders.append(refuse)


def why_not(row: models.Model, by: User, *, lock: bool) -> str:
    """Why this person must not change the row as a whole; “” where they may."""
    for refuse in _finders:
        if sentence := refuse(row, lock):
            return sentence
    if not is_theirs(by, row) or languages_to_write(by, type(row)) is not None:
        return not_theirs()
    return ""


def not_theirs() -> str:
    return _("You may not change this record.")
