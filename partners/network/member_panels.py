"""This package’s own part of the members’ home, and its lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ..models import Membership, Suggestion
from .panels import Panel, Tab, register_panel, register_tab


def register() -> None:
    register_tab(Tab("network:member_home", _("For members"), 0))
    register_tab(Tab("network:directory", _("Directory"), 60))
    register_tab(Tab("network:suggestion_list", _("Texts about us"), 70))
    register_panel(Panel("entries", _("My entries"), 60, "network/panel_entries.html", _entries))
    register_panel(Panel("texts", _("Texts about us"), 70, "network/panel_texts.html", _texts))


def _entries(request: HttpRequest, memberships: Sequence[Membership]) -> dict[str, Any]:
    return {"memberships": memberships}


def _texts(request: HttpRequest, memberships: Sequence[Membership]) -> dict[str, Any]:
    return {"waiting": Suggestion.objects.of(request.user).waiting().count()}
