"""What makes the data of a programme better, and keeps it from nothing."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oda_portal.publishing.models import Precision
from programs.few import enough
from programs.models import (
    BudgetLine,
    Document,
    Measurement,
    ParticipantGroup,
    Program,
    ProgramQuerySet,
)

from .narratives import narratives
from .parties import parties_of
from .requirements import Frame, Rule

# Rows whose being there is all that is asked, by the names under which it is annotated.
_ROWS: dict[str, QuerySet] = {
    "has_city": Program.cities.through.objects.filter(program=OuterRef("pk")),
    "has_budget": BudgetLine.objects.filter(program=OuterRef("pk")),
    "has_people": ParticipantGroup.objects.filter(enough(), run__program=OuterRef("pk")),
    "has_results": Measurement.objects.filter(indicator__program=OuterRef("pk")),
    "has_documents": Document.objects.filter(program=OuterRef("pk")),
}


def with_facts(rows: ProgramQuerySet) -> ProgramQuerySet:
    """With what the functions below read, in no query of its own."""
    return rows.annotate(**{name: Exists(found) for name, found in _ROWS.items()})


def has_facts(program: Program) -> bool:
    return all(hasattr(program, name) for name in _ROWS)


def _exact_dates(program: Program, frame: Frame) -> str:
    if program.precision == Precision.DAY and program.starts_on and program.ends_on:
        return ""
    return _("Its first and last day are not known. Enter them if you can find them out.")


def _chinese(program: Program, frame: Frame) -> str:
    if all("zh" in narratives(program, field) for field in ("title", "summary")):
        return ""
    return _("Title or summary is missing in Chinese. Have it translated.")


def _goals(program: Program, frame: Frame) -> str:
    return "" if program.sdg_targets.all() else _("It names no SDG target. Add those it serves.")


def _place(program: Program, frame: Frame) -> str:
    has_point = program.latitude is not None and program.longitude is not None
    if has_point or program.has_city:  # type: ignore[attr-defined]
        return ""
    return _("It has no place on the map. Add its city or its position.")


def _budget(program: Program, frame: Frame) -> str:
    if program.has_budget:  # type: ignore[attr-defined]
        return ""
    return _("Its budget is not known. Add it if it was announced.")


def _people(program: Program, frame: Frame) -> str:
    if program.has_people:  # type: ignore[attr-defined]
        return ""
    return _("How many people took part is not known. Add their number to a run.")


def _results(program: Program, frame: Frame) -> str:
    if program.has_results:  # type: ignore[attr-defined]
        return ""
    return _("It has no result that was measured. Add an indicator and what was counted.")


def _documents(program: Program, frame: Frame) -> str:
    if program.has_documents:  # type: ignore[attr-defined]
        return ""
    return _("It has no document. Add its plan or its report.")


def _networked(program: Program, frame: Frame) -> str:
    without = [party for party in parties_of(program) if not party.organisation.org_ref]
    if not without:
        return ""
    sentence = _(
        "%(organisation)s has no IATI identifier here. Add it if one is registered; never make"
        " one up."
    )
    return sentence % {"organisation": without[0].organisation}


BONUSES = tuple(
    Rule(name, label, ask, place, must=False)
    for name, label, ask, place in (
        ("exact_dates", gettext_lazy("Dates to the day"), _exact_dates, "id_starts_on"),
        ("chinese", gettext_lazy("Chinese texts"), _chinese, "id_title_zh_hans"),
        ("goals", gettext_lazy("SDG targets"), _goals, "sdg_targets-group"),
        ("place", gettext_lazy("Place"), _place, "id_cities"),
        ("budget", gettext_lazy("Budget"), _budget, "budget_lines-group"),
        ("people", gettext_lazy("People who took part"), _people, "runs-group"),
        ("results", gettext_lazy("Measured results"), _results, "indicators-group"),
        ("documents", gettext_lazy("Documents"), _documents, "documents-group"),
        ("networked", gettext_lazy("Partners with identifiers"), _networked, "roles-group"),
    )
)
