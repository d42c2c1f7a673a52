"""What is left of mails with an article: those that could not be sent, for a day."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from oda_portal.mail.models import Message, State
from oda_portal.privacy.destruction import destroy_row
from oda_portal.privacy.registry import PersonalData, register

from .mails import KIND


def register_all() -> None:
    register(
        PersonalData(
            key="news.sent_article",
            label=_("Articles sent by readers"),
            model=Message,
            born="queued_at",
            purpose=_("Sending once more what the mail server did not take"),
            days=1,
            due=_ended,
            destroy=destroy_row,
            person="to",
            position=90,
        )
    )


def _ended(before: datetime) -> QuerySet[Message]:
    """Without success, or sent by a process that was killed before it could delete the row."""
    ended = (State.SENT, State.FAILED, State.UNKNOWN)
    return Message.objects.filter(kind=KIND.name, state__in=ended, claimed_at__lt=before)
