"""What My page shows of this package."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from oda_portal.accounts.panels import Panel, register_panel

from . import addresses, wording
from .privacy import registrations_of


def register() -> None:
    register_panel(
        Panel("registrations", _("My events"), 12, "forums/registering/panel.html", _context)
    )


def _context(request: HttpRequest) -> dict[str, Any]:
    rows = registrations_of(request.user).with_state()  # type: ignore[arg-type]
    rows = rows.select_related("forum__program", "forum__pool")
    return {
        "registrations": [
            {
                "title": wording.title(row.forum),
                "when": wording.days(row.forum),
                "badge": wording.badge(row),
                "path": addresses.path_to(row),
            }
            for row in rows.order_by("-forum__program__starts_on", "-pk")
        ]
    }
