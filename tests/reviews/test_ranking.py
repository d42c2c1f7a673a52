"""Means and ranks: exact, and with what they are the mean of."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from oda_portal.reviews import actions
from oda_portal.reviews.models import Review, ReviewState, Rubric, Score
from oda_portal.reviews.ranking import rank, shown, weighted_mean
from tests.factories import StaffFactory
from tests.reviews.rounds import a_stage, assigned, marks, reviewed, subjects
from volunteers.models import Application, Volunteer


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(17, 8), "2.13"),
        (Fraction(2125, 1000) - Fraction(1, 10**12), "2.12"),
        (Fraction(10, 3), "3.33"),
        (Fraction(20, 3), "6.67"),
        (Fraction(5), "5.00"),
        (Fraction(0), "0.00"),
        (Fraction(1, 200), "0.01"),
        (None, ""),
    ],
)
def test_a_mean_is_shown_rounded_half_up(value, text):
    assert shown(value) == text


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 1000)), min_size=1, max_size=8))
def test_a_weighted_mean_is_exact_and_on_the_scale(pairs):
    scores = {key: score for key, (score, _weight) in enumerate(pairs)}
    weights = {key: weight for key, (_score, weight) in enumerate(pairs)}

    mean = weighted_mean(scores, weights)

    assert mean * sum(weights.values()) == sum(score * weight for score, weight in pairs)
    assert 0 <= mean <= 5


@pytest.mark.django_db
def test_equal_means_share_a_rank_and_the_next_one_counts_them():
    rubric = a_stage(5)
    first, second, third, fourth, fifth = subjects(rubric)
    # 40/30/30: 2.9 twice by other scores, more, less, and nobody.
    for subject, scores in [
        (second, (2, 3, 4)), (third, (5, 1, 2)), (first, (5, 5, 5)), (fourth, (0, 0, 1)),
    ]:  # fmt: skip
        reviewed(rubric, subject, *scores)
        reviewed(rubric, subject, *scores)

    rows = rank(rubric).rows

    assert [(row.subject, row.rank, row.mean) for row in rows] == [
        (first, 1, Fraction(5)),
        (second, 2, Fraction(29, 10)),
        (third, 2, Fraction(29, 10)),
        (fourth, 4, Fraction(3, 10)),
        (fifth, None, None),
    ]


@pytest.mark.django_db
def test_what_is_equal_when_rounded_is_still_ordered_exactly():
    rubric = a_stage(2, weights=(333, 334, 333))
    low, high = subjects(rubric)
    for subject, scores in [(low, (3, 3, 2)), (high, (2, 3, 3))]:
        reviewed(rubric, subject, *scores)
        reviewed(rubric, subject, *scores)
    reviewed(rubric, low, 3, 2, 3)

    rows = rank(rubric).rows

    assert [row.subject for row in rows] == [high, low]
    assert {shown(row.mean) for row in rows} == {"2.67"}
    assert [row.rank for row in rows] == [1, 2]


@pytest.mark.django_db
def test_the_basis_says_how_many_reviews_and_which_weights():
    rubric = a_stage(2, reviewers_wanted=3)
    full, partial = subjects(rubric)
    for _number in range(3):
        reviewed(rubric, full, 3, 3, 3)
    reviewed(rubric, partial, 4, 4, 4)
    assigned(rubric, subject=partial)
    ranking = rank(rubric)

    with translation.override("en"):
        said = {row.subject: ranking.basis(row) for row in ranking.rows}

    assert said[full] == "mean of 3 of 3 reviews; weights 40/30/30"
    assert said[partial] == "mean of 1 of 3 reviews; weights 40/30/30"
    assert {row.subject: row.is_incomplete for row in ranking.rows} == {full: False, partial: True}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("threshold", "flagged"), [("1.49", True), ("1.50", True), ("1.51", False)]
)
def test_reviews_that_differ_by_the_threshold_are_flagged(threshold, flagged):
    rubric = a_stage(1, weights=(1, 1), divergence=Decimal(threshold))
    (subject,) = subjects(rubric)
    reviewed(rubric, subject, 4, 4)
    reviewed(rubric, subject, 3, 2)

    (row,) = rank(rubric).rows

    assert row.spread == Fraction(3, 2)
    assert row.is_divergent is flagged


@pytest.mark.django_db
def test_drafts_and_conflicts_do_not_count():
    rubric = a_stage(1, weights=(1,))
    (subject,) = subjects(rubric)
    reviewed(rubric, subject, 2)
    draft, conflict = assigned(rubric, subject=subject), reviewed(rubric, subject, 5)
    actions.save_scores(draft, marks(rubric, 5), by=draft.reviewer)
    actions.declare_conflict(conflict, by=conflict.reviewer)

    (row,) = rank(rubric).rows

    assert (row.mean, row.conflicts, len(row.reviews)) == (Fraction(2), 1, 2)
    assert row.is_incomplete
    assert not row.is_divergent


@pytest.mark.django_db
def test_who_has_left_the_stage_stays_in_its_ranking_when_reviewed():
    rubric = a_stage(3)
    invited, withdrawn, waiting = subjects(rubric)
    reviewed(rubric, invited, 5, 5, 5)
    Application.objects.filter(pk=invited.pk).update(state="interview")
    Application.objects.filter(pk=withdrawn.pk).update(state="withdrawn")

    assert [row.subject for row in rank(rubric).rows] == [invited, waiting]


@pytest.mark.django_db
def test_ranking_changes_no_state():
    rubric = a_stage(2)
    for subject in subjects(rubric):
        reviewed(rubric, subject, 0, 0, 0)
        reviewed(rubric, subject, 0, 0, 0)

    rank(rubric)

    assert set(Application.objects.values_list("state", flat=True)) == {"screening"}


def fill(rubric: Rubric, count: int) -> None:
    """So many applications with three submitted reviews each, written at once."""
    kind, now = ContentType.objects.get_for_model(Application), timezone.now()
    people = Volunteer.objects.bulk_create(
        Volunteer(email=f"many{n}@example.org", name=f"많은{n}") for n in range(count)
    )
    rows = Application.objects.bulk_create(
        Application(
            call=rubric.round, volunteer=one, state="screening", language="ko", sent_at=now,
            receipt=f"M{n:05}-00000",
        )
        for n, one in enumerate(people)
    )  # fmt: skip
    reviewers = [StaffFactory() for _number in range(3)]
    reviews = Review.objects.bulk_create(
        Review(
            rubric=rubric, content_type=kind, object_id=row.pk, reviewer=one,
            state=ReviewState.SUBMITTED, submitted_at=now,
        )
        for row in rows
        for one in reviewers
    )  # fmt: skip
    criteria = list(rubric.criteria.all())
    Score.objects.bulk_create(
        (
            Score(review=review, criterion=one, value=(review.pk + one.pk) % 6)
            for review in reviews
            for one in criteria
        ),
        batch_size=5000,
    )


@pytest.mark.thorough
@pytest.mark.django_db
def test_two_thousand_with_three_reviews_each_take_twelve_queries_at_most():
    rubric = a_stage(0)
    count = 2000 if connection.vendor == "postgresql" else 150
    fill(rubric, count)
    rubric = Rubric.objects.get(pk=rubric.pk)
    ContentType.objects.clear_cache()

    with CaptureQueriesContext(connection) as queries:
        ranking = rank(rubric)
        names = [str(row.subject.volunteer) for row in ranking.rows]
        choices = [[str(one) for one in row.subject.choices.all()] for row in ranking.rows]
        said = [ranking.basis(row) for row in ranking.rows]

    assert len(queries) <= 12
    assert len(names) == len(choices) == len(said) == count
    assert all(len(row.counted) == 3 for row in ranking.rows)
