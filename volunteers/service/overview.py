"""The openings of a call in figures: who went, what was entered and approved, who answered."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum

from ..models import Application, Call, Opening, ServiceRecord, SurveyAnswer
from ..models.service import hours_of
from ..readiness.rules import GOING


@dataclass(frozen=True)
class Line:
    opening: Opening
    people: int
    entered: int
    approved: int
    hours: Decimal
    answered: int


def openings_of(call: Call) -> list[Line]:
    """As many questions to the database for ten openings as for one."""
    openings = Opening.objects.filter(call=call).select_related("city__country", "call")
    people = _people(call)
    answered = dict(
        SurveyAnswer.objects.filter(opening__call=call)
        .order_by()
        .values_list("opening")
        .annotate(n=Count("pk"))
    )
    lines = []
    for opening in openings:
        who, entered, approved, quarters = people.get(opening.pk, (0, 0, 0, 0))
        lines.append(
            Line(opening, who, entered, approved, hours_of(quarters), answered.get(opening.pk, 0))
        )
    return lines


def _people(call: Call) -> dict[int, tuple[int, int, int, int]]:
    approved = Q(service__state=ServiceRecord.State.APPROVED)
    going = Application.objects.filter(opening__call=call, state__in=GOING).order_by()
    counted = going.values_list("opening").annotate(
        n=Count("pk"), approved=Count("pk", approved), whole=Sum("service__quarters")
    )
    # Counted apart: a join with the days would count each person once for each of them.
    entered = dict(
        going.filter(attendance__isnull=False)
        .values_list("opening")
        .annotate(n=Count("pk", distinct=True))
    )
    return {
        pk: (who, entered.get(pk, 0), done, quarters or 0) for pk, who, done, quarters in counted
    }
