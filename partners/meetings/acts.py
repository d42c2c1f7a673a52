"""Calling and cancelling a meeting, telling of a change, answering; each safe to do twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from ..models import MeetingAnswer, Membership, NetworkMeeting
from . import mails

if TYPE_CHECKING:
    from oda_portal.accounts.models import User


@transaction.atomic
def call(meeting: NetworkMeeting, *, by: User) -> bool:
    """Members see the meeting from now on, and are invited; False when they were before."""
    if not meeting.call(by=by):
        return False
    mails.called(meeting)
    return True


@transaction.atomic
def tell_changes(meeting: NetworkMeeting) -> int:
    """Tell every member of the latest time and place, once for each version; how many mails."""
    if not meeting.called_at or meeting.cancelled_at:
        return 0
    return mails.changed(meeting)


@transaction.atomic
def cancel(meeting: NetworkMeeting, *, by: User, reason: str) -> bool:
    """It does not take place; those who knew of it are told. False when it was cancelled."""
    if not meeting.cancel(by=by, reason=reason):
        return False
    if meeting.called_at:
        mails.cancelled(meeting)
    return True


@transaction.atomic
def answer(meeting: NetworkMeeting, membership: Membership, *, value: str, note: str) -> bool:
    """Say whether one comes, or say otherwise; False when it is too late to."""
    current = NetworkMeeting.objects.select_for_update().get(pk=meeting.pk)
    if not current.takes_answers():
        return False
    MeetingAnswer.objects.update_or_create(
        meeting=current, membership=membership, defaults={"answer": value, "note": note}
    )
    return True
