"""What the sweeper does besides sending: figures for the log, a word to staff, old secrets."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from oda_portal.accounts.models import User

from .models import Message, MessageQuerySet, State
from .outbox import post

log = logging.getLogger(__name__)

STAFF_KIND = "staff_mail_failed"
# A mail that waits longer than this is late: the worker, the timer or the mail server is down.
LATE = timedelta(minutes=10)
# The secrets of mails that never went out (links that have long expired) are not kept longer.
SECRETS_KEPT = timedelta(days=3)
# For so long a failed mail is news.
RECENT = timedelta(days=7)


def keep() -> None:
    log_figures()
    tell_staff()
    wipe_old_secrets()


def is_late() -> bool:
    """Whether mail does not go out as it should: for those who watch, and for staff."""
    age = Message.objects.oldest_waiting()
    return age is not None and age > LATE


def log_figures() -> None:
    age = Message.objects.oldest_waiting()
    if age is not None:
        log.info("outbox: the oldest mail waits for %.0f s", age.total_seconds())


def to_decide(rows: MessageQuerySet) -> MessageQuerySet:
    """Of these what failed of late, and what has an outcome that nobody knows."""
    failed = Q(state=State.FAILED, claimed_at__gte=timezone.now() - RECENT)
    # A mail about failed mails must not beget the next one.
    return rows.filter(failed | Q(state=State.UNKNOWN)).exclude(kind=STAFF_KIND)


def late(rows: MessageQuerySet) -> MessageQuerySet:
    """Of these what should have been on its way for longer than `LATE`."""
    since = timezone.now() - LATE
    waiting = rows.exclude(state__in=(State.SENT, State.FAILED, State.UNKNOWN))
    return waiting.filter(Q(retry_at=None, queued_at__lt=since) | Q(retry_at__lt=since))


def waiting_for_staff() -> tuple[int, int]:
    """How many failed of late, and how many with an outcome that nobody knows."""
    rows = to_decide(Message.objects.all())
    unknown = rows.filter(state=State.UNKNOWN).count()
    return rows.count() - unknown, unknown


def tell_staff() -> None:
    """Once a day, to everybody who may decide, while something has failed since yesterday."""
    today = timezone.localdate()
    since = timezone.now() - timedelta(days=1)
    news = Message.objects.needing_staff().filter(claimed_at__gte=since)
    if not news.exclude(kind=STAFF_KIND).exists():
        return
    failed, unknown = waiting_for_staff()
    for person in _deciders():
        once = f"{STAFF_KIND}:{today}:{person.pk}"
        if Message.objects.filter(once=once).exists():
            continue
        post(
            STAFF_KIND,
            to=person.email,
            name=person.name,
            language=person.preferred_language,
            user=person,
            context={"failed": failed, "unknown": unknown},
            path=reverse("admin:mail_message_changelist"),
            once=once,
        )


def wipe_old_secrets() -> None:
    old = Message.objects.needing_staff().filter(queued_at__lt=timezone.now() - SECRETS_KEPT)
    old.filter(sealed_context__isnull=False).update(sealed_context=None)


def _deciders() -> models.QuerySet[User]:
    may = {"codename": "change_message", "content_type__app_label": "mail"}
    own = Q(**{f"user_permissions__{key}": value for key, value in may.items()})
    by_role = Q(**{f"groups__permissions__{key}": value for key, value in may.items()})
    people = User.objects.filter(is_active=True, is_staff=True)
    return people.filter(Q(is_superuser=True) | own | by_role).distinct()
