"""What waits on the first page of the back office."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oda_portal.admin import Counted

from .models import Hold, PrivacyRequest, RetentionNotice
from .reporting import HOLD_ENDS_SOON


def waiting_requests(request: HttpRequest) -> Counted | None:
    """How many people wait for an answer, how many of them too long, and until when the first."""
    if not request.user.has_perm("privacy.view_privacyrequest"):
        return None
    url = reverse("admin:privacy_privacyrequest_changelist")
    return Counted(
        PrivacyRequest.objects.waiting(),
        _requests,
        f"{url}?state__exact={PrivacyRequest.State.RECEIVED}",
        pressing=Q(due_on__lt=timezone.localdate()),
        due="due_on",
    )


def _requests(count: int, overdue: int) -> str:
    sentence = ngettext(
        "%(count)s request about personal data is waiting for an answer.",
        "%(count)s requests about personal data are waiting for an answer.",
        count,
    ) % {"count": count}
    if overdue:
        sentence += " " + _("Overdue: %(count)s") % {"count": overdue}
    return sentence


def holds_that_end(request: HttpRequest) -> Counted | None:
    """Afterwards what was held goes: whoever still needs it must say so before."""
    if not request.user.has_perm("privacy.view_hold"):
        return None
    url = reverse("admin:privacy_hold_changelist")
    return Counted(
        Hold.objects.ending(HOLD_ENDS_SOON), _holds, f"{url}?standing=ending", due="until"
    )


def _holds(count: int, _pressing: int) -> str:
    return ngettext(
        "%(count)s hold on destruction ends within a week.",
        "%(count)s holds on destruction end within a week.",
        count,
    ) % {"count": count}


def people_not_told(request: HttpRequest) -> Counted | None:
    """Without an address: staff tell them by telephone or letter."""
    if not request.user.has_perm("privacy.view_retentionnotice"):
        return None
    url = reverse("admin:privacy_retentionnotice_changelist")
    return Counted(
        RetentionNotice.objects.untold(), _untold, f"{url}?told_at__isnull=True", due="destroy_on"
    )


def _untold(count: int, _pressing: int) -> str:
    return ngettext(
        "%(count)s person could not be told by email that data will be destroyed.",
        "%(count)s people could not be told by email that data will be destroyed.",
        count,
    ) % {"count": count}
