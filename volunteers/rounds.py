"""Rounds of deployments, read from the programmes that took place."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from programs.models import Program, ProgramQuerySet
from programs.models.program import Kind


@dataclass(frozen=True)
class Round:
    """Deployments of one numbered round, or of one year without a number.

    `key` is the last part of its address: `11` for the 11th round, `y2019` for a year.
    """

    key: str
    title: str
    edition: int | None
    programs: list[Program]


def deployments() -> ProgramQuerySet:
    """Every deployment that everybody may see, the newest first."""
    return Program.objects.published().ours().filter(kind=Kind.VOLUNTEER).newest_first()


def rounds() -> list[Round]:
    """All rounds, the newest first; each programme in one of them."""
    found: dict[str, list[Program]] = {}
    for program in deployments().for_cards():
        found.setdefault(key_of(program), []).append(program)
    return [_round(key, programs) for key, programs in found.items()]


def key_of(program: Program) -> str:
    """The key of the round that a deployment belongs to."""
    if program.edition:
        return str(program.edition)
    return f"y{program.starts_on.year}" if program.starts_on else "undated"


def _round(key: str, programs: list[Program]) -> Round:
    if key.isdecimal():
        title, edition = _("Group %(n)s") % {"n": key}, int(key)
    elif key == "undated":
        title, edition = _("Deployments without a date"), None
    else:
        title, edition = _("Deployments of %(year)s") % {"year": key[1:]}, None
    return Round(key, title, edition, programs)
