"""A reviewer's own pages: blind where they must be, closed where they should be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from oda_portal.audit.models import Transition
from oda_portal.privacy.models import AccessRecord
from oda_portal.reviews import actions
from oda_portal.reviews.assigning import possible_reviewers, take_back
from oda_portal.reviews.models import Review, ReviewState, Rubric, Score
from oda_portal.reviews.ranking import rank
from tests.doors import sign_in_staff
from tests.factories import QuestionFactory, StaffFactory, UserFactory
from tests.reviews.rounds import (
    a_stage,
    assigned,
    marks,
    page_of,
    reviewer,
    sign_in_reviewer,
    subjects,
    typed,
)
from tests.volunteers.rounds import applicant
from tests.volunteers.staff import looks, said
from volunteers.models import Answer, Application, ApplicationFile, RequiredDocument, Volunteer

pytestmark = pytest.mark.django_db

LANGUAGES = ("ko", "en", "zh-hans")
SECRETS = (
    "홍길동", "길동", "Gildong", "gildong", "Hong", "gd97@example.org", "gd97", "010-1234-5678",
    "12345678", "부산대", "이력서_홍길동.pdf", "보호자", "resume",
)  # fmt: skip


def revealing(rubric: Rubric) -> Application:
    """An application that says in every field who wrote it."""
    (application,) = subjects(rubric)
    words = (
        "저는 부산대학교에 다니는 홍길동 (HONG GILDONG), 길동이라고 불러 주세요. gd97@example.org,"
        " 010-1234-5678, https://blog.example.org/gd97 입니다."
    )
    fields = dict.fromkeys(("languages", "skills", "experience", "motivation"), words)
    Application.objects.filter(pk=application.pk).update(**fields, guardian_name="김보호자")
    person = application.volunteer
    Volunteer.objects.filter(pk=person.pk).update(
        name="홍길동", name_roman="HONG GILDONG", name_hangul="홍길동", affiliation="부산대학교",
        email="gd97@example.org",
    )  # fmt: skip
    person.user.email = "gd97@example.org"
    person.user.save()
    question = QuestionFactory(call=rubric.round)
    Answer.objects.create(application=application, question=question, text=words)
    document = RequiredDocument.objects.create(call=rubric.round, name_ko="서류", name_en="Form")
    ApplicationFile.objects.create(
        application=application, document=document, file="x/resume.pdf",
        name="이력서_홍길동.pdf", size=3,
    )  # fmt: skip
    return Application.objects.get(pk=application.pk)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_byte_of_a_blind_page_says_whose_it_is(client: Client, language: str):
    rubric = a_stage(1)
    application = revealing(rubric)
    review = assigned(rubric, sign_in_reviewer(client))
    with translation.override(language):
        hidden, list_url = translation.gettext("[hidden]"), reverse("reviews:review_list")

    for url in (page_of(review, language=language), list_url):
        response = client.get(url)

        whole = response.content.decode() + str(response.headers)
        assert [secret for secret in SECRETS if secret in whole] == []
        assert str(application.uuid) not in whole
        assert application.receipt in whole
        assert f'<html lang="{"zh-Hans" if language == "zh-hans" else language}"' in whole
        assert "no-store" in response["Cache-Control"]
    assert hidden in client.get(page_of(review, language=language)).content.decode()


@pytest.mark.parametrize("written", ["resume_final_2026.pdf", "resume final 2026", "RESUME-final"])
def test_a_blind_page_hides_the_names_of_files_that_say_nothing(client: Client, written: str):
    rubric = a_stage(1)
    (application,) = subjects(rubric)
    for name in ("resume_final_2026.pdf", "resume-final.hwp", "volunteer.pdf"):
        document = RequiredDocument.objects.create(call=rubric.round, name_ko=name)
        ApplicationFile.objects.create(
            application=application, document=document, file="x/x.pdf", name=name, size=3
        )
    words = f"See my file {written}, I resume to volunteer in 2026."
    Application.objects.update(motivation=words)
    review = assigned(rubric, sign_in_reviewer(client))

    page = client.get(page_of(review, language="en"))

    texts = [entry.text for section in page.context["sections"] for entry in section.entries]
    assert texts[-1] == "See my file [hidden], I resume to volunteer in 2026."
    assert written not in page.content.decode()


def test_a_stage_that_is_not_blind_shows_the_person_and_gives_the_files(client: Client):
    rubric = a_stage(1, is_blind=False)
    revealing(rubric)
    review = assigned(rubric, sign_in_reviewer(client))

    page = client.get(page_of(review)).content.decode()

    for text in ("홍길동", "HONG GILDONG", "부산대학교", "이력서_홍길동.pdf"):
        assert text in page


def test_a_file_opens_to_the_reviewer_alone_and_never_blind(client: Client):
    rubric = a_stage(1, is_blind=False)
    application = revealing(rubric)
    file = application.files.get()
    file.file.save("cv.pdf", ContentFile(b"%PDF-1.4 test"))
    review = assigned(rubric, sign_in_reviewer(client))
    url = reverse("reviews:review_file", args=[review.uuid, file.uuid])

    response = client.get(url)

    assert b"".join(response.streaming_content).startswith(b"%PDF-")
    assert response["Content-Disposition"].startswith("attachment")
    assert looks("file")[0][0] == "reviews.review file"
    Rubric.objects.update(is_blind=True)
    assert client.get(url).status_code == 404
    Rubric.objects.update(is_blind=False, closes_at=timezone.now())
    assert client.get(url).status_code == 404


def test_every_look_is_recorded_with_whom_it_was_at(client: Client):
    rubric = a_stage(1)
    review = assigned(rubric, sign_in_reviewer(client))
    (application,) = subjects(rubric)
    whose = [
        f"volunteers.application {application.pk}",
        f"volunteers.volunteer {application.volunteer.pk}",
        f"accounts.user {application.volunteer.user.pk}",
    ]

    client.get(reverse("reviews:review_list"))
    client.get(page_of(review))

    assert looks("list") == [("reviews.review list", whose)]
    assert looks("detail") == [("reviews.review", whose)]


def test_others_reviews_and_ones_with_a_conflict_do_not_exist(client: Client):
    rubric = a_stage(1)
    mine, theirs = assigned(rubric, sign_in_reviewer(client)), assigned(rubric)
    AccessRecord.objects.all().delete()

    for name in ("review_detail", "review_reopen", "review_conflict"):
        ask = client.get if name == "review_detail" else client.post
        assert ask(page_of(theirs, name)).status_code == 404
    client.post(page_of(mine, "review_conflict"), {"conflict": "on"})
    for name in ("review_detail", "review_reopen", "review_conflict"):
        ask = client.get if name == "review_detail" else client.post
        assert ask(page_of(mine, name)).status_code == 404
    assert client.post(page_of(mine), {"save": "1"}).status_code == 404
    assert not AccessRecord.objects.filter(act="detail").exists()


def test_only_reviewers_with_their_second_step_come_in(client: Client):
    rubric = a_stage(1)
    review = assigned(rubric)
    urls = [reverse("reviews:review_list"), page_of(review)]
    for url in urls:
        assert client.get(url).status_code == 302
    for user in (UserFactory(), StaffFactory(is_superuser=False)):
        sign_in_staff(client, user)
        for url in urls:
            assert client.get(url).status_code == 404
    client.force_login(review.reviewer)
    for url in urls:
        assert client.get(url).status_code == 302


# --- scoring ------------------------------------------------------------------------------------


def test_a_draft_is_kept_and_then_submitted(client: Client):
    rubric = a_stage(1)
    user = sign_in_reviewer(client)
    review = assigned(rubric, user)
    first = rubric.criteria.first()

    client.post(page_of(review), {f"score_{first.pk}": "4", "comment": "나중에", "save": "1"})

    review.refresh_from_db()
    assert (review.state, review.comment) == ("assigned", "나중에")
    assert [score.value for score in review.scores.all()] == [4, None, None]
    page = client.get(page_of(review)).content.decode()
    assert "나중에" in page
    done = client.post(
        page_of(review), typed(rubric, 4, 0, 5, comment="좋음", submit="1"), follow=True
    )
    review.refresh_from_db()
    assert (review.state, review.comment) == ("submitted", "좋음")
    assert [score.value for score in review.scores.all()] == [4, 0, 5]
    assert [len(batch.done) for batch in done.context["batches"]] == [1]
    moves = Transition.objects.filter(object_id=review.pk, to_state="submitted")
    assert [move.by for move in moves] == [user]


@pytest.mark.parametrize("value", ["6", "-1", "3.5", "五", "999999999999999999999"])
def test_a_score_off_the_scale_is_refused_and_nothing_is_kept(client: Client, value: str):
    rubric = a_stage(1)
    review = assigned(rubric, sign_in_reviewer(client))

    for act in ("save", "submit"):
        page = client.post(page_of(review, language="en"), typed(rubric, 1, value, 2, **{act: "1"}))

        assert "A score is a whole number from 0 to 5." in page.content.decode()
        assert page.context["form"].data[f"score_{rubric.criteria.first().pk}"] == "1"
    assert not Score.objects.exists()
    review.refresh_from_db()
    assert review.state == "assigned"


def test_a_missing_score_is_named_and_nothing_is_submitted(client: Client):
    rubric = a_stage(1)
    review = assigned(rubric, sign_in_reviewer(client))
    last = rubric.criteria.last()

    page = client.post(page_of(review, language="en"), typed(rubric, 1, 2, "", submit="1"))

    assert list(page.context["form"].errors) == [f"score_{last.pk}"]
    review.refresh_from_db()
    assert review.state == "assigned"
    assert not Score.objects.exists()


@pytest.mark.parametrize("act", ["save", "submit"])
def test_after_closing_it_says_so_and_nothing_changes(client: Client, act: str):
    rubric = a_stage(1)
    review = assigned(rubric, sign_in_reviewer(client))
    actions.save_scores(review, marks(rubric, 1, 1, 1), comment="처음", by=review.reviewer)
    Rubric.objects.update(closes_at=timezone.now())

    page = client.post(page_of(review, language="en"), typed(rubric, 5, 5, 5, **{act: "1"}))

    shown = page.content.decode()
    assert "Nothing was changed." in shown
    assert "Reviewing closed at" in shown
    review.refresh_from_db()
    assert (review.state, review.comment) == ("assigned", "처음")
    assert [score.value for score in review.scores.all()] == [1, 1, 1]


@pytest.mark.parametrize(
    "change", [{"opens_at": "2099-01-01T00:00Z", "closes_at": "2099-02-01T00:00Z"}, {}]
)
def test_what_was_sent_is_read_only_while_it_can_be_scored(client: Client, change: dict):
    rubric = a_stage(1, is_blind=False)
    application = revealing(rubric)
    review = assigned(rubric, sign_in_reviewer(client))
    if change:
        Rubric.objects.update(**change)
    else:
        Application.objects.update(state="withdrawn")

    page = client.get(page_of(review))

    assert page.context["sections"] == []
    assert page.context["files"] == []
    assert "blog.example.org" not in page.content.decode()
    refused = client.post(page_of(review), typed(rubric, 1, 1, 1, submit="1"))
    assert refused.status_code == 422
    assert not Score.objects.exists()
    assert application.receipt in page.content.decode()


def test_a_submitted_review_is_reopened_until_closing_and_does_not_count_meanwhile(client: Client):
    rubric = a_stage(1)
    user = sign_in_reviewer(client)
    review = assigned(rubric, user)
    actions.submit(review, marks(rubric, 3, 3, 3), by=user)
    again = client.post(page_of(review, language="en"), typed(rubric, 1, 1, 1, submit="1"))
    assert "You have already submitted this review." in again.content.decode()

    client.post(page_of(review, "review_reopen"))

    review.refresh_from_db()
    assert review.state == "assigned"
    assert [score.value for score in review.scores.all()] == [3, 3, 3]
    assert Transition.objects.filter(from_state="submitted", to_state="assigned", by=user).exists()
    actions.submit(review, marks(rubric, 4, 4, 4), by=user)
    Rubric.objects.update(closes_at=timezone.now())
    client.post(page_of(review, "review_reopen"))
    review.refresh_from_db()
    assert review.state == "submitted"


def test_a_resident_number_is_refused(client: Client):
    rubric = a_stage(1)
    review = assigned(rubric, sign_in_reviewer(client))

    page = client.post(page_of(review), typed(rubric, 1, 1, 1, comment="990307-1234567", save="1"))

    assert "comment" in page.context["form"].errors
    assert not Score.objects.exists()


# --- conflicts ----------------------------------------------------------------------------------


def test_a_conflict_needs_the_tick_and_takes_the_scores_with_it(client: Client):
    rubric = a_stage(1)
    user = sign_in_reviewer(client)
    review = assigned(rubric, user)
    actions.submit(review, marks(rubric, 3, 3, 3), comment="본 적 있음", by=user)
    assert "form-card" in client.get(page_of(review)).content.decode()

    page = client.post(page_of(review, "review_conflict"))
    assert page.context["conflict_form"].errors
    review.refresh_from_db()
    assert review.state == "submitted"
    done = client.post(page_of(review, "review_conflict"), {"conflict": "on"}, follow=True)

    review.refresh_from_db()
    assert (review.state, review.comment) == (ReviewState.CONFLICT, "")
    assert not review.scores.exists()
    assert done.context["batches"] == []
    assert Transition.objects.filter(to_state="conflict", by=user).count() == 1


def test_after_closing_a_conflict_changes_no_score_mean_or_rank(client: Client):
    rubric = a_stage(1)
    user = sign_in_reviewer(client)
    review = assigned(rubric, user)
    actions.submit(review, marks(rubric, 3, 3, 3), comment="처음", by=user)
    Rubric.objects.update(closes_at=timezone.now())
    before = rank(rubric).rows[0]

    page = client.post(
        page_of(review, "review_conflict", language="en"), {"conflict": "on"}, follow=True
    )

    (told,) = said(page)
    assert told.startswith("Reviewing closed at")
    assert told.endswith("Nothing was changed.")
    assert page.redirect_chain[-1][0] == page_of(review, language="en")
    review.refresh_from_db()
    assert (review.state, review.comment) == (ReviewState.SUBMITTED, "처음")
    assert [score.value for score in review.scores.all()] == [3, 3, 3]
    assert (rank(rubric).rows[0].mean, rank(rubric).rows[0].rank) == (before.mean, before.rank)
    assert not Transition.objects.filter(to_state="conflict").exists()


@contextmanager
def taken_back_meanwhile(review: Review) -> Iterator[None]:
    """Staff take it back after the page has found it, and before it begins to write."""
    found, staff = False, StaffFactory()

    def take(execute: Any, sql: str, *rest: Any) -> Any:
        nonlocal found
        if found:
            found = False
            assert take_back(Review.objects.filter(pk=review.pk), by=staff) == 1
        elif '"reviews_review"."uuid" = ' in sql:
            found = True
        return execute(sql, *rest)

    with connection.execute_wrapper(take):
        yield


@pytest.mark.parametrize("act", ["save", "submit", "review_reopen", "review_conflict"])
def test_what_is_taken_back_in_the_same_moment_is_no_longer_theirs(client: Client, act: str):
    rubric = a_stage(1)
    review = assigned(rubric, sign_in_reviewer(client))
    sentence = "You no longer have access to this review."
    name = act if act.startswith("review") else "review_detail"

    with taken_back_meanwhile(review):
        page = client.post(
            page_of(review, name, language="en"),
            typed(rubric, 1, 1, 1, conflict="on", **{act: "1"}),
        )

    if name == "review_detail":
        assert sentence in page.content.decode()
    else:
        assert said(client.get(page.url)) == [sentence]
    assert not Review.objects.exists()
    assert not Score.objects.exists()


# --- the list -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_says_what_is_to_be_done_and_what_is_done(client: Client, language: str):
    rubric = a_stage(3)
    user = sign_in_reviewer(client)
    reviews = [assigned(rubric, user, subject) for subject in subjects(rubric)]
    actions.submit(reviews[0], marks(rubric, 1, 1, 1), by=user)
    actions.save_scores(reviews[1], marks(rubric, 1, None, None), by=user)
    with translation.override(language):
        url = reverse("reviews:review_list")

    page = client.get(url)

    (batch,) = page.context["batches"]
    assert [line.review for line in batch.done] == [reviews[0]]
    assert [(line.review, line.is_begun) for line in batch.to_do] == [
        (reviews[1], True), (reviews[2], False),
    ]  # fmt: skip
    for review in reviews:
        assert page_of(review, language=language) in page.content.decode()


def test_my_page_says_how_many_wait(client: Client):
    rubric = a_stage(2)
    user = sign_in_reviewer(client)
    for subject in subjects(rubric):
        assigned(rubric, user, subject)

    page = client.get(reverse("accounts:my_page")).content.decode()

    assert reverse("reviews:review_list") in page
    sign_in_staff(client, UserFactory())
    assert (
        reverse("reviews:review_list")
        not in client.get(reverse("accounts:my_page")).content.decode()
    )


def test_the_list_asks_as_much_for_many_as_for_one(client: Client, django_assert_max_num_queries):
    user = sign_in_reviewer(client)
    rubric = a_stage(1)
    assigned(rubric, user)

    def count() -> int:
        with django_assert_max_num_queries(60) as queries:
            client.get(reverse("reviews:review_list"))
        return len([one for one in queries if 'cache"' not in one["sql"]])

    count()
    few = count()
    for _number in range(20):
        assigned(rubric, user, applicant(rubric.round.openings.get()))

    assert count() <= few + 1
    assert Review.objects.count() == 21


def test_the_reviewer_sees_no_applicant_in_the_back_office(client: Client):
    rubric = a_stage(1)
    assigned(rubric, sign_in_reviewer(client))
    (application,) = subjects(rubric)

    for name, args in [
        ("volunteers_application_changelist", []),
        ("volunteers_application_change", [application.pk]),
        ("volunteers_volunteer_change", [application.volunteer.pk]),
        ("reviews_review_changelist", []),
        ("reviews_rubric_ranking", [rubric.pk]),
    ]:
        assert client.get(reverse(f"admin:{name}", args=args)).status_code == 403, name


def test_somebody_without_the_role_is_not_offered_as_reviewer():
    StaffFactory()
    person = reviewer()
    reviewer(is_active=False)

    assert list(possible_reviewers()) == [person]
