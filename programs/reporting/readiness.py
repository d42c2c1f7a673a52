"""Which programmes can be reported, and what the others still need.

What must be met keeps the file without errors and warnings; the rest makes the data better.
"""

from __future__ import annotations

from django.db.models import Prefetch

from programs.models import (
    Confirmation,
    CountryShare,
    Indicator,
    Program,
    ProgramQuerySet,
    Role,
    Run,
    SectorShare,
)

from .bonuses import BONUSES, has_facts, with_facts
from .requirements import Frame, Requirement
from .rules import MUSTS

RULES = (*MUSTS, *BONUSES)


def reportable() -> ProgramQuerySet:
    """Public programmes of ours that staff want reported, and that are more than announced.

    Which of them are ready, `is_ready` says of each.
    """
    return for_reporting(candidates()).order_by("pk")


def candidates() -> ProgramQuerySet:
    """The same rows, with nothing fetched besides."""
    rows = Program.objects.published().ours()
    return rows.filter(announced_only=False, reporting__wanted=True)


def for_musts(rows: ProgramQuerySet) -> ProgramQuerySet:
    """With what `is_ready` reads, in a fixed number of queries."""
    return rows.select_related("reporting", "iati_identifier").prefetch_related(
        Prefetch("country_shares", CountryShare.objects.select_related("country")),
        Prefetch("sector_shares", SectorShare.objects.select_related("sector")),
        Prefetch("roles", Role.objects.select_related("organisation__country")),
        Prefetch("confirmations", Confirmation.objects.select_related("by")),
        "sdg_targets",
    )


def for_requirements(rows: ProgramQuerySet) -> ProgramQuerySet:
    """With what `requirements_of` reads."""
    return with_facts(for_musts(rows))


def for_reporting(rows: ProgramQuerySet) -> ProgramQuerySet:
    """With everything that the report of a programme says."""
    return (
        for_musts(rows)
        .select_related("department")
        .prefetch_related(
            Prefetch("runs", Run.objects.prefetch_related("groups__country")),
            Prefetch("indicators", Indicator.objects.prefetch_related("measurements")),
            *("budget_lines", "cities__country"),
        )
    )


def requirements_of(program: Program, frame: Frame | None = None) -> list[Requirement]:
    """All that there are, those that must be met first.

    Of many programmes at once: with the rows of `for_requirements` and one `Frame.now()` for all.
    """
    frame = frame or Frame.now()
    if not has_facts(program):
        program = for_requirements(Program.objects.all()).get(pk=program.pk)
    return [rule.asked_of(program, frame) for rule in RULES]


def musts_of(program: Program, frame: Frame | None = None) -> list[Requirement]:
    """Those alone that must be met; of many at once with the rows of `for_musts`."""
    frame = frame or Frame.now()
    return [rule.asked_of(program, frame) for rule in MUSTS]


def missing(program: Program, frame: Frame | None = None) -> list[Requirement]:
    """What keeps the programme from being reported."""
    return [each for each in musts_of(program, frame) if not each.met]


def is_ready(program: Program, frame: Frame | None = None) -> bool:
    frame = frame or Frame.now()
    return not any(rule.ask(program, frame) for rule in MUSTS)
