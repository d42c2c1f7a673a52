"""The panel of My page about a person's own data."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from oda_portal.accounts.panels import Panel, register_panel

from .closing import sentence_of
from .holding import held_of
from .models import Consent, PrivacyRequest


def register() -> None:
    register_panel(Panel("data", _("My data"), 60, "privacy/panel_data.html", _data))


def _data(request: HttpRequest) -> dict[str, Any]:
    given = Consent.objects.filter(user=request.user).newest().filter(given=True)  # type: ignore[misc]
    waiting = PrivacyRequest.objects.visible_to(request.user).waiting()  # type: ignore[arg-type]
    held = [sentence_of(held) for held in held_of(request.user)]  # type: ignore[arg-type]
    return {"held": held, "consents": given.select_related("text"), "waiting": waiting}
