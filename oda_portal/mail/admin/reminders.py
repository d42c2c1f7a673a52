"""What waits for staff on the first page."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from oda_portal.admin import Reminder, remind

from .. import upkeep


def unsent_mail(request: HttpRequest) -> Reminder | None:
    if not request.user.has_perm("mail.change_message"):
        return None
    failed, unknown = upkeep.waiting_for_staff()
    if not failed and not unknown:
        return None
    sentence = _("Failed: %(failed)s. Outcome unknown: %(unknown)s. Please see the outbox.")
    outbox = reverse("admin:mail_message_changelist")
    return Reminder(sentence % {"failed": failed, "unknown": unknown}, f"{outbox}?unsent=decide")


def late_mail(request: HttpRequest) -> Reminder | None:
    """The timer, the worker or the mail server is down."""
    if not request.user.has_perm("mail.view_message") or not upkeep.is_late():
        return None
    return Reminder(
        _("Emails are not going out. Please tell an administrator."),
        f"{reverse('admin:mail_message_changelist')}?unsent=late",
    )


remind(unsent_mail)
remind(late_mail)
