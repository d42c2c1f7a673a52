"""What My page shows of this app."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from oda_portal.accounts.panels import Panel, register_panel

from . import permissions
from .models import Review


def register() -> None:
    register_panel(Panel("reviews", _("My reviews"), 5, "reviews/panel.html", _context))


def _context(request: HttpRequest) -> dict[str, Any] | None:
    """How many wait; whoever is no reviewer has no such part."""
    user = request.user
    if not user.is_staff or not permissions.can_score_review(user):
        return None
    waiting = Review.objects.visible_to(user).waiting().count()
    return {"waiting": waiting} if waiting or not user.is_superuser else None
