"""Letting people in, and taking it back. Twice is once, whoever sends it how often."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forums.freezing import FrozenError, require_open
from forums.models import Arrival, Registration
from oda_portal.audit.models import record_transition

from . import attendance, certificates

if TYPE_CHECKING:
    from oda_portal.accounts.models import User


class RefusedError(Exception):
    """Nobody was let in and nothing changed; the text says why, in the active language."""


class LetIn(NamedTuple):
    """`people`: how many came in by this act; 0 when all of the party were in before it."""

    registration: Registration
    people: int


@transaction.atomic
def check_in(
    registration: Registration,
    *,
    key: UUID,
    by: User,
    people: int | None = None,
    at: datetime | None = None,
    reason: str = "",
) -> LetIn:
    """Let in `people` of the party, by default all that are still expected.

    The same `key` again changes nothing, also after it was undone. `at` is when they stood at the
    door. After the event a `reason` is asked for: somebody was there and was not checked in.
    Raises RefusedError.
    """
    current = _locked(registration)
    at = at or timezone.now()
    if Arrival.objects.filter(key=key).exists():
        return LetIn(current, 0)
    if refusal := attendance.why_not(current) or _why_closed(current, at, reason):
        raise RefusedError(refusal)
    left = current.size - current.arrived
    if left == 0:
        return LetIn(current, 0)
    if people is not None and not 1 <= people <= left:
        raise RefusedError(_too_many(left))
    people = people or left
    Arrival.objects.create(registration=current, key=key, people=people, at=at, by=by)
    _move(current, current.arrived + people, current.arrived_at or at, by=by, reason=reason)
    return LetIn(current, people)


@transaction.atomic
def undo(registration: Registration, *, by: User, reason: str) -> bool:
    """Nobody of the party is in any more. False when nobody was; raises RefusedError."""
    current = _locked(registration)
    if current.arrived_at is None:
        return False
    if certificates.valid_certificate(current):
        raise RefusedError(
            _("A certificate of attendance was issued for this. Revoke the certificate first.")
        )
    Arrival.objects.filter(registration=current, undone_at=None).update(undone_at=timezone.now())
    _move(current, 0, None, by=by, reason=reason)
    return True


def _locked(registration: Registration) -> Registration:
    """The row as it is now, held until the end: the edition first, as every act has it."""
    try:
        require_open(registration.forum)
    except FrozenError as frozen:
        raise RefusedError(str(frozen)) from frozen
    rows = Registration.objects.select_for_update(of=("self",)).select_related("forum__program")
    return rows.get(pk=registration.pk)


def _why_closed(registration: Registration, at: datetime, reason: str) -> str:
    if reason and attendance.is_over(registration.forum):
        return ""
    return attendance.why_closed(registration.forum, at)


def _too_many(left: int) -> str:
    sentence = ngettext(
        "Only %(left)s more person is expected with this number.",
        "Only %(left)s more people are expected with this number.",
        left,
    )
    return sentence % {"left": left}


def _move(
    registration: Registration, arrived: int, at: datetime | None, *, by: User, reason: str
) -> None:
    before = registration.arrived
    registration.arrived, registration.arrived_at = arrived, at
    registration.save(update_fields=["arrived", "arrived_at"])
    record_transition(registration, "people in", str(before), str(arrived), by=by, reason=reason)
