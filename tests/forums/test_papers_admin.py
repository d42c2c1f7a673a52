"""Papers and topics in the back office, and under review."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from forums.models import Appearance, Forum, Submission
from forums.papers import deciding
from oda_portal.accounts.models import User
from oda_portal.accounts.roles import set_up_roles
from oda_portal.mail.models import Message
from oda_portal.privacy.models import AccessRecord, Act
from oda_portal.reviews.models import Decision
from oda_portal.reviews.registry import kind_of
from tests.doors import sign_in_staff
from tests.factories import (
    ApplicationFactory,
    CriterionFactory,
    ReviewFactory,
    RubricFactory,
    StaffFactory,
)
from tests.files import samples
from tests.forums.papers import a_call, a_closed_call, a_meet_up, confirmed, handed_in
from tests.forums.test_papers_speaking import session_of
from tests.reviews.rounds import sign_in_reviewer
from tests.volunteers.applicants import person

pytestmark = pytest.mark.django_db

LIST = "admin:forums_submission_changelist"


def manager(client: Client, role: str = "forum_manager") -> User:
    set_up_roles()
    user = StaffFactory(is_superuser=False)
    user.groups.add(Group.objects.get(name=role))
    sign_in_staff(client, user)
    return user


def page(name: str, paper: Submission, language: str = "ko") -> str:
    with translation.override(language):
        return reverse(f"admin:forums_submission_{name}", args=[paper.pk])


# --- reading ------------------------------------------------------------------------------------


def test_a_draft_is_its_writers_alone(client: Client):
    manager(client)
    draft = handed_in(a_call(), state="draft", name="아직초고")

    assert "아직초고" not in client.get(reverse(LIST)).content.decode()
    assert client.get(page("change", draft)).status_code == 404
    assert client.get(page("accept", draft)).status_code == 404


def test_every_page_that_shows_a_person_is_a_recorded_look(client: Client):
    manager(client)
    paper = confirmed(a_closed_call())
    paper.slides.save("a.pdf", a_file())

    for name in ("change", "place", "slides"):
        before = AccessRecord.objects.count()
        assert client.get(page(name, paper)).status_code == 200
        assert AccessRecord.objects.count() == before + 1
    client.get(reverse(LIST))
    assert AccessRecord.objects.filter(act=Act.LIST).exists()


def a_file() -> ContentFile:
    return ContentFile(samples.pdf())


def test_an_export_asks_for_a_reason(client: Client):
    manager(client)
    paper = handed_in(a_closed_call(), name="홍길동")
    chosen = {"action": "export_selected", "_selected_action": [paper.pk]}

    asked = client.post(reverse(LIST), chosen)
    given = client.post(reverse(LIST), {**chosen, "sure": "yes", "reason": "회의 자료"})

    assert "홍길동" not in asked.content.decode()
    assert "홍길동" in b"".join(given).decode()
    assert AccessRecord.objects.get(act=Act.EXPORT).reason == "회의 자료"


@pytest.mark.thorough
def test_the_list_asks_as_often_for_many_as_for_one(client: Client, uncached_queries):
    manager(client)
    handed_in(a_closed_call())
    few = uncached_queries(client, reverse(LIST) + "?o=1")
    for _number in range(9):
        handed_in(a_closed_call())

    assert uncached_queries(client, reverse(LIST) + "?o=1") == few


def test_a_reader_does_not_learn_of_a_decision_that_is_held(client: Client):
    paper = handed_in(a_closed_call())
    deciding.decide(paper, "accept", by=StaffFactory())
    manager(client, "privacy_officer")

    shown = client.get(reverse(LIST) + "?decision=accept")
    assert not shown.context["cl"].result_list
    assert client.get(page("accept", paper)).status_code == 403
    assert client.get(page("change", paper)).context["acts"] == []


# --- deciding -----------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["accept", "decline"])
def test_the_mail_is_shown_before_anything_is_decided(client: Client, act: str):
    manager(client)
    paper = handed_in(a_meet_up(), language="en", title="Water")

    asked = client.get(page(act, paper)).content.decode()
    assert "Here is the result for “Water”." in asked
    assert not Decision.objects.exists()
    client.post(page(act, paper), {"reason": ""})

    sent = Message.objects.get(kind="paper_result")
    assert sent.context["sentence"] in asked
    paper.refresh_from_db()
    assert paper.state == {"accept": "accepted", "decline": "declined"}[act]


def test_many_are_decided_in_one_go_and_the_rest_is_said(client: Client):
    manager(client)
    forum = a_closed_call()
    rows = [handed_in(forum) for _number in range(3)] + [handed_in(forum, state="withdrawn")]
    chosen = {"action": "decide_accept", "_selected_action": [row.pk for row in rows]}

    assert client.post(reverse(LIST), chosen).status_code == 200
    assert not Decision.objects.exists()
    client.post(reverse(LIST), {**chosen, "sure": "yes", "reason": ""})

    assert Decision.objects.filter(outcome="accept", released_at=None).count() == 3
    assert not Message.objects.exists()


def test_a_held_decision_is_undone(client: Client):
    by = manager(client)
    paper = handed_in(a_closed_call())
    deciding.decide(paper, "accept", by=by)

    assert client.get(page("take_back", paper)).status_code == 200
    client.post(page("take_back", paper))

    assert not Decision.objects.exists()


def test_a_frozen_edition_is_decided_about_no_more(client: Client):
    by = manager(client)
    forum = a_closed_call()
    paper = handed_in(forum)
    deciding.decide(paper, "accept", by=by)
    Forum.objects.filter(pk=forum.pk).update(frozen_at=timezone.now())

    for name in ("accept", "decline", "take_back"):
        client.post(page(name, paper), {"reason": ""})

    assert Decision.objects.get().outcome == "accept"


@pytest.mark.parametrize("way", ["account", "address"])
def test_nobody_decides_about_their_own(client: Client, way: str):
    user = manager(client)
    EmailAddress.objects.create(user=user, email="me@example.org", verified=True)
    own = {"user": user} if way == "account" else {"email": "me@example.org"}
    forum = a_closed_call()
    paper, other = handed_in(forum, **own), handed_in(forum)
    deciding.decide(paper, "decline", by=StaffFactory(), reason="주제와 멀다")

    shown = client.get(page("change", paper))
    assert shown.context["acts"] == []
    assert "주제와 멀다" not in shown.content.decode()
    assert not client.get(reverse(LIST) + "?decision=decline").context["cl"].result_list
    for name in ("accept", "take_back"):
        assert client.post(page(name, paper), {"reason": ""}).status_code == 403
    chosen = {"action": "decide_accept", "_selected_action": [paper.pk, other.pk]}
    assert client.post(reverse(LIST), chosen).context["refused"] == [paper]
    client.post(reverse(LIST), {**chosen, "sure": "yes", "reason": ""})

    assert {row.object_id: row.outcome for row in Decision.objects.all()} == {
        paper.pk: "decline",
        other.pk: "accept",
    }


def test_nobody_puts_themselves_into_the_programme(client: Client):
    paper = confirmed(a_closed_call(), user=manager(client))

    assert client.get(page("change", paper)).context["acts"] == []
    assert client.get(page("place", paper)).status_code == 403


# --- the programme ------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
def test_staff_put_a_speaker_into_the_programme(client: Client, language: str):
    manager(client)
    paper = confirmed(a_closed_call(), title="물")
    session = session_of(paper.forum)
    place = page("place", paper, language)

    shown = client.get(place)
    assert "Professor" in shown.content.decode()
    typed = {"role": "speaker", "topic_ko": "물", "topic_en": "Water", "topic_zh_hans": ""}
    client.post(place, {**typed, "session": session.pk, "seen": shown.context["seen"]})

    assert Appearance.objects.get().topic_en == "Water"
    assert "programme=wanted" not in client.get(reverse("admin:index")).content.decode()


def test_what_the_speaker_changed_meanwhile_is_shown_before_it_is_public(client: Client):
    manager(client)
    paper = confirmed(a_closed_call())
    typed = {"role": "speaker", "topic_ko": "물", "session": session_of(paper.forum).pk}
    typed["seen"] = client.get(page("place", paper)).context["seen"]
    Submission.objects.filter(pk=paper.pk).update(profile={"ko": {"name": "다른 이름"}})

    # Of a form with a mistake the old page is still the one that was read.
    again = client.post(page("place", paper), {**typed, "session": ""})
    answer = client.post(page("place", paper), {**typed, "seen": again.context["seen"]})

    assert answer.context["form"].non_field_errors()
    assert "다른 이름" in answer.content.decode()
    assert not Appearance.objects.exists()
    client.post(page("place", paper), {**typed, "seen": answer.context["seen"]})
    assert Appearance.objects.get().speaker.name_ko == "다른 이름"


def test_the_first_page_says_that_speakers_wait(client: Client):
    manager(client)
    confirmed(a_closed_call())

    assert "programme=wanted" in client.get(reverse("admin:index")).content.decode()
    shown = client.get(reverse(LIST) + "?programme=wanted", follow=True)
    assert shown.status_code == 200


def test_a_session_of_another_edition_is_no_choice(client: Client):
    manager(client)
    paper = confirmed(a_closed_call())
    typed = {"role": "speaker", "topic_ko": "물", "session": session_of(a_call()).pk}

    answer = client.post(page("place", paper), typed)

    assert "session" in answer.context["form"].errors
    assert not Appearance.objects.exists()


# --- reviewing ----------------------------------------------------------------------------------


def test_a_blind_reviewer_reads_the_paper_and_not_who_wrote_it(client: Client):
    forum = a_closed_call()
    paper = handed_in(
        forum, name="홍길동", email="hong@example.org", affiliation="한빛연구소",
        title="마을의 물", abstract="저 홍길동은 한빛연구소에서 우물을 고쳤습니다.",
    )  # fmt: skip
    rubric = RubricFactory(round=forum)
    CriterionFactory(rubric=rubric)
    user = sign_in_reviewer(client)
    review = ReviewFactory(rubric=rubric, subject=paper, reviewer=user)

    shown = client.get(reverse("reviews:review_detail", args=[review.uuid])).content.decode()

    assert "마을의 물" in shown
    for word in ("홍길동", "한빛연구소", "hong@example.org"):
        assert word not in shown


def test_nobody_reviews_their_own_paper():
    forum = a_closed_call()
    user = person()
    by_address = handed_in(forum, email=user.email)
    by_account = handed_in(forum, user=user)
    kind = kind_of(forum)

    found = kind.accounts(Submission.objects.all())

    assert found == {by_address.pk: {user.pk}, by_account.pk: {user.pk}}


def test_a_topic_of_a_meet_up_is_not_reviewed():
    forum, meet_up = a_closed_call(), a_meet_up()
    kind = kind_of(forum)

    assert list(kind.rounds()) == [forum]
    assert meet_up not in kind.rounds()


def test_who_runs_forums_sees_no_reviews_of_volunteers(client: Client):
    manager(client)
    application = ApplicationFactory(
        state="submitted", receipt="ABCDE-23456", sent_at=timezone.now()
    )
    theirs = RubricFactory(round=application.call)
    review = ReviewFactory(rubric=theirs, subject=application)
    ours = ReviewFactory(rubric=RubricFactory(round=a_closed_call()), subject=handed_in(a_call()))

    listed = client.get(reverse("admin:reviews_review_changelist"), follow=True).content.decode()
    assert reverse("admin:reviews_review_change", args=[review.pk]) not in listed
    assert client.get(reverse("admin:reviews_rubric_ranking", args=[theirs.pk])).status_code == 404
    ranking = reverse("admin:reviews_rubric_ranking", args=[ours.rubric_id])
    assert client.get(ranking).status_code == 200


def test_the_page_of_an_edition_leads_to_its_papers_and_reviews(client: Client):
    manager(client)
    forum, quiet = (
        a_closed_call(),
        a_call(papers_open_at=None, papers_close_at=None, papers_released_at=None),
    )
    rubric = RubricFactory(round=forum)

    shown = client.get(reverse("admin:forums_forum_change", args=[forum.pk])).content.decode()
    other = client.get(reverse("admin:forums_forum_change", args=[quiet.pk])).content.decode()

    assert f"{reverse(LIST)}?forum={forum.pk}" in shown
    assert reverse("admin:reviews_rubric_ranking", args=[rubric.pk]) in shown
    assert reverse(LIST) + "?forum=" not in other
