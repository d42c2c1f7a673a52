"""Crowds at papers, on real connections: each begun, handed in, decided and told once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from forums.freezing import FrozenError
from forums.models import Appearance, Forum, Speaker, Submission
from forums.papers import acts, deciding, placing
from forums.papers.forms import PaperForm
from forums.papers.placing import Place
from oda_portal.audit.models import Transition
from oda_portal.mail.models import Message
from oda_portal.privacy.models import Consent
from oda_portal.reviews import decisions
from oda_portal.reviews.models import Decision
from tests.factories import StaffFactory
from tests.forums.papers import WRITTEN, a_call, a_closed_call, a_meet_up, confirmed, handed_in
from tests.forums.test_papers_speaking import session_of

CROWD = 50

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'",
        reason="SQLite has one writer, and its test database in memory refuses instead of waiting",
    ),
]


def all_at_once(acts_: list[Callable[[], Any]]) -> list[Any]:
    """What each returned or raised; all begin together, each on a connection of its own."""
    start = Barrier(len(acts_))

    def one(act: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=30)
            return act()
        except (acts.TooLateError, acts.ChangedError, FrozenError) as refused:
            return type(refused)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts_)) as threads:
        return list(threads.map(one, acts_))


@pytest.mark.thorough
def test_fifty_beginnings_are_one_draft():
    forum = a_call()

    got = all_at_once([lambda: acts.begin(forum, email="a@b.kr", language="ko")] * CROWD)

    assert {paper.pk for paper in got} == {Submission.objects.get().pk}


def test_fifty_submissions_of_one_paper_are_one_receipt_one_consent_and_one_mail():
    paper = acts.begin(a_call(), email="a@b.kr", language="ko")
    seen = paper.stamp

    def hand_in() -> bool:
        row = Submission.objects.select_related("forum__program").get(pk=paper.pk)
        form = PaperForm(WRITTEN, instance=row, complete=True)
        assert form.is_valid()
        return acts.submit(row, form, seen=seen, by=None)

    got = all_at_once([hand_in] * CROWD)

    assert got.count(True) == 1
    assert Consent.objects.count() == 1
    assert Message.objects.filter(kind="paper_received").count() == 1
    assert Transition.objects.filter(field="state").count() == 1


def test_fifty_of_the_staff_decide_once_and_tell_once():
    paper, staff = handed_in(a_meet_up()), StaffFactory()

    def decide(act: str) -> Callable[[], bool]:
        return lambda: deciding.decide(
            Submission.objects.select_related("forum__program").get(pk=paper.pk), act, by=staff
        )

    got = all_at_once([decide(("accept", "decline")[n % 2]) for n in range(CROWD)])

    assert got.count(True) == 1
    assert Message.objects.filter(kind="paper_result").count() == 1
    assert Decision.objects.exclude(released_at=None).count() == 1


@pytest.mark.thorough
def test_releasing_and_withdrawing_at_once_end_and_tell_one_story():
    forum = a_closed_call()
    papers = [handed_in(forum) for _number in range(10)]
    deciding.decide_all(papers, "accept", by=StaffFactory())
    Forum.objects.filter(pk=forum.pk).update(papers_released_at=forum.papers_close_at)

    def withdraw(paper: Submission) -> Callable[[], bool]:
        return lambda: acts.withdraw(
            Submission.objects.select_related("forum__program").get(pk=paper.pk), by=None
        )

    all_at_once([*[withdraw(paper) for paper in papers], *[decisions.release_due] * 5])

    assert {paper.state for paper in Submission.objects.all()} == {"withdrawn"}
    assert Message.objects.filter(kind="paper_withdrawn").count() == 10
    assert not Decision.objects.filter(released_at=None).exists()


@pytest.mark.thorough
def test_fifty_who_put_one_speaker_into_the_programme_make_one():
    paper, staff = confirmed(a_closed_call()), StaffFactory()
    session = session_of(paper.forum)

    def put_in() -> bool:
        row = Submission.objects.select_related("forum__program").get(pk=paper.pk)
        return placing.put_in(row, Place(session, topics={"ko": "물"}), seen=row.stamp, by=staff)

    assert all_at_once([put_in] * CROWD).count(True) == CROWD

    assert (Speaker.objects.count(), Appearance.objects.count()) == (1, 1)
