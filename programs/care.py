"""Which records of this app are looked after, and where their addresses lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise

from oda_portal.care import links
from oda_portal.care.registry import Cared, Lack, register

from .models import Program
from .reporting.meters import address_of
from .reporting.readiness import RULES, for_requirements, musts_of
from .reporting.requirements import Frame

# These are decided, not filled in.
DECIDED = {"wanted", "ours", "public", "happened", "publisher"}
LABELS = {rule.name: rule.label for rule in RULES}


def register_all() -> None:
    links.leads_to("programs:program_detail", Program, code="code")
    links.leads_to("programs:photo_detail", Program, code="code")
    register(
        Cared(
            Program,
            lacking=lacking,
            lack_label=label_of,
            lack_address=place_of,
            standing=is_under_way,
        )
    )


def is_under_way(program: Any) -> bool:
    """What is over tells of the past, and nobody has to keep it up to date."""
    if program.cancelled_at or program.closed_on:
        return False
    return program.ends_on is None or program.ends_on >= timezone.localdate()


def lacking(pks: Sequence[int]) -> Mapping[int, list[Lack]]:
    """What keeps programmes of ours from being reported, as far as somebody can fill it in.

    That nobody has confirmed them is told on the first page, and is no empty field.
    """
    frame = Frame.now()
    rows = Program.objects.ours().filter(pk__in=pks, is_demonstration=False)
    found = {}
    for program in for_requirements(rows):
        unmet = [each for each in musts_of(program, frame) if not each.met]
        found[program.pk] = [
            Lack(each.name, each.place)
            for each in unmet
            if each.name not in DECIDED and not each.name.startswith("confirmed_")
        ]
    return found


def place_of(pk: int, place: str) -> str:
    return address_of(Program(pk=pk), place)


def label_of(name: str) -> str | Promise:
    return LABELS.get(name, name)
