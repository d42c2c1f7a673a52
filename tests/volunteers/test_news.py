"""What applicants are told by mail: at the right time, once, in their language; and questions."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from oda_portal.mail.models import Message
from oda_portal.mail.rendering import Letter, Stationery, letter_of
from tests.factories import OpeningFactory, StaffFactory
from tests.volunteers.applicants import person, sent
from tests.volunteers.rounds import applicant, decide, opening_in_review, release
from volunteers import actions
from volunteers.models import Application, State

pytestmark = pytest.mark.django_db


def letter(message: Message) -> Letter:
    return letter_of(message, Stationery())


def test_no_subject_tells_a_result():
    """A lock screen shows subjects."""
    opening = opening_in_review(1)
    rows = [applicant(opening) for _number in range(3)]
    for row, act in zip(rows, ("select", "keep_in_reserve", "not_select"), strict=True):
        decide(row, act)

    release(opening.call)

    told = Message.objects.filter(about_id__in=[row.pk for row in rows])
    assert told.count() == 3
    assert len({letter(message).subject for message in told}) == 1


def test_mail_is_in_the_language_the_person_chose():
    opening = OpeningFactory()
    user = person(preferred_language="ko")
    application = sent(opening.call, opening, user=user)  # the form says English

    message = Message.objects.get(kind="application_received")

    assert message.language == "en"
    text = letter(message).text
    assert f"Your receipt number is {application.receipt}." in text
    assert f"/en{application.get_absolute_url()}" in text


def test_call_changed_goes_once_to_all_who_may_still_come(client: Client):
    opening = OpeningFactory()
    staying, gone = sent(opening.call, opening), sent(opening.call, opening)
    gone.withdraw(by=gone.volunteer.user)
    what = {"ko": "마감이 늦춰졌습니다.", "en": "It closes later.", "zh-hans": "截止日期推迟。"}

    told = [actions.tell_of_change(opening.call, what=what) for _time in range(2)]

    assert told == [1, 0]
    message = Message.objects.get(kind="call_changed")
    assert message.about_id == staying.pk
    assert message.context["what"] == what[message.language]


# --- questions ------------------------------------------------------------------------------------


def asked() -> tuple[Application, int]:
    opening = OpeningFactory()
    application = sent(opening.call, opening)
    question = actions.ask(
        application,
        text="Can you come on 1 June? <b>",
        by=StaffFactory(),
        answer_by=date(2027, 1, 5),
    )
    return application, question.pk


def test_question_is_told_shown_and_answered_once(client: Client):
    application, pk = asked()
    client.force_login(application.volunteer.user)
    path = f"{application.get_absolute_url()}questions/{pk}/"
    assert (
        "Can you come on 1 June? &lt;b&gt;"
        in client.get(application.get_absolute_url()).content.decode()
    )
    assert Message.objects.filter(kind="question_asked").count() == 1

    client.post(path, {"answer": "Yes."})
    client.post(path, {"answer": "No."})

    question = application.questions.get()
    assert question.answer == "Yes."
    assert question.answered_at


@pytest.mark.parametrize("answer", ["", "x" * 3001, "990307-1234567"])
def test_bad_answer_is_said_and_kept_in_the_form(client: Client, answer: str):
    application, pk = asked()
    client.force_login(application.volunteer.user)

    response = client.post(f"{application.get_absolute_url()}questions/{pk}/", {"answer": answer})

    assert response.status_code == 422
    assert application.questions.get().answered_at is None
    assert (answer[:50] in response.content.decode()) or not answer


def test_question_of_another_does_not_exist(client: Client):
    application, pk = asked()
    other, _pk = asked()
    client.force_login(other.volunteer.user)
    mine = f"{other.get_absolute_url()}questions/{pk}/"
    theirs = f"{application.get_absolute_url()}questions/{pk}/"
    assert [client.post(path, {"answer": "x"}).status_code for path in (mine, theirs)] == [404, 404]
    assert application.questions.get().answered_at is None


def test_confirming_is_seen_on_the_page(client: Client):
    opening = opening_in_review(1)
    application = applicant(opening)
    decide(application, "select")
    release(opening.call)
    client.force_login(application.volunteer.user)
    path = f"/en{application.get_absolute_url()}"

    before = client.get(path).content.decode()
    client.post(f"{application.get_absolute_url()}reply/", {"yes": "1"})
    after = client.get(path).content.decode()

    application.refresh_from_db()
    assert application.state == State.CONFIRMED
    assert "I will take part" in before
    assert "Your place is confirmed." in after
    assert "I will take part" not in after
