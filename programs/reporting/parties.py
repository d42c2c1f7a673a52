"""Organisations that a programme reports, with their IATI roles."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from partners.models import Organisation
from programs.models import Program

from .codes import ROLES


class Party(NamedTuple):
    organisation: Organisation
    role: str  # OrganisationRole


def parties_of(program: Program, at: datetime | None = None) -> list[Party]:
    """Each organisation once a role, in the order of the page; only those that are public."""
    found = [
        Party(role.organisation, code)
        for role in program.roles.all()
        if (code := ROLES.get(role.kind)) and role.organisation.is_public(at)
    ]
    return list(dict.fromkeys(found))
