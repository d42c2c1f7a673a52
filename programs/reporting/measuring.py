"""How far each programme is on its way into the report, kept for lists of many of them.

Measured anew when staff save it, soon after anything changed that it depends on, and every night.
Whether it is public is not kept: the clock decides that, and a row says it by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.core.exceptions import ObjectDoesNotExist
from django.db import models

from oda_portal.publishing.parts import in_parts
from programs.models import (
    Confirmation,
    CountryShare,
    Program,
    ProgramQuerySet,
    Publisher,
    Reporting,
    ReportingLevel,
    Role,
    SdgTarget,
    SectorShare,
)

from .meters import Level
from .readiness import candidates, for_musts
from .requirements import Frame
from .rules import MUSTS

AT_ONCE = 500
PUBLIC = "public"
KEPT = [rule for rule in MUSTS if rule.name != PUBLIC]

# What belongs to one programme; and what several of them name, with the path to it.
_PARTS: list[type[models.Model]] = [
    CountryShare, SectorShare, SdgTarget, Role, Reporting, Confirmation,
]  # fmt: skip
_NAMED = {
    "partners.organisation": "roles__organisation",
    "partners.country": "country_shares__country",
    "programs.sector": "sector_shares__sector",
}
_PROGRAM, _PUBLISHER = Program._meta.label_lower, Publisher._meta.label_lower


def level_of(program: Program) -> Level | None:
    """As it was last measured, and public or not as it is now; None while nobody has measured it.

    Asks nothing of rows that come with their `reporting_level`.
    """
    try:
        kept = program.reporting_level
    except ObjectDoesNotExist:
        return None
    met = len(KEPT) - kept.unmet + program.is_public()
    return Level(max(met, 0), len(MUSTS))


def ready_rows() -> ProgramQuerySet:
    """Those that can be reported, as far as they are measured."""
    return candidates().filter(reporting_level__unmet=0)


def measure(keys: Iterable[int]) -> None:
    """Measure these programmes and keep what comes of it; safe to repeat."""
    frame = Frame.now()
    for part in in_parts(keys, AT_ONCE):
        ReportingLevel.objects.bulk_create(
            [
                ReportingLevel(program=row, unmet=sum(bool(rule.ask(row, frame)) for rule in KEPT))
                for row in for_musts(Program.objects.filter(pk__in=part))
            ],
            update_conflicts=True,
            unique_fields=["program"],
            update_fields=["unmet"],
        )


def measure_all() -> None:
    measure(Program.objects.order_by("pk").values_list("pk", flat=True).iterator(AT_ONCE))


def take_in(rows: list[tuple[str, str]]) -> None:
    """Measure what depends on these rows: pairs of model and key that changed, came or went."""
    changed: dict[str, set[str]] = defaultdict(set)
    for label, key in rows:
        changed[label].add(key)
    publisher = Publisher.objects.filter(organisation__pk__in=changed["partners.organisation"])
    if _PUBLISHER in changed or publisher.exists():
        measure_all()
        return
    found = {int(key) for key in changed[_PROGRAM]}
    for model in _PARTS:
        if keys := changed[model._meta.label_lower]:
            found |= _above(model, keys)
    for label, path in _NAMED.items():
        if keys := changed[label]:
            found |= _keys(Program.objects.filter(**{f"{path}__in": keys}))
    if found:
        measure(sorted(found))


def _above(model: type[models.Model], keys: set[str]) -> set[int]:
    """The programmes that these rows belong to, or did until they were deleted."""
    rows = model._default_manager.filter(pk__in=keys)
    found = {row.program_id for row in rows}  # type: ignore[attr-defined]
    if history := getattr(model, "history", None):
        return found | set(history.filter(id__in=keys).values_list("program_id", flat=True))
    if len(rows) < len(keys):  # nobody knows whose it was
        found |= _keys(Program.objects.filter(reporting__wanted=True))
    return found


def _keys(rows: models.QuerySet[Program]) -> set[int]:
    return set(rows.order_by().values_list("pk", flat=True))
