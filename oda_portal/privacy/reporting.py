"""What goes to the privacy officers by mail: the monthly report, and what is due soon."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from oda_portal.accounts.models import User
from oda_portal.mail.models import Message

from . import mails, monthly
from .models import Hold, PrivacyRequest, RetentionNotice
from .models.requests import SOON

HOLD_ENDS_SOON = 7
ROLE = "privacy_officer"


def tell_officers(today: date | None = None) -> int:
    """Post the report of last month to whoever has not got it; how many. Safe to repeat."""
    first = monthly.last_month(today)
    names = {f"access_report:{first:%Y-%m}:{officer.pk}": officer for officer in _officers()}
    told = set(Message.objects.filter(once__in=names).values_list("once", flat=True))
    waiting = [officer for once, officer in names.items() if once not in told]
    if not waiting:
        return 0
    report = monthly.report_of(first)
    return sum(mails.access_report(report, to=officer) is not None for officer in waiting)


def tell_deadlines() -> int:
    """Post what is due soon to the officers, each day that there is something; how many."""
    figures = due_soon()
    if not any(figures.values()):
        return 0
    day = timezone.localdate()
    posted = [mails.privacy_deadlines(figures, to=officer, day=day) for officer in _officers()]
    return sum(mail is not None for mail in posted)


def due_soon() -> dict[str, int]:
    today, waiting = timezone.localdate(), PrivacyRequest.objects.waiting()
    soon = waiting.filter(due_on__gte=today, due_on__lte=today + timedelta(days=SOON))
    return {
        "requests": soon.count(),
        "overdue": waiting.filter(due_on__lt=today).count(),
        "holds": Hold.objects.ending(HOLD_ENDS_SOON).count(),
        "untold": RetentionNotice.objects.untold().count(),
    }


def _officers() -> QuerySet[User]:
    officers = User.objects.filter(is_active=True, is_staff=True, groups__name=ROLE)
    return officers.order_by("pk")
