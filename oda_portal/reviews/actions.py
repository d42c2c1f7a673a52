"""What reviewers do. No act here touches the state of what is reviewed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from oda_portal.publishing.times import korea_moment

from .models import HIGHEST, LOWEST, Criterion, Review, ReviewState, Rubric, Score
from .registry import kind_of

if TYPE_CHECKING:
    from oda_portal.accounts.models import User


class Marks(NamedTuple):
    """What is given for one criterion; no value yet in a draft."""

    value: int | None
    comment: str = ""


def may_be_scored(review: Review) -> bool:
    """Whether the stage is open, and what is reviewed is still in it."""
    return review.rubric.is_open() and is_in_stage(review)


def is_in_stage(review: Review) -> bool:
    rubric = review.rubric
    rows = kind_of(rubric.round).subjects(rubric.round, rubric.stage)
    return rows.filter(pk=review.object_id).exists()


@transaction.atomic
def save_scores(review: Review, marks: Mapping[int, Marks], *, comment: str = "", by: User) -> None:
    """Keep a draft: what is given so far, by the keys of criteria.

    Raises ValidationError with a sentence, and keeps nothing, when reviewing is over, the review
    was submitted already, or a score is off the scale.
    """
    current = _to_score(review, by=by)
    _write(current, marks, comment)
    review.comment, review.saved_at = current.comment, current.saved_at


@transaction.atomic
def submit(review: Review, marks: Mapping[int, Marks], *, comment: str = "", by: User) -> None:
    """Keep the scores and make them count; raises as `save_scores`, and when one is missing."""
    current = _to_score(review, by=by)
    _write(current, marks, comment)
    missing = current.rubric.criteria.exclude(scores__review=current, scores__value__isnull=False)
    if missing.exists():
        names = ", ".join(str(criterion) for criterion in missing)
        raise ValidationError(
            _("Give a score for every criterion. Missing: %(names)s."), "missing", {"names": names}
        )
    current.submit(by=by)
    review.refresh_from_db()


@transaction.atomic
def reopen(review: Review, *, by: User) -> bool:
    """Take a submitted review back to change it; raises ValidationError when reviewing is over."""
    _refuse_unless_open(_locked(review))
    return review.reopen(by=by)


@transaction.atomic
def declare_conflict(review: Review, *, by: User) -> bool:
    """Close it to this reviewer for good; what they gave so far is deleted and counts nowhere.

    Raises ValidationError when reviewing is over: means and ranks are what they were at the end.
    """
    _refuse_unless_open(_locked(review))
    moved = review.declare_conflict(by=by)
    if moved:
        review.scores.all().delete()
    return moved


# --- guards -------------------------------------------------------------------------------------


def _to_score(review: Review, *, by: User) -> Review:
    current = _locked(review)
    _refuse_unless_open(current)
    if current.reviewer_id != by.pk or current.state == ReviewState.CONFLICT:
        raise _no_longer_theirs()
    if current.state == ReviewState.SUBMITTED:
        raise ValidationError(_("You have already submitted this review."), "submitted")
    return current


def _locked(review: Review) -> Review:
    """The row as it stands, which nobody else changes until the transaction is over.

    Raises ValidationError when staff have taken it back meanwhile.
    """
    # Always before the review, or two acts on one review could wait for each other. Its criteria
    # stay as they are while scores are written.
    Rubric.objects.select_for_update().get(pk=review.rubric_id)
    current = Review.objects.select_for_update().filter(pk=review.pk).first()
    if current is None:
        raise _no_longer_theirs()
    return current


def _no_longer_theirs() -> ValidationError:
    return ValidationError(_("You no longer have access to this review."), "closed")


def _refuse_unless_open(review: Review) -> None:
    rubric = review.rubric
    if rubric.is_closed():
        sentence = _("Reviewing closed at %(moment)s. Nothing was changed.")
        raise ValidationError(sentence, "closed", {"moment": korea_moment(rubric.closes_at)})
    if not rubric.is_open():
        sentence = _("Reviewing opens at %(moment)s. Nothing was changed.")
        raise ValidationError(sentence, "closed", {"moment": korea_moment(rubric.opens_at)})
    if not is_in_stage(review):
        raise ValidationError(_("This is no longer in this stage. Nothing was changed."), "closed")


def _write(review: Review, marks: Mapping[int, Marks], comment: str) -> None:
    criteria = {criterion.pk: criterion for criterion in review.rubric.criteria.all()}
    for key, given in marks.items():
        if key not in criteria:
            raise ValidationError(_("The criteria have changed. Open the page again."), "criteria")
        if given.value is not None and not LOWEST <= given.value <= HIGHEST:
            raise ValidationError(_("A score is a whole number from 0 to 5."), "range")
    Score.objects.bulk_create(
        [_score(review, criteria[key], given) for key, given in marks.items()],
        update_conflicts=True,
        unique_fields=["review", "criterion"],
        update_fields=["value", "comment"],
    )
    review.comment, review.saved_at = comment, timezone.now()
    review.save(update_fields=["comment", "saved_at"])


def _score(review: Review, criterion: Criterion, given: Marks) -> Score:
    return Score(review=review, criterion=criterion, value=given.value, comment=given.comment)
