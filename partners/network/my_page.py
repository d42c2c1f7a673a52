"""What My page shows of the network: memberships, and invitations that wait for an answer."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from oda_portal.accounts.panels import Panel, register_panel

from ..models import Invitation, Membership
from . import actions
from .access import active_memberships_of


def register() -> None:
    register_panel(
        Panel("network", _("Working-level network"), 14, "network/my_panel.html", _context)
    )


def _context(request: HttpRequest) -> dict[str, Any] | None:
    """None for whom the network does not concern, which is most people."""
    rows = list(Membership.objects.of(request.user).select_related("organisation"))
    addresses = actions.addresses_of(request.user)  # type: ignore[arg-type]
    invitations = Invitation.objects.open().to_addresses(addresses).select_related("organisation")
    found = list(invitations)
    if not rows and not found:
        return None
    return {
        "memberships": rows,
        "invitations": found,
        "is_member": active_memberships_of(request.user).exists(),
    }
