"""What applicants are told by mail: at the right time, once, in their language; and questions."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from oda_portal.mail.models import Message
from oda_portal.mail.rendering import Letter, Stationery, letter_of
from tests.factories import CallFactory, OpeningFactory, StaffFactory
from tests.volunteers.applicants import person, sent
from volunteers import actions
from volunteers.models import Application, State

pytestmark = pytest.mark.django_db


def letter(message: Message) -> Letter:
    return letter_of(message, Stationery())


def with_results(hours: int = 24) -> OpeningFactory:
    now = timezone.now()
    closes = now + timedelta(hours=1)
    return OpeningFactory(
        call=CallFactory(
            closes_at=closes,
            released_at=closes + timedelta(hours=hours),
            confirm_by=closes + timedelta(days=9),
        )
    )


def results() -> list[Message]:
    return list(Message.objects.filter(kind="application_result"))


def test_results_are_told_at_their_time_once_each_whatever_is_run_how_often():
    opening = with_results()
    staff = StaffFactory()
    decided = [sent(opening.call, opening) for _number in range(3)]
    actions.move(decided[0], "select", by=staff)
    actions.move(decided[1], "keep_in_reserve", by=staff, number=1)
    actions.move(decided[2], "not_select", by=staff)
    actions.tell_results()
    assert results() == []

    with time_machine.travel(opening.call.released_at, tick=False):
        assert [actions.tell_results(), actions.tell_results()] == [3, 0]

    subjects = {letter(message).subject for message in results()}
    assert {message.about_id for message in results()} == {row.pk for row in decided}
    assert len(subjects) == 1  # a lock screen tells nobody's result


def test_results_that_were_cut_off_half_way_go_on_where_they_were():
    opening = with_results()
    decided = [sent(opening.call, opening) for _number in range(3)]
    for row in decided:
        actions.move(row, "select", by=StaffFactory())

    with time_machine.travel(opening.call.released_at, tick=False):
        actions.tell(Application.objects.get(pk=decided[0].pk))
        actions.tell_results()

    assert sorted(message.about_id for message in results()) == [row.pk for row in decided]


def test_a_result_that_is_decided_after_its_time_is_told_at_once():
    opening = with_results()
    application = sent(opening.call, opening)

    with time_machine.travel(opening.call.released_at + timedelta(days=1), tick=False):
        actions.move(Application.objects.get(pk=application.pk), "select", by=StaffFactory())

    assert len(results()) == 1


def test_a_changed_mind_of_the_office_is_told_anew():
    opening = with_results()
    application = sent(opening.call, opening)
    with time_machine.travel(opening.call.released_at + timedelta(days=1), tick=False) as clock:
        application = Application.objects.get(pk=application.pk)
        actions.move(application, "keep_in_reserve", by=StaffFactory(), number=1)
        clock.shift(60)
        actions.move(application, "select", by=StaffFactory())

    assert len(results()) == 2


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


def test_confirming_and_declining_are_seen_on_the_page(client: Client):
    opening = with_results()
    application = sent(opening.call, opening)
    actions.move(application, "select", by=StaffFactory())
    path = f"/en{application.get_absolute_url()}"

    with time_machine.travel(opening.call.released_at, tick=False):
        client.force_login(application.volunteer.user)
        before = client.get(path).content.decode()
        client.post(f"{application.get_absolute_url()}reply/", {"yes": "1"})
        after = client.get(path).content.decode()

    application.refresh_from_db()
    assert application.state == State.CONFIRMED
    assert "I will take part" in before
    assert "Your place is confirmed." in after
    assert "I will take part" not in after
