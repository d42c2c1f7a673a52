"""Approving what somebody served, and opening it again; each in one transaction, safe twice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..certificates import valid_certificate
from ..models import Application, ServiceRecord, State
from . import attendance

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

# Of whoever has not left there is nothing to approve.
SERVED = (State.DEPLOYED, State.COMPLETED)


def why_not_approve(row: attendance.Row) -> str:
    """Empty where the record can be approved, else the reason, in words for staff."""
    if row.is_fixed:
        return _("Already approved.")
    if row.application.state not in SERVED:
        return _("They have not been marked as deployed.")
    if row.outside:
        return _("Hours are entered on days that are no longer part of the journey. Remove them.")
    if not row.entered:
        return _("No attendance has been entered.")
    return ""


@transaction.atomic
def approve_all(applications: Iterable[Application], *, by: User) -> list[Application]:
    """Fix days and hours of those for whom it can be done; which these were."""
    chosen = sorted(applications, key=lambda row: row.pk)
    # Hours that are being entered at the same moment are waited for.
    attendance.lock(chosen)
    return [row for row in chosen if _approve(row, by=by)]


def _approve(application: Application, *, by: User) -> bool:
    current = Application.objects.select_related("service", "opening").get(pk=application.pk)
    row = attendance.row_of(current, timezone.localdate())
    if why_not_approve(row):
        return False
    record, _made = ServiceRecord.objects.get_or_create(application=current)
    return record.approve(days=row.days, quarters=row.quarters, by=by)


class CertificateOutError(Exception):
    """A certificate states these hours; it has to be revoked first."""


@transaction.atomic
def reopen(application: Application, *, by: User, reason: str) -> bool:
    """Let attendance be corrected; False when it was not approved. Raises CertificateOutError."""
    # Of whoever issues a certificate at the same moment one comes first, and the other sees it.
    attendance.lock([application])
    record = ServiceRecord.objects.filter(application=application).first()
    if record is None or not record.is_approved:
        return False
    if valid_certificate(application) is not None:
        raise CertificateOutError
    return record.reopen(by=by, reason=reason)
