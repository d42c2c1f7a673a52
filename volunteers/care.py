"""Which records of this app are looked after, and where their addresses lead."""

from __future__ import annotations

from typing import Any

from oda_portal.care import links
from oda_portal.care.registry import Cared, register

from .models import Call, DeploymentReport
from .models.calls import Phase


def register_all() -> None:
    links.leads_to("volunteers:call_detail", Call, slug="slug")
    register(Cared(Call, wanted=("guide", "cost"), standing=is_to_come))
    # It tells of what is over.
    register(Cared(DeploymentReport, revise_after=None))


def is_to_come(call: Any) -> bool:
    return call.phase() in (Phase.UPCOMING, Phase.OPEN)
