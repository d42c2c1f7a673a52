"""Who reviews what: evenly, as many as wanted, once, and never with a conflict."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from oda_portal.audit.models import Transition
from oda_portal.mail.models import Message
from oda_portal.reviews import actions
from oda_portal.reviews.assigning import assign, plan
from oda_portal.reviews.models import Review, ReviewState, Rubric
from tests.admin.forms import filled
from tests.factories import (
    CallFactory,
    CriterionFactory,
    OpeningFactory,
    RubricFactory,
    StaffFactory,
)
from tests.reviews.rounds import a_stage, assigned, marks, reviewer, subjects
from tests.volunteers.rounds import applicant
from tests.volunteers.staff import said, signed_in_as
from volunteers import persons
from volunteers.models import Application

pytestmark = pytest.mark.django_db


def loads() -> Counter:
    rows = Review.objects.counted().values_list("reviewer_id", flat=True)
    return Counter(rows)


def test_each_gets_as_many_as_wanted_and_the_work_is_even():
    rubric = a_stage(10, reviewers_wanted=3)
    people = [reviewer() for _number in range(4)]

    count = assign(rubric, people, by=StaffFactory())

    assert count == 30
    assert sorted(loads().values()) == [7, 7, 8, 8]
    for subject in subjects(rubric):
        given = Review.objects.of(subject).values_list("reviewer", flat=True)
        assert len(given) == len(set(given)) == 3
    pairs = {
        tuple(sorted(Review.objects.of(row).values_list("reviewer", flat=True)))
        for row in subjects(rubric)
    }
    assert len(pairs) > 1


def test_twice_is_once_and_more_people_change_nothing_that_is_assigned():
    rubric = a_stage(4)
    people, boss = [reviewer(), reviewer()], StaffFactory()
    assign(rubric, people, by=boss)
    before = set(Review.objects.values_list("pk", "reviewer"))

    assert assign(rubric, people, by=boss) == 0
    assert assign(rubric, [*people, reviewer()], by=boss) == 0

    assert set(Review.objects.values_list("pk", "reviewer")) == before
    assert Message.objects.filter(kind="review_assigned").count() == 2


def test_latecomers_go_to_who_has_least():
    rubric = a_stage(4)
    people, boss = [reviewer(), reviewer()], StaffFactory()
    assign(rubric, people, by=boss)
    applicant(rubric.round.openings.get())
    applicant(rubric.round.openings.get())
    fresh = reviewer()

    assign(rubric, [*people, fresh], by=boss)

    assert loads()[fresh.pk] == 2
    assert sum(loads().values()) == 12


def test_a_conflict_is_never_asked_again_in_any_stage_and_somebody_else_is():
    rubric = a_stage(1)
    (subject,) = subjects(rubric)
    first, second, third = reviewer(), reviewer(), reviewer()
    assign(rubric, [first, second], by=StaffFactory())
    actions.declare_conflict(Review.objects.get(reviewer=first), by=first)

    assert assign(rubric, [first, second], by=StaffFactory()) == 0
    assert assign(rubric, [first, second, third], by=StaffFactory()) == 1

    assert set(loads()) == {second.pk, third.pk}
    later = RubricFactory(round=rubric.round, stage="interview")
    CriterionFactory(rubric=later)
    Application.objects.filter(pk=subject.pk).update(state="interview")
    planned = plan(later, [first, second])
    assert [(pair.reviewer, planned.short) for pair in planned.pairs] == [(second, 1)]


def test_what_waits_for_who_is_no_reviewer_any_more_goes_to_somebody_else():
    rubric = a_stage(2)
    gone, stays, fresh = reviewer(), reviewer(), reviewer()
    assign(rubric, [gone, stays], by=StaffFactory())
    done = Review.objects.filter(reviewer=gone).first()
    actions.submit(done, marks(rubric, 1, 1, 1), by=gone)
    gone.groups.clear()

    assert assign(rubric, [stays, fresh], by=StaffFactory()) == 1

    (review,) = Review.objects.filter(reviewer=fresh)
    assert review.object_id != done.object_id


def test_nobody_reviews_their_own_application():
    rubric = a_stage(0)
    themselves, other = reviewer(), reviewer()
    applicant(rubric.round.openings.get(), user=themselves)

    planned = plan(rubric, [themselves, other])

    assert [pair.reviewer for pair in planned.pairs] == [other]
    assert planned.short == 1


def test_nobody_reviews_what_they_applied_for_from_another_account():
    rubric = a_stage(0)
    opening = rubric.round.openings.get()
    themselves, boss = reviewer(), StaffFactory()
    first = applicant(OpeningFactory(call=CallFactory()), user=themselves).volunteer
    seconds = [applicant(opening).volunteer for _number in range(2)]
    assert len(plan(rubric, [themselves]).pairs) == 2

    persons.join(seconds[0], first, by=boss, reason="같은 사람")
    assert [pair.subject_id for pair in plan(rubric, [themselves]).pairs] == [
        seconds[1].applications.get().pk
    ]
    persons.join(first, seconds[1], by=boss, reason="이 사람도")

    assert plan(rubric, [themselves]).pairs == []


@pytest.mark.thorough
def test_a_plan_asks_as_much_for_many_as_for_one():
    rubric, people = a_stage(1), [reviewer(), reviewer()]

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            plan(rubric, people)
        return len([one for one in queries if 'cache"' not in one["sql"]])

    count()
    few = count()
    for _number in range(20):
        applicant(rubric.round.openings.get())

    assert count() <= few


def test_every_assignment_is_in_the_trail():
    rubric, boss = a_stage(2), StaffFactory()

    assign(rubric, [reviewer(), reviewer()], by=boss)

    rows = Transition.objects.filter(field="state", to_state=ReviewState.ASSIGNED, from_state="")
    assert rows.count() == 4
    assert {row.by for row in rows} == {boss}


def test_a_plan_that_is_no_longer_true_is_not_carried_out():
    rubric, boss = a_stage(2), StaffFactory()
    people = [reviewer(), reviewer()]
    stamp = plan(rubric, people).stamp
    applicant(rubric.round.openings.get())

    assert assign(rubric, people, by=boss, stamp=stamp) is None

    assert not Review.objects.exists()
    assert not Message.objects.exists()


# --- the page -----------------------------------------------------------------------------------


def test_who_gets_how_many_and_what_they_read_is_shown_before_it_is_done(client: Client):
    rubric = a_stage(3)
    korean = reviewer(name="박심사")
    english = reviewer(name="Kim Reviewer", preferred_language="en")
    signed_in_as(client, "volunteer_coordinator")
    url = reverse("admin:reviews_rubric_assign", args=[rubric.pk])
    assert "박심사" in client.get(url).content.decode()

    page = client.post(url, {"reviewers": [korean.pk, english.pk], "look": "1"})

    assert not Review.objects.exists()
    assert not Message.objects.exists()
    assert page.context["plan"].who_gets() == [(english, 0, 3), (korean, 0, 3)]
    assert {one.html_lang for one in page.context["letters"]} == {"ko", "en"}
    assert "You have new reviews" in page.content.decode()
    done = client.post(url, {**filled(page), "sure": "1"}, follow=True)
    assert Review.objects.count() == 6
    assert said(done)
    mails = Message.objects.filter(kind="review_assigned")
    assert {(mail.user, mail.language, mail.context["count"]) for mail in mails} == {
        (korean, "ko", "3"), (english, "en", "3"),
    }  # fmt: skip
    client.post(url, {**filled(page), "sure": "1"}, follow=True)
    assert (Review.objects.count(), mails.count()) == (6, 2)


def test_without_a_criterion_or_after_closing_nothing_is_assigned(client: Client):
    person = reviewer()
    signed_in_as(client, "volunteer_coordinator")
    empty, over = a_stage(1, weights=()), a_stage(1)
    Rubric.objects.filter(pk=over.pk).update(
        opens_at="2020-01-01T00:00Z", closes_at="2020-01-02T00:00Z"
    )
    for rubric in (empty, over):
        url = reverse("admin:reviews_rubric_assign", args=[rubric.pk])

        page = client.post(url, {"reviewers": [person.pk], "shown": "x", "sure": "1"})

        assert len(said(page)) == 1
        assert not Review.objects.exists()


def test_only_whoever_runs_the_round_assigns(client: Client):
    rubric = a_stage(1)
    url = reverse("admin:reviews_rubric_assign", args=[rubric.pk])
    for role in ("reviewer", "editor", "privacy_officer"):
        signed_in_as(client, role)

        assert client.get(url).status_code == 403
        assert client.post(url, {"reviewers": [assigned(rubric).reviewer_id]}).status_code == 403
        Review.objects.all().delete()
