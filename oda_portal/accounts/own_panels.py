"""The panels of My page that every account has: who one is, and how one signs in."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from oda_portal.languages import HTML_LANG

from .panels import Panel, register_panel
from .second_factor import summary


def register() -> None:
    register_panel(
        Panel("profile", _("My details"), 20, "accounts/panel_profile.html", _profile),
    )
    register_panel(
        Panel("security", _("Sign-in and security"), 40, "accounts/panel_security.html", _security),
    )


def _profile(request: HttpRequest) -> dict[str, Any]:
    code = request.user.preferred_language  # type: ignore[union-attr]
    return {
        "language": {"html_lang": HTML_LANG[code], "name": dict(settings.LANGUAGES)[code]},
        "addresses": EmailAddress.objects.filter(user=request.user).order_by("-primary", "email"),
    }


def _security(request: HttpRequest) -> dict[str, Any]:
    return {"second_factor": summary(request.user)}  # type: ignore[arg-type]
