"""What waits on the first page of the back office."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oda_portal.admin import Counted

from .models import PrivacyRequest


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
