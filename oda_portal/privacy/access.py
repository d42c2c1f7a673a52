"""Every look at personal data leaves a row: who, when, from where, whose, and what was done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.http import HttpRequest

from oda_portal.accounts.roles import groups_of
from oda_portal.pages.limits import client_address

from .models import AccessRecord, AccessSubject, Act

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

SUPERUSER = "superuser"
_MOST_REASON = 300


def record_look(
    who: HttpRequest | User,
    act: Act,
    people: Iterable[models.Model],
    *,
    what: str = "",
    reason: str = "",
) -> AccessRecord:
    """Write one act with the rows it shows, before they are shown.

    `people` are the records looked at; only their kind and number are kept (of a row of this log,
    the record that it is about). `what` is what was looked at, by default the kind of the first of
    them. Raises ValueError for an export without a reason.
    """
    shown = list(dict.fromkeys(map(_record, people)))
    reason = reason.strip()
    if act == Act.EXPORT and not reason:
        raise ValueError("An export needs a reason")
    user, address = _who(who)
    record = AccessRecord(
        user=user,
        account=user.email,
        roles=", ".join(_roles(user))[:300],
        address=address,
        act=act,
        what=(what or (shown[0][0] if shown else ""))[:100],
        reason=reason[:_MOST_REASON],
    )
    if not shown:  # one row needs no transaction
        record.save()
        return record
    with transaction.atomic():
        record.save()
        AccessSubject.objects.bulk_create(
            AccessSubject(record=record, label=label, object_id=pk) for label, pk in shown
        )
    return record


def _record(person: models.Model) -> tuple[str, int]:
    if isinstance(person, AccessSubject):
        return person.label, person.object_id
    return person._meta.label_lower, person.pk


def _who(who: HttpRequest | User) -> tuple[User, str]:
    if isinstance(who, HttpRequest):
        # Only who is signed in gets as far as anybody's data.
        return who.user, client_address(who)  # type: ignore[return-value]
    return who, ""


def _roles(user: User) -> list[str]:
    groups = groups_of(user)
    return [SUPERUSER, *groups] if user.is_superuser else groups
