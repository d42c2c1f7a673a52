"""What waits on the first page of the back office."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oda_portal.admin import Counted
from oda_portal.pages.models import Inquiry


def waiting_inquiries(request: HttpRequest) -> Counted | None:
    """How many questions wait for an answer, and how many of them too long."""
    if not request.user.has_perm("pages.change_inquiry"):
        return None
    url = reverse("admin:pages_inquiry_changelist")
    return Counted(
        Inquiry.objects.waiting(),
        _inquiries,
        f"{url}?state__exact={Inquiry.State.RECEIVED}",
        pressing=Q(due_on__lt=timezone.localdate()),
        due="due_on",
    )


def _inquiries(count: int, overdue: int) -> str:
    sentence = ngettext(
        "%(count)s inquiry is waiting for an answer.",
        "%(count)s inquiries are waiting for an answer.",
        count,
    ) % {"count": count}
    if overdue:
        sentence += " " + _("Overdue: %(count)s") % {"count": overdue}
    return sentence
