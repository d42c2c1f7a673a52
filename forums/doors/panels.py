"""What My page shows of the door, to staff, on a day when it is open."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from forums.models import Forum
from oda_portal.accounts.areas import within
from oda_portal.accounts.panels import Panel, register_panel

from . import attendance
from .permissions import can_check_in


def register() -> None:
    register_panel(Panel("check-in", _("Check-in"), 3, "forums/check_in_panel.html", _context))


def _context(request: HttpRequest) -> dict[str, Any] | None:
    if not can_check_in(request.user):
        return None
    theirs = Forum.objects.filter(within(request.user, Forum), frozen_at=None)
    rows = theirs.exclude(pool=None).select_related("program")
    forums = [forum for forum in rows.newest_first()[:20] if attendance.is_open(forum)]
    return {"forums": forums} if forums else None
