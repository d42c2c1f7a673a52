"""The personal data of speakers: given out, closed, and destroyed when their time is over."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from forums.models import Forum, Speaker, Submission
from forums.papers import acts, deciding, placing, privacy
from forums.papers.placing import Place
from oda_portal.mail.models import Message
from oda_portal.privacy import actions, registry
from oda_portal.privacy.closing import CannotCloseError, close_account
from oda_portal.privacy.destruction import destroy_all
from oda_portal.reviews.models import Decision, Review
from tests.factories import ProgramFactory, ReviewFactory, RubricFactory, StaffFactory
from tests.files import samples
from tests.forums.papers import a_closed_call, a_meet_up, address, confirmed, handed_in
from tests.forums.test_papers_speaking import session_of
from tests.volunteers.applicants import person

pytestmark = pytest.mark.django_db

EXPORTS = privacy.UNSENT


def due(key: str, days: int) -> list[Submission]:
    """What this entry would destroy in so many days."""
    entry = registry.entry_of(key)
    before = timezone.now() + timedelta(days=days) - timedelta(days=entry.days)
    return list(entry.due(before))


def test_each_paper_is_due_in_its_own_time():
    forum = a_closed_call(
        program=ProgramFactory(
            kind="forum", modality="", starts_on="2026-12-01", ends_on="2026-12-01"
        )
    )
    draft = handed_in(forum, state="draft")
    topic = handed_in(a_meet_up(), state="draft")
    gone = handed_in(forum, state="withdrawn")
    no = handed_in(forum, state="declined")
    never = handed_in(forum)
    spoke = handed_in(forum, state="confirmed")

    with time_machine.travel("2026-12-02T03:00:00Z", tick=False):
        Submission.objects.update(state_at=timezone.now(), changed_at=timezone.now())
        Forum.objects.update(papers_released_at=None)
        Forum.objects.filter(pk=forum.pk).update(
            papers_open_at=timezone.now() - timedelta(days=2), papers_close_at=timezone.now()
        )
        assert due(privacy.UNSENT, 29) == []
        assert set(due(privacy.UNSENT, 31)) == {draft, topic}
        assert (due(privacy.WITHDRAWN, 28), due(privacy.WITHDRAWN, 30)) == ([], [gone])
        assert due(privacy.DECLINED, 182) == []
        assert set(due(privacy.DECLINED, 184)) == {no, never}
        assert (due(privacy.SPOKEN, 364), due(privacy.SPOKEN, 366)) == ([], [spoke])


def test_what_is_destroyed_takes_file_decision_reviews_and_mails_with_it():
    forum = a_closed_call()
    paper = handed_in(forum)
    paper.slides.save("a.pdf", ContentFile(samples.pdf()))
    ReviewFactory(rubric=RubricFactory(round=forum), subject=paper)
    deciding.decide(paper, "accept", by=StaffFactory())
    deciding.mails.received(paper)
    name, storage = paper.slides.name, paper.slides.storage

    rows = Submission.objects.filter(pk=paper.pk)
    assert destroy_all(privacy.DECLINED, rows, rule="test") == 1

    assert not storage.exists(name)
    for model in (Submission, Decision, Review):
        assert not model.objects.exists()
    assert not Message.objects.filter(kind="paper_received").exclude(context={}).exists()


def test_what_stands_in_the_programme_stays_when_the_paper_goes():
    paper = confirmed(a_closed_call())
    placing.put_in(
        paper,
        Place(session_of(paper.forum), topics={"ko": "물"}),
        seen=paper.stamp,
        by=StaffFactory(),
    )

    destroy_all(privacy.SPOKEN, Submission.objects.all(), rule="test")

    assert Speaker.objects.get().appearances.count() == 1


def test_a_person_gets_their_papers_and_nothing_of_what_is_held():
    user = person()
    paper = handed_in(a_closed_call(), user=user, title="물")
    handed_in(a_closed_call(), title="남의 것")
    paper.slides.save("a.pdf", ContentFile(samples.pdf()))
    Submission.objects.filter(pk=paper.pk).update(slides_name="발표.pdf")
    deciding.decide(paper, "decline", by=StaffFactory(), reason="멀다")

    entry = registry.entry_of(EXPORTS)
    (given,) = entry.export(user)
    files = list(entry.files(user))

    assert (given["title"], given["receipt"]) == ("물", paper.receipt)
    assert "멀다" not in str(given)
    assert "declined" not in str(given)
    assert [name for name, _file in files] == [f"{paper.forum.slug}/발표.pdf"]


@pytest.mark.parametrize("is_frozen", [False, True])
def test_closing_the_account_takes_the_speaker_out_of_the_programme(is_frozen: bool):
    user = person()
    paper = confirmed(a_closed_call(), user=user)
    placing.put_in(
        paper,
        Place(session_of(paper.forum), topics={"ko": "물"}),
        seen=paper.stamp,
        by=StaffFactory(),
    )
    handed_in(a_meet_up(), user=user, state="draft")
    if is_frozen:
        Forum.objects.filter(pk=paper.forum_id).update(frozen_at=timezone.now())

    registry.entry_of(EXPORTS).close(user)

    assert not Submission.objects.exists()
    assert not Speaker.objects.exists()


def test_what_was_begun_by_mail_can_be_destroyed_by_its_writer(client: Client):
    paper = acts.begin(a_meet_up(), email="hong@example.org", language="ko")

    assert acts.discard(paper)
    assert not acts.discard(paper)
    assert not Submission.objects.exists()
    assert client.get(address("paper_detail", paper.uuid)).status_code == 302


@pytest.mark.parametrize("what", ["export", "files", "close"])
def test_what_was_begun_by_mail_belongs_to_whoever_has_proved_the_address(what: str):
    user = person(email="hong@example.org")
    paper = handed_in(a_closed_call(), email="hong@example.org", title="물")
    paper.slides.save("a.pdf", ContentFile(samples.pdf()))
    other = handed_in(a_closed_call(), email="kim@example.org")
    entry = registry.entry_of(EXPORTS)

    if what == "export":
        assert [given["title"] for given in entry.export(user)] == ["물"]
    elif what == "files":
        assert len(list(entry.files(user))) == 1
    else:
        entry.close(user)
        assert list(Submission.objects.all()) == [other]


def test_what_was_begun_by_mail_keeps_the_account_while_it_is_on_hold():
    user = person(email="hong@example.org")
    paper = handed_in(a_closed_call(), email="hong@example.org")
    until = timezone.localdate() + timedelta(days=5)
    actions.hold_record(paper, by=StaffFactory(), ground="audit", reason="x", until=until)

    with pytest.raises(CannotCloseError):
        close_account(user)

    assert Submission.objects.get() == paper
