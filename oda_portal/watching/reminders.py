"""What is sick, on the first page of the back office."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from oda_portal.admin import Reminder

from .looking import look
from .pages import may_see
from .registry import State


def sick_parts(request: HttpRequest) -> Reminder | None:
    """By name, so that whoever looks after the machine need not open the page to know."""
    if not may_see(request):
        return None
    wrong = [one for one in look() if one.state in (State.LATE, State.SICK)]
    if not wrong:
        return None
    names = ", ".join(str(one.check.label) for one in wrong)
    return Reminder(
        _("Not in order: %(names)s.") % {"names": names},
        reverse("admin:system_state"),
        len(wrong),
        is_urgent=any(one.state == State.SICK for one in wrong),
    )
