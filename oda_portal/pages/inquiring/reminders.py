"""What waits on the first page of the back office."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oda_portal.admin import Reminder
from oda_portal.pages.models import Inquiry


def waiting_inquiries(request: HttpRequest) -> Reminder | None:
    """How many questions wait for an answer, and how many of them too long."""
    if not request.user.has_perm("pages.change_inquiry"):
        return None
    due = list(Inquiry.objects.waiting().values_list("due_on", flat=True))
    if not due:
        return None
    sentence = ngettext(
        "%(count)s inquiry is waiting for an answer.",
        "%(count)s inquiries are waiting for an answer.",
        len(due),
    ) % {"count": len(due)}
    if overdue := sum(day < timezone.localdate() for day in due):
        sentence += " " + _("Overdue: %(count)s") % {"count": overdue}
    url = reverse("admin:pages_inquiry_changelist")
    return Reminder(sentence, f"{url}?state__exact={Inquiry.State.RECEIVED}")
