"""From the decision to the programme: held, released, confirmed, named, placed, taken out."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone, translation

from forums.models import Appearance, Forum, Material, Speaker, Submission
from forums.papers import acts, deciding, placing
from forums.papers.placing import Place
from oda_portal.audit.models import Transition
from oda_portal.mail.models import Message
from oda_portal.privacy import consents
from oda_portal.privacy.models import Kind
from oda_portal.reviews import decisions
from oda_portal.reviews.models import Decision
from tests.factories import ForumSessionFactory, StaffFactory
from tests.files import samples
from tests.forums.papers import (
    a_call,
    a_closed_call,
    a_meet_up,
    address,
    come_in,
    confirmed,
    handed_in,
    post_speaker,
)

pytestmark = pytest.mark.django_db

TOPICS = {"ko": "마을의 물", "en": "Water for a village", "zh-hans": "村里的水"}


def slides(name: str = "발표.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, samples.pdf(), content_type="application/pdf")


def known(client: Client, paper: Submission) -> Client:
    """With the newest mail about the paper followed."""
    if paper.state == "submitted":
        deciding.mails.received(paper)
    else:
        deciding.mails.result(paper)
    come_in(client, Message.objects.filter(about_id=paper.pk).latest("pk"))
    return client


def session_of(forum: Forum, hours: int = 0):
    starts = timezone.now() + timedelta(days=30, hours=hours)
    return ForumSessionFactory(forum=forum, starts_at=starts, ends_at=starts + timedelta(hours=1))


# --- deciding -----------------------------------------------------------------------------------


def test_decisions_are_held_and_released_together_each_in_its_language():
    forum = a_closed_call()
    staff = StaffFactory()
    yes = handed_in(forum, language="en", email="a@example.org")
    no = handed_in(forum, language="zh-hans", email="b@example.org")

    deciding.decide_all([yes], "accept", by=staff)
    deciding.decide_all([no], "decline", by=staff, reason="주제와 멀다")
    decisions.release_due()
    for paper in (yes, no):
        paper.refresh_from_db()
        assert paper.state == "submitted"
    assert not Message.objects.exists()

    with time_machine.travel(forum.papers_released_at, tick=False):
        assert decisions.release_due() == 2
        assert decisions.release_due() == 0

    for paper, state in ((yes, "accepted"), (no, "declined")):
        paper.refresh_from_db()
        assert paper.state == state
    mails = {row.to: row for row in Message.objects.filter(kind="paper_result")}
    assert [mails[paper.email].language for paper in (yes, no)] == ["en", "zh-hans"]
    assert "accepted" in mails[yes.email].context["sentence"]
    assert "주제와 멀다" not in str(mails[no.email].context)


def test_a_decision_can_be_changed_or_taken_back_as_long_as_it_is_held():
    paper, staff = handed_in(a_closed_call()), StaffFactory()

    assert deciding.decide(paper, "accept", by=staff)
    assert deciding.decide(paper, "decline", by=staff)
    assert Decision.objects.get().outcome == "decline"
    assert deciding.take_back(paper, by=staff)
    assert not deciding.take_back(paper, by=staff)
    assert not Decision.objects.exists()


def test_the_same_decision_twice_is_one():
    paper, staff = handed_in(a_closed_call()), StaffFactory()

    for _time in range(2):
        deciding.decide(paper, "accept", by=staff)

    assert Transition.objects.filter(field="decision").count() == 1


def test_nothing_is_decided_before_the_deadline():
    paper = handed_in(a_call())

    assert not deciding.decide(paper, "accept", by=StaffFactory())
    assert not Decision.objects.exists()


def test_after_the_results_a_decision_is_told_at_once():
    forum = a_closed_call(papers_released_at=timezone.now() - timedelta(minutes=1))
    paper = handed_in(forum)

    deciding.decide(paper, "accept", by=StaffFactory())

    assert paper.state == "accepted"
    assert Message.objects.filter(kind="paper_result").count() == 1


def test_a_topic_of_a_meet_up_is_answered_at_any_time_and_once():
    paper, staff = handed_in(a_meet_up()), StaffFactory()

    assert deciding.decide(paper, "accept", by=staff)
    assert not deciding.decide(paper, "decline", by=staff)

    assert paper.state == "accepted"
    assert Message.objects.filter(kind="paper_result").count() == 1


def test_whoever_withdraws_is_told_no_decision():
    forum = a_closed_call()
    paper = handed_in(forum)
    deciding.decide(paper, "accept", by=StaffFactory())

    acts.withdraw(paper, by=None)
    with time_machine.travel(forum.papers_released_at, tick=False):
        decisions.release_due()

    paper.refresh_from_db()
    assert paper.state == "withdrawn"
    assert not Message.objects.filter(kind="paper_result").exists()


# --- the speaker's page -------------------------------------------------------------------------


def test_whoever_was_not_accepted_has_no_such_page(client: Client):
    paper = handed_in(a_closed_call())
    deciding.decide(paper, "accept", by=StaffFactory())  # held: nobody knows of it

    assert known(client, paper).get(address("paper_speaker", paper.uuid)).status_code == 404


def test_confirming_keeps_how_they_are_named_and_the_slides(client: Client):
    paper = handed_in(a_closed_call(), state="accepted")
    known(client, paper)

    answer = post_speaker(client, paper, slides=slides())

    paper.refresh_from_db()
    assert answer.url == paper.get_absolute_url()
    assert paper.state == "confirmed"
    assert paper.profile["en"]["post"] == "Professor, Pusan National University"
    assert "zh-hans" not in paper.profile
    assert paper.slides_name == "발표.pdf"
    file = client.get(address("paper_slides", paper.uuid))
    assert b"".join(file.streaming_content).startswith(b"%PDF-")
    assert "attachment" in file.headers["Content-Disposition"]
    assert placing.may_be_public(paper)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name_ko", ""),
        ("name_en", ""),
        ("bio_ko", "가" * 2001),
        ("post_ko", "880101-1234567"),
        ("consent_speaker", ""),
        ("consent_speaker", "no.1"),
        ("slides", SimpleUploadedFile("a.pdf", b"MZ" * 100)),
        ("slides", SimpleUploadedFile("a.exe", b"MZ" * 100)),
        ("slides", SimpleUploadedFile("a.pdf", b"")),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_confirmed(client: Client, field: str, value: object):
    paper = handed_in(a_closed_call(), state="accepted")
    known(client, paper)

    answer = post_speaker(client, paper, **{field: value})

    assert field in answer.context["form"].errors
    paper.refresh_from_db()
    assert (paper.state, paper.profile) == ("accepted", {})


def test_new_slides_take_the_place_of_the_old_and_can_be_removed(
    client: Client, django_capture_on_commit_callbacks
):
    paper = handed_in(a_closed_call(), state="accepted")
    known(client, paper)
    post_speaker(client, paper, slides=slides())
    paper.refresh_from_db()
    first, storage = paper.slides.name, paper.slides.storage

    with django_capture_on_commit_callbacks(execute=True):
        post_speaker(client, paper, slides=slides("둘째.pdf"))
    paper.refresh_from_db()
    assert not storage.exists(first)
    assert storage.exists(paper.slides.name)

    second = paper.slides.name
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address("paper_slides_remove", paper.uuid))
    paper.refresh_from_db()
    assert not paper.slides
    assert not storage.exists(second)
    assert client.get(address("paper_slides", paper.uuid)).status_code == 404


# --- the programme ------------------------------------------------------------------------------


def test_a_confirmed_speaker_is_put_into_the_programme_with_slides(client: Client):
    paper = confirmed(a_closed_call())
    paper.slides.save("a.pdf", slides())
    session = session_of(paper.forum)

    for _time in range(2):
        place = Place(session, topics=TOPICS, with_slides=True)
        assert placing.put_in(paper, place, seen=paper.stamp, by=StaffFactory())

    speaker, appearance = Speaker.objects.get(), Appearance.objects.get()
    assert (speaker.name_ko, speaker.name_en, speaker.post_en) == (
        "홍길동",
        "Hong Gildong",
        "Professor",
    )
    assert (appearance.session, appearance.topic_en) == (session, "Water for a village")
    material = Material.objects.get()
    assert material.file.name != paper.slides.name
    assert client.get(f"/files/{material.uuid}/").status_code == 200
    assert not Submission.objects.to_be_placed().exists()
    with translation.override("ko"):
        assert "홍길동" in client.get(session.get_absolute_url()).content.decode()


def test_the_speakers_later_words_are_public_when_staff_put_them_in_again(client: Client):
    paper = confirmed(a_closed_call())
    session = session_of(paper.forum)
    placing.put_in(paper, Place(session, topics=TOPICS), seen=paper.stamp, by=StaffFactory())
    known(client, paper)

    post_speaker(client, paper, name_en="Gildong Hong")

    assert Speaker.objects.get().name_en == "Hong Gildong"
    assert list(Submission.objects.to_be_placed()) == [paper]
    paper.refresh_from_db()
    placing.put_in(paper, Place(session, topics=TOPICS), seen=paper.stamp, by=StaffFactory())
    assert Speaker.objects.get().name_en == "Gildong Hong"
    assert not Submission.objects.to_be_placed().exists()


def test_a_paper_that_is_moved_leaves_nothing_behind():
    paper = confirmed(a_closed_call())
    first, second = session_of(paper.forum), session_of(paper.forum)

    for session in (first, second):
        assert placing.put_in(
            paper, Place(session, topics=TOPICS), seen=paper.stamp, by=StaffFactory()
        )

    assert Appearance.objects.get().session == second


def test_who_speaks_twice_is_one_speaker_who_cannot_be_in_two_places():
    forum = a_closed_call()
    one = confirmed(forum, email="hong@example.org")
    other = confirmed(forum, email="hong@example.org")
    placing.put_in(one, Place(session_of(forum), topics=TOPICS), seen=one.stamp, by=StaffFactory())

    with pytest.raises(ValidationError):
        placing.put_in(
            other, Place(session_of(forum), topics=TOPICS), seen=other.stamp, by=StaffFactory()
        )
    later = session_of(forum, hours=5)
    assert placing.put_in(other, Place(later, topics=TOPICS), seen=other.stamp, by=StaffFactory())

    assert Speaker.objects.get().appearances.count() == 2
    with pytest.raises(ValidationError):
        placing.put_in(one, Place(later, topics=TOPICS), seen=one.stamp, by=StaffFactory())


@pytest.mark.parametrize("state", ["submitted", "accepted", "declined", "withdrawn"])
def test_nobody_else_is_put_into_the_programme(state: str):
    paper = confirmed(a_closed_call(), state=state)

    assert not placing.put_in(
        paper, Place(session_of(paper.forum)), seen=paper.stamp, by=StaffFactory()
    )
    assert not Speaker.objects.exists()


def test_nobody_is_put_into_another_editions_programme_or_without_agreeing():
    paper = confirmed(a_closed_call())
    assert not placing.put_in(
        paper, Place(session_of(a_call())), seen=paper.stamp, by=StaffFactory()
    )

    consents.withdraw(paper, Kind.SPEAKER, by=None)
    assert not placing.put_in(
        paper, Place(session_of(paper.forum)), seen=paper.stamp, by=StaffFactory()
    )
    assert not Speaker.objects.exists()


@pytest.mark.parametrize("way", ["withdraw", "speaker", "paper"])
def test_who_steps_back_is_out_of_the_programme_at_once(way: str):
    paper = confirmed(a_closed_call())
    paper.slides.save("a.pdf", slides())
    place = Place(session_of(paper.forum), topics=TOPICS, with_slides=True)
    placing.put_in(paper, place, seen=paper.stamp, by=StaffFactory())

    if way == "withdraw":
        acts.withdraw(paper, by=None)
    else:
        text = consents.current_texts([way])[0]
        consents.give(paper, text, given=True, by=None)
        consents.withdraw(paper, way, by=None)

    for model in (Speaker, Appearance, Material):
        assert not model.objects.exists()
    paper.refresh_from_db()
    assert (paper.session, paper.placed_at) == (None, None)


@pytest.mark.parametrize("way", ["withdraw", "take out"])
def test_who_steps_back_from_an_older_page_is_out_of_the_programme_too(way: str):
    paper = confirmed(a_closed_call())
    older = Submission.objects.select_related("forum__program").get(pk=paper.pk)
    place = Place(session_of(paper.forum), topics=TOPICS)
    placing.put_in(paper, place, seen=paper.stamp, by=StaffFactory())

    if way == "withdraw":
        assert acts.withdraw(older, by=None)
    else:
        placing.hide(older)

    assert not Speaker.objects.exists()
    assert not Appearance.objects.exists()


def test_no_history_names_who_is_out_of_the_programme():
    paper = confirmed(a_closed_call())
    paper.slides.save("a.pdf", slides())
    place = Place(session_of(paper.forum), topics=TOPICS, with_slides=True)
    placing.put_in(paper, place, seen=paper.stamp, by=StaffFactory())

    consents.withdraw(paper, Kind.SPEAKER, by=None)

    for model in (Speaker, Appearance, Material):
        assert not model.history.exists()


def test_who_speaks_elsewhere_keeps_their_history():
    forum = a_closed_call()
    one, other = (confirmed(forum, email="hong@example.org") for _number in range(2))
    for hours, paper in enumerate((one, other)):
        place = Place(session_of(forum, hours=5 * hours), topics=TOPICS)
        placing.put_in(paper, place, seen=paper.stamp, by=StaffFactory())

    acts.withdraw(one, by=None)

    assert Speaker.objects.get().history.exists()
    assert {row.id for row in Appearance.history.all()} == {Appearance.objects.get().pk}


def test_nothing_is_published_that_staff_did_not_see():
    paper = confirmed(a_closed_call())
    seen = paper.stamp
    Submission.objects.filter(pk=paper.pk).update(profile={"ko": {"name": "다른 이름"}})

    place = Place(session_of(paper.forum), topics=TOPICS)
    with pytest.raises(ValidationError):
        placing.put_in(paper, place, seen=seen, by=StaffFactory())

    assert not Speaker.objects.exists()
