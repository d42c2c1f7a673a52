"""A reviewer's work, stage by stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from .models import Review, ReviewState, Rubric
from .reading import title_of
from .registry import kind_of

if TYPE_CHECKING:
    from oda_portal.accounts.models import User


@dataclass(frozen=True)
class Line:
    review: Review
    subject: Any
    title: str

    @property
    def is_done(self) -> bool:
        return self.review.state == ReviewState.SUBMITTED

    @property
    def is_begun(self) -> bool:
        return not self.is_done and self.review.saved_at is not None


@dataclass(frozen=True)
class Batch:
    """What one reviewer has in one stage of a round that is not over."""

    rubric: Rubric
    lines: Sequence[Line]

    @property
    def to_do(self) -> list[Line]:
        return [line for line in self.lines if not line.is_done]

    @property
    def done(self) -> list[Line]:
        return [line for line in self.lines if line.is_done]


def batches_of(user: User) -> list[Batch]:
    """Soonest to close first. What is over or no longer in the stage is nobody's business now."""
    rows = Review.objects.visible_to(user).filter(rubric__closes_at__gt=timezone.now())
    ordered = rows.select_related("rubric").order_by("rubric__closes_at", "rubric_id", "pk")
    return [
        batch
        for rubric, reviews in groupby(ordered, key=lambda review: review.rubric)
        if (batch := _batch(rubric, list(reviews))).lines
    ]


def _batch(rubric: Rubric, reviews: list[Review]) -> Batch:
    kind = kind_of(rubric.round)
    here = kind.subjects(rubric.round, rubric.stage)
    found = {
        subject.pk: subject
        for subject in kind.whole(here.filter(pk__in=[one.object_id for one in reviews]))
    }
    lines = []
    for review in reviews:
        if subject := found.get(review.object_id):
            # The one rubric of the batch, whose round is loaded already.
            review.rubric = rubric
            lines.append(Line(review, subject, title_of(rubric, subject)))
    return Batch(rubric, lines)
