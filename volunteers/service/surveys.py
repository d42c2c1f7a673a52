"""The short survey: until when it can be answered, and what staff learn from it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from ..models import Application, Opening, State, SurveyAnswer

OPEN_FOR = timedelta(days=60)
# Of fewer, an average would come close to telling what one of them said.
ENOUGH = 5
SCORES = (5, 4, 3, 2, 1)


class TooLateError(Exception):
    """The survey is not open for this application, or no longer."""


def closes_at(application: Application) -> datetime:
    return application.state_at + OPEN_FOR


def is_open(application: Application, now: datetime | None = None) -> bool:
    return (
        application.state == State.COMPLETED
        and application.opening_id is not None
        and (now or timezone.now()) < closes_at(application)
    )


def answer_of(application: Application) -> SurveyAnswer | None:
    return SurveyAnswer.objects.filter(application=application).first()


@transaction.atomic
def answer(application: Application, values: dict[str, Any], *, language: str) -> SurveyAnswer:
    """Keep the scores and the words, in place of what was answered before.

    Raises TooLateError, and changes nothing then.
    """
    # Of two clicks the second waits here, and writes over the first.
    current = Application.objects.select_for_update().get(pk=application.pk)
    opening = current.opening
    if opening is None or not is_open(current):
        raise TooLateError
    row, _made = SurveyAnswer.objects.update_or_create(
        application=current,
        defaults={
            "opening": opening,
            "language": language,
            "sent_at": timezone.now(),
            **values,
        },
    )
    return row


def anonymise(row: SurveyAnswer) -> None:
    """The scores stay; whose they are, when they were given and every word go."""
    row.application, row.text = None, ""
    row.sent_at = row.sent_at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    row.save(update_fields=["application", "text", "sent_at"])


# --- what staff see ------------------------------------------------------------------------------


class Bar(NamedTuple):
    """How many gave one score; `x` and `width` on a bar that is 100 long."""

    score: int
    number: int
    x: str
    width: str


@dataclass(frozen=True)
class Question:
    """One question with its exact mean, and how many gave which score."""

    name: str
    label: str
    counts: Counter[int]

    @property
    def mean(self) -> Decimal:
        total = sum(score * number for score, number in self.counts.items())
        exact = Decimal(total) / self.counts.total()
        return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)

    @property
    def bars(self) -> list[Bar]:
        """From the best score on the left to the worst."""
        found, x, whole = [], 0.0, self.counts.total()
        for score in SCORES:
            width = 100 * self.counts[score] / whole
            found.append(Bar(score, self.counts[score], f"{x:.2f}", f"{width:.2f}"))
            x += width
        return found


@dataclass(frozen=True)
class Results:
    """`questions` and `texts` are empty where fewer than ENOUGH have answered."""

    answered: int
    questions: list[Question]
    texts: list[str]

    @property
    def are_enough(self) -> bool:
        return self.answered >= ENOUGH


def label_of(name: str) -> str:
    return str(SurveyAnswer._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def results_of(opening: Opening) -> Results:
    """Without names, and the words in no order that would tell who wrote first."""
    rows = list(opening.survey.all())
    if len(rows) < ENOUGH:
        return Results(len(rows), [], [])
    questions = [
        Question(
            name,
            label_of(name),
            Counter(getattr(row, name) for row in rows),
        )
        for name in SurveyAnswer.QUESTIONS
    ]
    return Results(len(rows), questions, sorted(row.text for row in rows if row.text))
