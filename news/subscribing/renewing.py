"""Consent is asked for again every two years; whoever does not answer gets no more mail.

What is no longer needed goes as well: who was sent what, when no mail can repeat it any more.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from ..models import Delivery, Subscription
from . import actions, mails

# So long before its end everybody is asked, and so long they have at least.
ASKED_BEFORE = timedelta(days=30)
TIME_TO_ANSWER = timedelta(days=14)
# No run looks back further than its two months.
DELIVERIES_KEPT = timedelta(days=366)


def run(now: datetime | None = None) -> None:
    now = now or timezone.now()
    ask(now)
    end_unanswered(now)
    Delivery.objects.filter(at__lt=now - DELIVERIES_KEPT).delete()


def ask(now: datetime) -> int:
    """Ask everybody whose two years end within a month, once."""
    near = Subscription.objects.active().filter(
        reconfirm_by__lte=now + ASKED_BEFORE, renewal_asked_at=None
    )
    return sum(_ask(pk, now) for pk in list(near.values_list("pk", flat=True)))


@transaction.atomic
def _ask(pk: int, now: datetime) -> bool:
    asked = Subscription.objects.active().filter(pk=pk, renewal_asked_at=None)
    if not asked.update(renewal_asked_at=now):
        return False
    return mails.renewal_wanted(Subscription.objects.get(pk=pk))


def end_unanswered(now: datetime) -> int:
    """Also where the timer stood still: nobody's ends before they had time to answer."""
    over = Subscription.objects.active().filter(
        reconfirm_by__lte=now, renewal_asked_at__lte=now - TIME_TO_ANSWER
    )
    return sum(actions.end(row, by=None, reason="not confirmed again") for row in over)
