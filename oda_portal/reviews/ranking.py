"""Means and ranks, exact: as fractions, rounded only where they are shown.

Nothing is decided here. What the table says is the basis of decisions, and people make those.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from .models import Criterion, Review, ReviewState, Rubric, Score
from .registry import kind_of


class Given(NamedTuple):
    """A submitted review: its weighted mean, None when it lacks a score for some criterion."""

    review: Review
    mean: Fraction | None


@dataclass(frozen=True, kw_only=True)
class Row:
    """A line of the ranking. `rank` and `mean` are None for what nobody has reviewed yet."""

    subject: Any
    reviews: Sequence[Given]
    wanted: int
    conflicts: int
    rank: int | None
    mean: Fraction | None
    spread: Fraction | None
    is_divergent: bool

    @property
    def counted(self) -> list[Given]:
        return [given for given in self.reviews if given.mean is not None]

    @property
    def expected(self) -> int:
        """How many reviews there will be, unless somebody is assigned or steps back."""
        return max(self.wanted, len(self.reviews))

    @property
    def is_incomplete(self) -> bool:
        return len(self.counted) < self.expected


@dataclass(frozen=True)
class Ranking:
    rubric: Rubric
    criteria: Sequence[Criterion]
    rows: Sequence[Row]

    @property
    def weights(self) -> str:
        """As staff gave them: 40/30/30."""
        return "/".join(str(criterion.weight) for criterion in self.criteria)

    def basis(self, row: Row) -> str:
        """What a mean is the mean of, in words."""
        if not row.counted:
            return _("no review of %(expected)s yet") % {"expected": row.expected}
        words = {
            "counted": len(row.counted),
            "expected": row.expected,
            "weights": self.weights,
        }
        return _("mean of %(counted)s of %(expected)s reviews; weights %(weights)s") % words


def rank(rubric: Rubric, within: models.QuerySet[Any] | None = None) -> Ranking:
    """Everything of this stage, best first; `within` narrows it, and ranks among those alone.

    In it is what is in the stage now, and what was and has been reviewed. As many questions to
    the database for 2,000 as for 1.
    """
    criteria = list(rubric.criteria.all())
    reviews = _reviews(rubric)
    subjects = _subjects(rubric, reviews, within)
    means = means_of(criteria, Score.objects.all())
    rows = [_row(rubric, subject, reviews.get(subject.pk, []), means) for subject in subjects]
    return Ranking(rubric, criteria, _ranked(rows))


def _reviews(rubric: Rubric) -> dict[int, list[Review]]:
    found: dict[int, list[Review]] = {}
    for review in rubric.reviews.select_related("reviewer"):
        found.setdefault(review.object_id, []).append(review)
    return found


def _subjects(
    rubric: Rubric, reviews: Iterable[int], within: models.QuerySet[Any] | None
) -> list[Any]:
    kind = kind_of(rubric.round)
    here = kind.subjects(rubric.round, rubric.stage).values("pk")
    reviewed = rubric.reviews.filter(content_type=_type_of(kind.model)).values("object_id")
    rows = kind.model._default_manager.filter(Q(pk__in=here) | Q(pk__in=reviewed))
    if within is not None:
        rows = rows.filter(pk__in=within.values("pk"))
    return list(kind.whole(rows).order_by("pk"))


def _type_of(model: type[models.Model]) -> ContentType:
    return ContentType.objects.get_for_model(model)


# --- means --------------------------------------------------------------------------------------


def means_of(criteria: Iterable[Criterion], scores: models.QuerySet[Score]) -> dict[int, Fraction]:
    """By the keys of reviews: of each submitted one that has a score for every criterion."""
    weights = {criterion.pk: criterion.weight for criterion in criteria}
    values: dict[int, dict[int, int]] = {}
    given = scores.filter(review__state=ReviewState.SUBMITTED, value__isnull=False)
    rows = given.filter(criterion__in=weights).order_by()
    for review, criterion, value in rows.values_list("review_id", "criterion_id", "value"):
        values.setdefault(review, {})[criterion] = value  # type: ignore[assignment]
    return {
        review: weighted_mean(scores, weights)
        for review, scores in values.items()
        if scores.keys() == weights.keys()
    }


def weighted_mean(scores: dict[int, int], weights: dict[int, int]) -> Fraction:
    """Scores and weights by the same keys."""
    whole = sum(weights.values())
    return Fraction(sum(scores[key] * weight for key, weight in weights.items()), whole)


def _row(
    rubric: Rubric, subject: Any, reviews: Sequence[Review], means: dict[int, Fraction]
) -> Row:
    counted = [review for review in reviews if review.state != ReviewState.CONFLICT]
    given = [Given(review, means.get(review.pk)) for review in counted]
    own = [one.mean for one in given if one.mean is not None]
    spread = max(own) - min(own) if len(own) > 1 else None
    return Row(
        subject=subject,
        reviews=given,
        wanted=rubric.reviewers_wanted,
        conflicts=len(reviews) - len(counted),
        rank=None,
        mean=sum(own, Fraction(0)) / len(own) if own else None,
        spread=spread,
        is_divergent=spread is not None and spread >= Fraction(rubric.divergence),
    )


# --- order --------------------------------------------------------------------------------------


def _ranked(rows: Sequence[Row]) -> list[Row]:
    """Best first; who is equal has the same rank, and the next one's counts them (1, 2, 2, 4)."""
    with_mean = sorted(
        (row for row in rows if row.mean is not None),
        key=lambda row: (-row.mean, row.subject.pk),  # type: ignore[operator]
    )
    ranked: list[Row] = []
    for _equal_mean, equal in groupby(with_mean, key=lambda row: row.mean):
        place = len(ranked) + 1
        ranked += [replace(row, rank=place) for row in equal]
    return [*ranked, *(row for row in rows if row.mean is None)]


def shown(value: Fraction | None) -> str:
    """Rounded half up to two decimals, for people: 2.125 is 2.13."""
    if value is None:
        return ""
    hundredths = (value * 200 + 1) // 2
    return f"{hundredths // 100}.{hundredths % 100:02d}"
