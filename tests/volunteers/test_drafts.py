"""What is typed is kept: wrong, unfinished, too late, in two windows; and what must not, is not."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from oda_portal.mail.models import Message
from tests.consents import texts_in_force
from tests.factories import CallFactory, OpeningFactory
from tests.volunteers.applicants import ABOUT, address, answers, person, post_step, written
from volunteers import actions, sending
from volunteers.models import Application, State

pytestmark = pytest.mark.django_db


def begun(client: Client, **call) -> Application:
    texts_in_force()
    user = person()
    client.force_login(user)
    return actions.begin(OpeningFactory(call=CallFactory(**call)).call, by=user)


def test_wrong_values_are_kept_and_said(client: Client):
    application = begun(client)

    response = post_step(client, application.call, "about", {**ABOUT, "mobile": "공일공"})

    application.refresh_from_db()
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["mobile"]
    assert application.written["about"]["mobile"] == "공일공"
    assert application.written["about"]["name"] == "홍길동"


def test_saving_for_later_asks_for_nothing_more(client: Client):
    application = begun(client)

    response = post_step(client, application.call, "about", {"name": "홍", "later": "1"})

    application.refresh_from_db()
    assert response.url == application.get_absolute_url()
    assert application.written["about"]["name"] == "홍"


def test_resident_number_is_refused_and_never_stored(client: Client):
    application = begun(client)
    values = {"experience": "제 번호는 990307-1234567 입니다."}

    response = post_step(client, application.call, "experience", values)

    application.refresh_from_db()
    assert response.status_code == 422
    assert "resident_number" in [
        error.code for error in response.context["form"].errors.as_data()["experience"]
    ]
    assert "experience" not in application.written.get("experience", {})


@pytest.mark.every_case
@pytest.mark.parametrize("field", ["name", "residence", "affiliation", "mobile"])
def test_resident_number_in_any_field_is_never_stored(client: Client, field: str):
    application = begun(client)

    post_step(client, application.call, "about", {**ABOUT, field: "９９０３０７－１２３４５６７"})

    application.refresh_from_db()
    assert field not in application.written["about"]


def test_resident_number_leaves_what_stood_there_before(client: Client):
    application = begun(client)
    post_step(client, application.call, "experience", {"experience": "Three years"})

    response = post_step(
        client, application.call, "experience", {"experience": "990307-1234567", "later": "1"}
    )

    application.refresh_from_db()
    assert response.status_code == 422
    assert application.written["experience"]["experience"] == "Three years"


def test_a_step_sent_after_the_time_ran_out_comes_back_after_signing_in(client: Client):
    application = begun(client)
    path = address("apply_step", application.call, "experience")
    base = client.get(path).context["base"]

    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False):
        away = client.post(path, {"base": base, "experience": "Three years"})
        assert away.url.startswith("/accounts/login/")
        client.force_login(application.volunteer.user)
        kept = client.get("/accounts/kept/")

    assert "Three years" in kept.content.decode()


@pytest.mark.parametrize("state", ["screening", "confirmed"])
def test_a_step_of_what_can_no_longer_be_changed_says_so_and_keeps_the_text(
    client: Client, state: str
):
    application = begun(client)
    Application.objects.filter(pk=application.pk).update(
        state=state, receipt="R-1", sent_at=timezone.now()
    )
    path = address("apply_step", application.call, "experience", language="en")

    response = client.post(path, {"base": "", "experience": "Three years"})
    by_itself = client.post(path, {"experience": "x"}, headers={"X-Requested-With": "autosave"})

    assert response.status_code == by_itself.status_code == 409
    assert "Three years" in response.content.decode()
    assert "can no longer be changed" in by_itself.json()["said"]


def test_autosave_keeps_without_a_word_of_errors(client: Client):
    application = begun(client)
    path = address("apply_step", application.call, "about", language="en")
    base = client.get(path).context["base"]

    response = client.post(
        path, {"base": base, "name": "홍"}, headers={"X-Requested-With": "autosave"}
    )

    application.refresh_from_db()
    assert response.json()["said"].startswith("Draft saved at")
    assert response.json()["base"] == application.base_of("about")
    assert application.written["about"]["name"] == "홍"


def test_two_windows_are_told_apart_and_lose_nothing(client: Client):
    application = begun(client)
    path = address("apply_step", application.call, "skills", language="en")
    first = client.get(path).context["base"]
    second = client.get(path).context["base"]
    client.post(path, {"base": first, "languages": "English", "skills": "Cooking"})

    response = client.post(path, {"base": second, "languages": "English", "skills": "Nursing"})

    page = response.content.decode()
    application.refresh_from_db()
    assert response.status_code == 409
    assert application.written["skills"]["skills"] == "Cooking"
    assert "Nursing" in page
    assert "Cooking" in page
    again = client.post(
        path, {"base": response.context["base"], "languages": "English", "skills": "Nursing"}
    )
    application.refresh_from_db()
    assert again.status_code == 302
    assert application.written["skills"]["skills"] == "Nursing"


def test_two_windows_on_two_steps_are_not_in_each_others_way(client: Client):
    application = begun(client)
    skills = address("apply_step", application.call, "skills")
    base = client.get(skills).context["base"]
    post_step(client, application.call, "experience", {"experience": "None"})

    response = client.post(skills, {"base": base, "languages": "한국어", "skills": "요리"})

    application.refresh_from_db()
    assert response.status_code == 302
    assert set(application.written) == {"skills", "experience"}


def test_a_draft_is_gone_on_with_on_another_device(client: Client):
    application = begun(client)
    post_step(client, application.call, "about", ABOUT)
    other = Client()
    other.force_login(application.volunteer.user)

    response = other.get(address("begin", application.call))

    assert response.url == address("apply_step", application.call, "openings")
    page = other.get(address("apply_step", application.call, "about")).content.decode()
    assert "홍길동" in page


def test_first_saving_is_told_by_mail_once(client: Client):
    application = begun(client)

    post_step(client, application.call, "about", ABOUT)
    post_step(client, application.call, "experience", {"experience": "None"})

    message = Message.objects.get(kind="application_draft")
    assert message.to == application.volunteer.user.email


# --- the deadline ---------------------------------------------------------------------------------


def test_a_second_too_late_is_refused_and_the_draft_kept(client: Client):
    opening = OpeningFactory()
    application = written(opening.call, opening)

    with time_machine.travel(opening.call.closes_at, tick=False):
        client.force_login(application.volunteer.user)
        response = client.post(address("apply_send", opening.call, language="en"), follow=True)

    application.refresh_from_db()
    assert application.state == State.DRAFT
    assert application.receipt is None
    assert application.written["about"]["name"] == "홍길동"
    assert "This call closed at" in response.content.decode()
    assert not Message.objects.filter(kind="application_received").exists()


def test_a_second_before_is_in_time(client: Client):
    opening = OpeningFactory()
    application = written(opening.call, opening)

    with time_machine.travel(opening.call.closes_at - timedelta(seconds=1), tick=False):
        client.force_login(application.volunteer.user)
        client.post(address("apply_send", opening.call))

    application.refresh_from_db()
    assert application.state == State.SUBMITTED


def test_a_step_sent_too_late_is_kept_and_said(client: Client):
    application = begun(client)
    path = address("apply_step", application.call, "about", language="en")
    base = client.get(path).context["base"]

    with time_machine.travel(application.call.closes_at + timedelta(seconds=1), tick=False):
        client.force_login(application.volunteer.user)
        response = client.post(path, {"base": base, **ABOUT}, follow=True)

    application.refresh_from_db()
    assert application.written["about"]["name"] == "홍길동"
    assert "This call closed at" in response.content.decode()


def test_an_opening_with_an_earlier_end_is_refused_after_it(client: Client):
    opening = OpeningFactory(closes_at=timezone.now() + timedelta(days=1))
    application = written(opening.call, opening)

    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        client.force_login(application.volunteer.user)
        response = client.post(address("apply_send", opening.call))

    application.refresh_from_db()
    assert response.status_code == 422
    assert response.context["wrong"]
    assert application.state == State.DRAFT


def test_changes_after_sending_reach_the_office_when_sent_again(client: Client):
    opening = OpeningFactory()
    application = written(opening.call, opening)
    client.force_login(application.volunteer.user)
    client.post(address("apply_send", opening.call))
    post_step(client, opening.call, "experience", {"experience": "Three years as a nurse"})
    application.refresh_from_db()
    assert application.experience == "None so far."
    assert application.has_unsent_changes

    client.post(address("apply_send", opening.call))

    application.refresh_from_db()
    assert application.experience == "Three years as a nurse"
    assert not application.has_unsent_changes
    assert Message.objects.filter(kind="application_received").count() == 1
    assert Application.objects.count() == 1


# --- reminders ------------------------------------------------------------------------------------


def test_reminders_come_once_each_before_the_end():
    opening = OpeningFactory()
    closes = opening.call.closes_at
    application = written(opening.call, opening)
    kinds = Message.objects.filter(kind="application_reminder", about_id=application.pk)

    counts = []
    for hours in (100, 71, 70, 23, 22, -1):
        with time_machine.travel(closes - timedelta(hours=hours), tick=False):
            actions.remind_of_deadlines()
        counts.append(kinds.count())

    assert counts == [0, 1, 1, 2, 2, 2]


def test_reminders_leave_alone_who_has_sent(client: Client):
    opening = OpeningFactory()
    application = written(opening.call, opening)
    actions.send(application, sending.steps_of(application), by=application.volunteer.user)

    with time_machine.travel(opening.call.closes_at - timedelta(hours=20), tick=False):
        assert actions.remind_of_deadlines() == 0


def test_all_steps_are_asked_for(client: Client):
    application = begun(client)
    response = client.get(address("apply_send", application.call))
    wrong = [form.slug for _url, form in response.context["wrong"]]
    assert wrong == list(answers())
