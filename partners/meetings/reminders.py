"""What is said by the clock: open action items on Mondays, agreements before they end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from oda_portal.accounts.models import User

from ..models import ActionItem, Agreement, Membership
from . import mails

# Days before an agreement ends; whoever was told at one is not told at those above it.
STEPS = (90, 30, 7)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


# --- action items ---------------------------------------------------------------------------------


def remind_of_items() -> int:
    """One mail this week to everybody with something open; how many. Safe twice.

    A meeting that was cancelled keeps what was agreed before it open; who left has nothing to do.
    """
    monday = monday_of(timezone.localdate())
    fresh = Q(reminded_on=None) | Q(reminded_on__lt=monday)
    due = (
        ActionItem.objects.open()
        .filter(fresh, owner__in=Membership.objects.active())
        .select_related("owner__user")
        .order_by("owner__user", "due_on", "pk")
    )
    sent = 0
    for user, items in groupby(due, key=lambda item: item.owner.user):  # type: ignore[union-attr]
        sent += _remind(user, list(items), monday)
    return sent


@transaction.atomic
def _remind(user: User, items: list[ActionItem], monday: date) -> bool:
    """Killed in between, nothing is written; twice at once, the outbox takes the first."""
    rows = ActionItem.objects.open().filter(pk__in=[item.pk for item in items])
    if not rows.update(reminded_on=monday):
        return False
    return mails.items_open(user, items, monday)


# --- agreements -----------------------------------------------------------------------------------


def remind_of_agreements() -> int:
    """Tell staff of agreements that end within 90, 30 and 7 days; how many mails. Safe twice.

    The outbox knows what was told: extended, an agreement is told of anew before its new end.
    """
    today, staff = timezone.localdate(), list(keepers())
    ending = Agreement.objects.filter(
        valid_until__gte=today, valid_until__lte=today + timedelta(days=STEPS[0])
    )
    return sum(_tell_of(agreement, staff, today) for agreement in ending.order_by("pk"))


def step_of(valid_until: date, today: date) -> int | None:
    """The reminder whose time has come; None before all of them."""
    left = (valid_until - today).days
    return min((step for step in STEPS if left <= step), default=None)


def _tell_of(agreement: Agreement, staff: Sequence[User], today: date) -> int:
    step = step_of(agreement.valid_until, today) if agreement.valid_until else None
    return mails.agreement_ends(agreement, staff, days=step) if step else 0


def keepers() -> QuerySet[User]:
    """Staff whose role keeps agreements: those who may add one."""
    permission = Permission.objects.filter(
        content_type__app_label="partners", codename="add_agreement"
    )
    rows = User.objects.filter(is_staff=True, is_active=True)
    return rows.filter(groups__permissions__in=permission).distinct().order_by("pk")
