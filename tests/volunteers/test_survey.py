"""The survey: who may answer and until when, what staff see, and how it forgets whose it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from oda_portal.privacy import retention
from oda_portal.privacy.closing import close_account
from oda_portal.privacy.registry import entry_of
from tests.volunteers.departures import going
from tests.volunteers.served import back, past_opening, sheet
from tests.volunteers.staff import signed_in_as
from volunteers.models import Application, State, SurveyAnswer
from volunteers.service import surveys

pytestmark = pytest.mark.django_db

GOOD = {"preparation": "5", "work": "4", "support": "3", "again": "5", "text": "Longer, please"}


def page_of(application: Application, language: str = "ko") -> str:
    with translation.override(language):
        return reverse("volunteers:survey", args=[application.uuid])


def signed_in(application: Application) -> Client:
    client = Client()
    client.force_login(application.volunteer.user)
    return client


def answered(opening: Any, *scores: int, text: str = "") -> list[SurveyAnswer]:
    return [
        surveys.answer(
            back(opening),
            {**dict.fromkeys(SurveyAnswer.QUESTIONS, score), "text": text and f"{text} {score}"},
            language="en",
        )
        for score in scores
    ]


# --- answering -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
def test_whoever_has_come_back_answers_and_changes_it(language: str):
    application = back(past_opening())
    client = signed_in(application)
    page = page_of(application, language)

    assert client.get(page).status_code == 200
    assert client.post(page, GOOD).status_code == 302
    assert client.post(page, {**GOOD, "work": "2"}).status_code == 302

    answer = SurveyAnswer.objects.get()
    assert (answer.preparation, answer.work, answer.text) == (5, 2, "Longer, please")
    assert (answer.opening, answer.language) == (application.opening, language)
    with translation.override(language):
        home = client.get(application.get_absolute_url()).content.decode()
    assert page in home


@pytest.mark.parametrize(
    "wrong",
    [{"work": ""}, {"work": "6"}, {"work": "0"}, {"work": "x"}, {"text": "990307-1234567"}],
)
def test_a_wrong_answer_keeps_all_that_was_typed(wrong: dict[str, str]):
    application = back(past_opening())

    page = signed_in(application).post(page_of(application), {**GOOD, **wrong})

    assert page.status_code == 422
    assert not SurveyAnswer.objects.exists()
    shown = page.content.decode()
    assert ("990307" if "text" in wrong else "Longer, please") in shown
    assert 'name="preparation" value="5"' in shown
    assert shown.count(" checked") == (4 if "text" in wrong else 3)


def test_after_sixty_days_it_is_closed():
    application = back(past_opening(), state_at=timezone.now() - timedelta(days=60, minutes=1))
    client = signed_in(application)

    page = client.get(page_of(application))

    assert b'class="form-card"' not in page.content
    assert client.post(page_of(application), GOOD).status_code == 200
    with pytest.raises(surveys.TooLateError):
        surveys.answer(application, {}, language="ko")
    assert not SurveyAnswer.objects.exists()


@pytest.mark.parametrize("state", [state for state in State if state != State.COMPLETED])
def test_nobody_else_has_a_survey_or_a_story(state: str):
    application = going(past_opening(), state=state)
    client, stranger = signed_in(application), signed_in(back(past_opening()))

    for name in ("survey", "story"):
        page = reverse(f"volunteers:{name}", args=[application.uuid])
        assert client.get(page).status_code == 404
        assert stranger.get(page).status_code == 404
        assert Client().get(page).status_code == 302
        assert client.post(page, GOOD).status_code == 404


def test_the_database_takes_no_other_scores_and_no_words_of_nobody():
    opening = past_opening()
    answer = answered(opening, 3)[0]

    for wrong in ({"work": 6}, {"work": 0}, {"application": None, "text": "Who?"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SurveyAnswer.objects.filter(pk=answer.pk).update(**wrong)


# --- what staff see ------------------------------------------------------------------------------


def test_fewer_than_five_show_no_averages(client: Client):
    opening = past_opening()
    answered(opening, 5, 5, 1, 2, text="Words")
    signed_in_as(client, "volunteer_coordinator")

    shown = client.get(sheet(opening, "_survey")).content.decode()

    assert '<svg class="board-bar"' not in shown
    assert "Words" not in shown
    assert "5" in shown


@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
def test_five_show_averages_a_chart_and_the_table_beside_it_without_names(
    client: Client, language: str
):
    opening = past_opening()
    answered(opening, 5, 5, 4, 2, 1, text="Words")
    signed_in_as(client, "volunteer_coordinator")

    page = client.get(sheet(opening, "_survey", language=language))

    shown = page.content.decode()
    question = page.context["results"].questions[0]
    assert str(question.mean) == "3.40"
    assert [(bar.score, bar.number) for bar in question.bars] == [
        (5, 2), (4, 1), (3, 0), (2, 1), (1, 1),
    ]  # fmt: skip
    assert shown.count('<svg class="board-bar"') == 4
    assert "Words 5" in shown
    assert "홍길동" not in shown


# --- forgetting ----------------------------------------------------------------------------------


def test_after_a_year_the_scores_stay_and_nobody_knows_whose_they_are():
    answer = answered(past_opening(), 4, text="Words")[0]
    young = answered(past_opening(), 2, text="Words")[0]
    SurveyAnswer.objects.filter(pk=answer.pk).update(sent_at=timezone.now() - timedelta(days=366))

    retention.destroy_due()
    retention.destroy_due()

    answer.refresh_from_db()
    assert (answer.application, answer.text, answer.work) == (None, "", 4)
    assert answer.sent_at.day == 1
    young.refresh_from_db()
    assert young.text == "Words 2"


def test_with_the_application_go_the_words_and_not_the_scores():
    answer = answered(past_opening(), 4, text="Words")[0]
    user = answer.application.volunteer.user
    given = entry_of("volunteers.survey").export(user)
    assert [row["text"] for row in given] == ["Words 4"]

    close_account(user)

    answer.refresh_from_db()
    assert (answer.application, answer.text, answer.work) == (None, "", 4)
    assert not Application.objects.exists()
