"""Reviews go with what they are about; a reviewer gets what they wrote."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from oda_portal.accounts.models import User
from oda_portal.privacy import closing, registry
from oda_portal.privacy.destruction import destroy
from oda_portal.reviews import actions
from oda_portal.reviews.models import Review, Rubric, Score
from oda_portal.reviews.registry import ReviewKind, register
from tests.reviews.rounds import a_stage, assigned, marks, reviewed, reviewer, subjects
from volunteers.models import Application, Call, Volunteer
from volunteers.privacy import WITHDRAWN

pytestmark = pytest.mark.django_db


def entry(key: str) -> registry.PersonalData:
    found = registry.entry_of(key)
    assert found is not None
    return found


def test_reviews_go_with_the_application():
    rubric = a_stage(2)
    gone, stays = subjects(rubric)
    reviewed(rubric, gone, 1, 2, 3)
    kept = reviewed(rubric, stays, 1, 2, 3)

    assert destroy(entry(WITHDRAWN), gone.pk, rule="test")

    assert list(Review.objects.all()) == [kept]
    assert Score.objects.count() == 3


def test_a_year_after_the_stage_they_are_over():
    rubric = a_stage(1)
    review = reviewed(rubric, subjects(rubric)[0], 1, 2, 3)
    data = entry("reviews.review")
    assert not data.due(timezone.now()).exists()

    Rubric.objects.update(closes_at=timezone.now() - timedelta(hours=1))

    assert list(data.due(timezone.now())) == [review]
    assert destroy(data, review.pk, rule="test", due_before=timezone.now())
    assert not Score.objects.exists()
    assert Application.objects.exists()


def test_a_reviewer_gets_what_they_wrote_and_not_about_whom():
    rubric = a_stage(1)
    user = reviewer()
    review = assigned(rubric, user)
    actions.submit(review, marks(rubric, 5, 4, 3), comment="차분하다", by=user)

    (row,) = entry("reviews.review").export(user)

    assert row["comment"] == "차분하다"
    assert [score["value"] for score in row["scores"]] == [5, 4, 3]
    assert subjects(rubric)[0].receipt not in str(row)
    assert entry("reviews.review").export(reviewer()) == []


def test_closing_a_reviewers_account_frees_what_is_not_done_and_keeps_what_counts():
    rubric = a_stage(2)
    first, second = subjects(rubric)
    user = reviewer()
    done, waiting = assigned(rubric, user, first), assigned(rubric, user, second)
    actions.submit(done, marks(rubric, 5, 4, 3), by=user)

    # Whoever still belongs to the staff cannot close it.
    User.objects.filter(pk=user.pk).update(is_staff=False)
    closing.close_account(User.objects.get(pk=user.pk))

    (left,) = Review.objects.all()
    assert (left.pk, left.reviewer, left.scores.count()) == (done.pk, None, 3)
    assert waiting.pk != left.pk


def test_a_kind_whose_reviews_would_outlive_it_is_refused():
    def unused(*_args: object) -> None:
        raise AssertionError

    kind = dict.fromkeys(
        (
            "rounds",
            "subjects",
            "whole",
            "code",
            "name",
            "material",
            "identity",
            "people",
            "accounts",
            "url",
        ),
        unused,
    )

    with pytest.raises(ValueError, match="GenericRelation"):
        register(
            ReviewKind(key="x", label="x", model=Volunteer, round_model=Volunteer, **kind)  # type: ignore[arg-type]
        )
    with pytest.raises(ValueError, match="twice"):
        register(
            ReviewKind(key="x", label="x", model=Application, round_model=Call, **kind)  # type: ignore[arg-type]
        )
