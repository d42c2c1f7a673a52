"""What the members’ home shows of proposals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from partners.models import Membership
from partners.network.panels import Panel, Tab, register_panel, register_tab

from ..models import Proposal
from .wording import tone_of

NEWEST = 5


def register() -> None:
    register_panel(Panel("proposals", _("Proposals"), 30, "proposals/panel.html", _context))
    register_tab(Tab("proposals:proposal_list", _("Proposals"), 30))


def _context(request: HttpRequest, memberships: Sequence[Membership]) -> dict[str, Any]:
    rows = Proposal.objects.visible_to(request.user).for_list()[:NEWEST]
    return {"rows": [(row, tone_of(row)) for row in rows]}
