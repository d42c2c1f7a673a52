"""What a deployment did, in figures and words, as the pages of deployments and rounds show it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.urls import reverse

from programs.models import Program
from programs.models.program import Kind
from programs.sections import Section, register

from ..models import DeploymentReport, ServiceRecord, Story
from ..models.service import hours_of
from .stories import byline


@dataclass(frozen=True)
class Figures:
    """Of approved records alone; nought where nothing is approved."""

    people: int = 0
    hours: Decimal = Decimal(0)


@dataclass(frozen=True)
class ShownReport:
    report: DeploymentReport
    figures: Figures


@dataclass(frozen=True)
class ShownStory:
    story: Story
    byline: str


def figures_of(programs: Iterable[Program]) -> dict[int, Figures]:
    """By the key of the programme, in one question."""
    rows = ServiceRecord.objects.filter(
        state=ServiceRecord.State.APPROVED,
        quarters__gt=0,
        application__opening__program__in=[program.pk for program in programs],
    )
    counted = rows.order_by().values_list("application__opening__program").annotate(
        people=Count("application__volunteer", distinct=True), sum=Sum("quarters")
    )  # fmt: skip
    return {key: Figures(people, hours_of(quarters)) for key, people, quarters in counted}


def published_reports(programs: Iterable[Program]) -> list[ShownReport]:
    """Those of these programmes that everybody may see, in their order."""
    shown = list(programs)
    rows = DeploymentReport.objects.published().filter(program__in=[row.pk for row in shown])
    of = {row.program_id: row for row in rows.select_related("program")}
    figures = figures_of(shown) if of else {}
    return [
        ShownReport(of[program.pk], figures.get(program.pk, Figures()))
        for program in shown
        if program.pk in of
    ]


def published_stories(program: Program) -> list[ShownStory]:
    rows = Story.objects.published().about(program).with_people()
    return [ShownStory(story, byline(story)) for story in rows]


# --- on the page of a programme ------------------------------------------------------------------


def register_sections() -> None:
    register(Section("report", "volunteers/report_section.html", _report_section))
    register(Section("stories", "volunteers/story_section.html", _story_section))


def _report_section(program: Program) -> dict[str, Any] | None:
    if program.kind != Kind.VOLUNTEER:
        return None
    found = published_reports([program])
    return {"shown": found[0]} if found else None


def _story_section(program: Program) -> dict[str, Any] | None:
    if program.kind != Kind.VOLUNTEER:
        return None
    stories = published_stories(program)
    return {"stories": stories} if stories else None


def report_address(program: Program) -> str:
    """Where staff write the report of a deployment: the one there is, or a new one."""
    report = DeploymentReport.objects.filter(program=program).first()
    if report is not None:
        return reverse("admin:volunteers_deploymentreport_change", args=[report.pk])
    return f"{reverse('admin:volunteers_deploymentreport_add')}?program={program.pk}"
