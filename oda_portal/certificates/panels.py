"""What My page shows of certificates."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from oda_portal.accounts.panels import Panel, register_panel

from .models import Certificate

TONES = {
    Certificate.State.VALID: "open",
    Certificate.State.REVOKED: "bad",
    Certificate.State.REISSUED: "closed",
}


def register() -> None:
    register_panel(
        Panel("certificates", _("My certificates"), 15, "certificates/panel.html", _context)
    )


def _context(request: HttpRequest) -> dict[str, Any] | None:
    """Left out for whoever has none."""
    rows = Certificate.objects.visible_to(request.user)
    certificates = [{"row": row, "tone": TONES[row.state]} for row in rows]
    return {"certificates": certificates} if certificates else None
