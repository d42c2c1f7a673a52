"""What My page shows of this package: papers and topics of whoever has sent some."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from oda_portal.accounts.panels import Panel, register_panel

from . import access
from .own import with_words


def register() -> None:
    panel = Panel("papers", _("My papers and topics"), 13, "forums/papers/panel.html", _context)
    register_panel(panel)


def _context(request: HttpRequest) -> dict[str, Any] | None:
    access.adopt(request)
    rows = access.own(request).filter(user=request.user).order_by("-begun_at", "-pk")  # type: ignore[misc]
    papers = with_words(rows)
    return {"papers": papers} if papers else None
