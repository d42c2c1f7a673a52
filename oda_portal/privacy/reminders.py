"""What waits on the first page of the back office."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oda_portal.admin import Reminder

from .models import PrivacyRequest


def waiting_requests(request: HttpRequest) -> Reminder | None:
    """How many people wait for an answer, and how many of them too long."""
    if not request.user.has_perm("privacy.view_privacyrequest"):
        return None
    due = list(PrivacyRequest.objects.waiting().values_list("due_on", flat=True))
    if not due:
        return None
    overdue = sum(day < timezone.localdate() for day in due)
    sentence = ngettext(
        "%(count)s request about personal data is waiting for an answer.",
        "%(count)s requests about personal data are waiting for an answer.",
        len(due),
    ) % {"count": len(due)}
    if overdue:
        sentence += " " + _("Overdue: %(count)s") % {"count": overdue}
    url = reverse("admin:privacy_privacyrequest_changelist")
    return Reminder(sentence, f"{url}?state__exact={PrivacyRequest.State.RECEIVED}")
