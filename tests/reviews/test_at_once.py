"""Everybody presses at the same moment: nothing is assigned, submitted or told twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from oda_portal.audit.models import Transition
from oda_portal.mail.models import Message
from oda_portal.reviews import actions
from oda_portal.reviews.assigning import assign
from oda_portal.reviews.models import Review, Rubric, Score
from tests.factories import StaffFactory
from tests.reviews.rounds import a_stage, assigned, marks, reviewer, subjects

CROWD = 12

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'",
        reason="SQLite has one writer, and its test database in memory refuses instead of waiting",
    ),
]


def all_at_once(act: Callable[[int], Any]) -> list[Any]:
    """What each of the crowd got; None for who was refused."""
    start = Barrier(CROWD)

    def one(number: int) -> Any:
        try:
            start.wait(timeout=30)
            return act(number)
        except ValidationError:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(CROWD) as threads:
        return list(threads.map(one, range(CROWD)))


def test_assigning_by_a_crowd_gives_each_as_many_as_wanted():
    rubric, boss = a_stage(5), StaffFactory()
    people = [reviewer() for _number in range(4)]

    done = all_at_once(lambda _n: assign(Rubric.objects.get(pk=rubric.pk), people, by=boss))

    assert sorted(done) == [0] * (CROWD - 1) + [10]
    assert [Review.objects.of(row).count() for row in subjects(rubric)] == [2] * 5
    assert Message.objects.filter(kind="review_assigned").count() == 4


def test_submitting_many_times_at_once_counts_once():
    rubric = a_stage(1)
    review = assigned(rubric)
    given = marks(rubric, 1, 2, 3)

    all_at_once(
        lambda _n: actions.submit(Review.objects.get(pk=review.pk), given, by=review.reviewer)
    )

    assert Transition.objects.filter(to_state="submitted", object_id=review.pk).count() == 1
    assert Score.objects.filter(review=review).count() == 3


def test_a_conflict_among_scores_leaves_none():
    rubric = a_stage(1)
    review = assigned(rubric)
    given = marks(rubric, 1, 2, 3)

    def act(number: int) -> None:
        row = Review.objects.get(pk=review.pk)
        if number == CROWD // 2:
            actions.declare_conflict(row, by=review.reviewer)
        else:
            actions.save_scores(row, given, by=review.reviewer)

    all_at_once(act)

    review.refresh_from_db()
    assert review.state == "conflict"
    assert not Score.objects.exists()
