"""Personal data of meetings: who said whether they come, and who does what."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from oda_portal.privacy.destruction import BY_PERSON, destroy_all, destroy_row
from oda_portal.privacy.registry import PersonalData, register

from ..models import ActionItem, MeetingAnswer

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

ANSWER, ITEM = "partners.meeting_answer", "partners.action_item"


def register_all() -> None:
    register(
        PersonalData(
            key=ANSWER,
            label=_("Answers to invitations to network meetings"),
            model=MeetingAnswer,
            born="answered_at",
            purpose=_("Preparing the meeting, and its minutes"),
            days=365,
            due=_answers_before,
            destroy=destroy_row,
            of=_answers_of,
            person="membership__user",
            given_as="partners.meeting_answers",
            export=_answers,
            close=_close_answers,
            # Before the memberships, with which they would go.
            position=38,
        )
    )
    register(
        PersonalData(
            key=ITEM,
            label=_("Action items of the network"),
            model=ActionItem,
            born="due_on",
            purpose=_("Knowing who does what was agreed, until when"),
            days=3 * 365,
            due=_items_before,
            destroy=destroy_row,
            of=_items_of,
            person="owner__user",
            given_as="partners.action_items",
            export=_items,
            close=_close_items,
            position=38,
        )
    )


def _answers_before(before: datetime) -> models.QuerySet[MeetingAnswer]:
    return MeetingAnswer.objects.filter(meeting__ends_at__lt=before)


def _items_before(before: datetime) -> models.QuerySet[ActionItem]:
    """Done or not: three years after they were due nobody is asked for them any more."""
    return ActionItem.objects.filter(due_on__lt=before.date())


def _answers_of(user: User) -> models.QuerySet[MeetingAnswer]:
    return MeetingAnswer.objects.filter(membership__user=user)


def _items_of(user: User) -> models.QuerySet[ActionItem]:
    return ActionItem.objects.filter(owner__user=user)


def _answers(user: User) -> list[dict[str, Any]]:
    rows = _answers_of(user)
    return [dict(row) for row in rows.values("meeting__slug", "answer", "note", "answered_at")]


def _items(user: User) -> list[dict[str, Any]]:
    rows = _items_of(user)
    return [dict(row) for row in rows.values("meeting__slug", "what", "due_on", "done_at")]


def _close_answers(user: User) -> None:
    destroy_all(ANSWER, _answers_of(user), rule=BY_PERSON)


def _close_items(user: User) -> None:
    """What was agreed stays the network's; whose it was goes with the membership."""
    _items_of(user).update(owner=None)
