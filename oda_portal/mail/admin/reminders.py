"""What waits for staff on the first page."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oda_portal.admin import Counted, remind

from .. import upkeep
from ..models import Message, State
from .outbox import TO_DECIDE


@remind
def unsent_mail(request: HttpRequest) -> Counted | None:
    if not request.user.has_perm("mail.change_message"):
        return None
    return Counted(
        upkeep.to_decide(Message.objects.all()),
        _unsent,
        f"{reverse('admin:mail_message_changelist')}?unsent={TO_DECIDE}",
        pressing=Q(state=State.UNKNOWN),
        is_urgent=True,
    )


def _unsent(count: int, unknown: int) -> str:
    sentence = _("Failed: %(failed)s. Outcome unknown: %(unknown)s. Please see the outbox.")
    return sentence % {"failed": count - unknown, "unknown": unknown}


@remind
def late_mail(request: HttpRequest) -> Counted | None:
    """The timer, the worker or the mail server is down."""
    if not request.user.has_perm("mail.view_message"):
        return None
    return Counted(
        upkeep.late(Message.objects.all()),
        _late,
        f"{reverse('admin:mail_message_changelist')}?unsent=late",
        is_urgent=True,
    )


def _late(count: int, pressing: int) -> str:
    sentence = ngettext(
        "%(count)s email is not going out. Please tell an administrator.",
        "%(count)s emails are not going out. Please tell an administrator.",
        count,
    )
    return sentence % {"count": count}
