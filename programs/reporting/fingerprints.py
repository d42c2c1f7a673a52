"""A hash of what is confirmed: it changes when that does, and the confirmation lapses."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from programs.models import Confirmation, Program

from .codes import ROLES

Aspect = Confirmation.Aspect


def fingerprint(program: Program, aspect: str) -> str:
    """Of the aspect as it would be reported now; the order of its rows says nothing."""
    rows = sorted(_ROWS[Aspect(aspect)](program))
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def _sectors(program: Program) -> list[list[Any]]:
    return [
        [share.sector.code, _number(share.percentage), share.basis]
        for share in program.sector_shares.all()
    ]


def _shares(program: Program) -> list[list[Any]]:
    rows: list[list[Any]] = [
        [share.country.code, _number(share.percentage), bool(share.country.dac_group)]
        for share in program.country_shares.all()
    ]
    return [*rows, ["", str(program.countries_total or ""), False]]


def _roles(program: Program) -> list[list[Any]]:
    """Who is not public is not reported, and not confirmed either."""
    return [
        [role.organisation.slug, role.kind, role.organisation.kind, role.organisation.org_ref or ""]
        for role in program.roles.all()
        if role.kind in ROLES and role.organisation.is_public()
    ]


def _number(value: Decimal | None) -> str:
    return "" if value is None else f"{value:.2f}"


_ROWS: dict[str, Callable[[Program], list[list[Any]]]] = {
    Aspect.SECTORS: _sectors,
    Aspect.SHARES: _shares,
    Aspect.ROLES: _roles,
}
