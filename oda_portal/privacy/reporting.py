"""The monthly report goes to the privacy officers; each of them gets it once."""

from __future__ import annotations

from datetime import date

from oda_portal.accounts.models import User
from oda_portal.mail.models import Message

from . import mails, monthly

ROLE = "privacy_officer"


def tell_officers(today: date | None = None) -> int:
    """Post the report of last month to whoever has not got it; how many. Safe to repeat."""
    first = monthly.last_month(today)
    officers = User.objects.filter(is_active=True, is_staff=True, groups__name=ROLE).order_by("pk")
    names = {f"access_report:{first:%Y-%m}:{officer.pk}": officer for officer in officers}
    told = set(Message.objects.filter(once__in=names).values_list("once", flat=True))
    waiting = [officer for once, officer in names.items() if once not in told]
    if not waiting:
        return 0
    report = monthly.report_of(first)
    return sum(mails.access_report(report, to=officer) is not None for officer in waiting)
