"""What My page shows of this app."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from oda_portal.accounts.panels import Panel, register_panel

from . import access
from .views.mine import with_words


def register() -> None:
    register_panel(
        Panel(
            "applications", _("My applications"), 10, "volunteers/application_rows.html", _context
        )
    )


def _context(request: HttpRequest) -> dict[str, Any]:
    access.adopt(request)
    return {"applications": with_words(access.own(request).order_by("-begun_at"))}
