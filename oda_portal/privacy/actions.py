"""What people ask about their data and how the office answers; holds, and longer periods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from oda_portal.audit.models import record_transition

from . import mails
from .models import Hold, PrivacyRequest, RetentionNotice, RetentionRule

if TYPE_CHECKING:
    from datetime import date

    from django.db import models

    from oda_portal.accounts.models import User


def ask(*, by: User, kind: str, text: str) -> tuple[PrivacyRequest, bool]:
    """Receive a request, and tell the person by mail; False with the one that is open already.

    A second click, or the same form in two tabs, finds the first one's row.
    """
    try:
        with transaction.atomic():
            request = PrivacyRequest.objects.create(user=by, kind=kind, text=text)
            mails.request_received(request)
    except IntegrityError:
        opened = PrivacyRequest.objects.visible_to(by).waiting().filter(kind=kind).first()
        if opened is None:
            raise
        return opened, False
    return request, True


@transaction.atomic
def answer(request: PrivacyRequest, *, by: User, text: str) -> None:
    """Raises IllegalMoveError when it is closed already."""
    request.answered(by=by, answer=text)
    mails.request_closed(request)


@transaction.atomic
def refuse(request: PrivacyRequest, *, by: User, reason: str) -> None:
    """Raises IllegalMoveError when it is closed already."""
    request.refused(by=by, reason=reason)
    mails.request_closed(request)


@transaction.atomic
def extend(request: PrivacyRequest, *, by: User, reason: str) -> None:
    """Raises IllegalMoveError when it is closed, late or extended already."""
    request.extend(by=by, reason=reason)
    mails.request_extended(request)


# --- holds --------------------------------------------------------------------------------------


@transaction.atomic
def hold_record(row: models.Model, *, by: User, ground: str, reason: str, until: date) -> Hold:
    """Keep a record, or with an account everything of its person; waits for who destroys it now.

    Raises ObjectDoesNotExist when it is gone meanwhile.
    """
    rows = type(row)._base_manager.select_for_update(no_key=True)
    subject = rows.get(pk=row.pk)
    held = Hold.objects.create(subject=subject, by=by, ground=ground, reason=reason, until=until)
    record_transition(held, "hold", "", "standing", by=by)
    return held


@transaction.atomic
def hold_kind(rule: RetentionRule, *, by: User, ground: str, reason: str, until: date) -> Hold:
    """Keep everything of a kind."""
    held = Hold.objects.create(key=rule.key, by=by, ground=ground, reason=reason, until=until)
    record_transition(held, "hold", "", "standing", by=by)
    return held


@transaction.atomic
def lift(held: Hold, *, by: User) -> bool:
    """End a hold before its day; False when it is over already."""
    if not held.lift(by=by):
        return False
    record_transition(held, "hold", "standing", "lifted", by=by)
    return True


def mark_told(notices: models.QuerySet[RetentionNotice], *, by: User) -> int:
    """That staff told these people in another way; how many were not told yet."""
    told = 0
    for notice in notices.filter(told_at=None):
        with transaction.atomic():
            told += (
                RetentionNotice.objects.untold().filter(pk=notice.pk).update(told_at=timezone.now())
            )
            record_transition(notice, "told", "", "told", by=by)
    return told
