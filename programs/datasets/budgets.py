"""What was announced or reported that programmes cost."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.opendata.columns import Type, choice, linked, page_address, stored, text
from oda_portal.opendata.registry import Dataset, register
from oda_portal.publishing.models import Precision

from ..filters import ProgramFilter
from ..models import BudgetLine, Program
from ..models.program import Kind


def _program(line: Any) -> Program:
    return line.program


BUDGET_LINES = (
    stored("id", _("ID of the budget line"), Type.INTEGER),
    *linked("program", _("Programme"), _program, code="code", label="title"),
    *choice("kind", _("Kind of the programme"), Kind, of=_program),
    *choice("basis", _("Basis: announced (a ceiling, not spending) or spent"), BudgetLine.Basis),
    stored("amount", _("Amount"), Type.NUMBER),
    stored("currency", _("Currency (ISO 4217)")),
    *text("covers", _("What it covers")),
    stored("announced_on", _("Announced or reported on"), Type.DATE, nullable=True),
    *choice("precision", _("How exactly that day is known"), Precision),
    page_address(_program),
)


def budget_lines() -> QuerySet[BudgetLine]:
    rows = BudgetLine.objects.filter(program__in=Program.objects.published().ours())
    return rows.select_related("program").order_by(
        F("program__starts_on").desc(nulls_last=True), "-program", "pk"
    )


class BudgetFilter(ProgramFilter):
    """Budget lines of the programmes that the list shows with these filters."""

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        programs = super().filter_queryset(Program.objects.published().ours())
        return queryset.filter(program__in=programs.order_by().values("pk"))


def register_all() -> None:
    register(
        Dataset(
            name="budget-lines",
            title=_("Budgets of programmes"),
            about=_(
                "Amounts that were announced or reported for the city’s programmes. An announced"
                " budget is a ceiling; it says nothing about what was spent."
            ),
            columns=BUDGET_LINES,
            rows=budget_lines,
            key="id",
            called="program_title",
            filters=BudgetFilter,
            keywords=(pgettext_lazy("keyword", "Budget"),),
            changed="program__changed_at",
        )
    )
