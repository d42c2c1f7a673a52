"""Applications and the people behind them in the back office: who reads what, and that it is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from oda_portal.audit.models import Transition
from oda_portal.mail.models import Message
from oda_portal.privacy.models import AccessRecord
from tests.admin.forms import filled
from tests.factories import (
    OpeningFactory,
    QuestionFactory,
    RequiredDocumentFactory,
    StaffFactory,
)
from tests.files.samples import pdf, upload
from tests.volunteers.applicants import person, sent, written
from tests.volunteers.rounds import applicant, opening_in_review
from tests.volunteers.staff import looks, page_of, said, signed_in_as
from volunteers import actions, deciding
from volunteers.admin.filters import DecisionFilter
from volunteers.deciding import Wish
from volunteers.models import Answer, Application, ApplicationFile, StaffQuestion

pytestmark = pytest.mark.django_db

LANGUAGES = ("ko", "en", "zh-hans")
MOBILE = "+82 10 1234 5678"


def subjects(application: Application) -> list[str]:
    volunteer = application.volunteer
    return [
        f"volunteers.application {application.pk}",
        f"volunteers.volunteer {volunteer.pk}",
        f"accounts.user {volunteer.user_id}",
    ]


def with_file(application: Application, name: str = "면허증.pdf") -> ApplicationFile:
    document = RequiredDocumentFactory(call=application.call, is_required=False)
    content = upload("x.pdf", pdf())
    return ApplicationFile.objects.create(
        application=application, document=document, file=content, name=name, size=content.size
    )


# --- reading ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "language"),
    [("volunteer_coordinator", "ko"), ("privacy_officer", "en"), ("privacy_officer", "zh-hans")],
)
def test_a_page_shows_what_was_sent_and_leaves_a_look(client: Client, role: str, language: str):
    opening = OpeningFactory()
    application = sent(opening.call, opening)
    file = with_file(application)
    question = QuestionFactory(call=opening.call)
    Answer.objects.create(application=application, question=question, text="바다가 좋아서")
    signed_in_as(client, role)

    page = client.get(page_of("application_change", application.pk, language=language))

    shown = page.content.decode()
    with translation.override(language):
        state = translation.pgettext("application", "Submitted")
        consent = translation.gettext("I do not agree")
        choice = str(opening)
    for text in ("홍길동", file.name, choice, state, consent):
        assert text in shown, text
    for text in ("First aid", "바다가 좋아서"):
        assert text not in shown, text
    assert f'<html lang="{language}"' in shown
    assert looks("detail") == [("volunteers.application", subjects(application))]


def test_telephones_are_masked_until_somebody_says_why(client: Client):
    opening = OpeningFactory()
    application = sent(opening.call, opening)
    Application.objects.update(guardian_mobile="+82 10 9999 8888")
    signed_in_as(client, "volunteer_coordinator")

    page = client.get(page_of("application_change", application.pk)).content.decode()
    person_page = page_of("volunteer_change", application.volunteer.pk)
    assert MOBILE not in page + client.get(person_page).content.decode()
    assert "+82" in page
    assert "1234" not in page
    client.post(page_of("application_reveal", application.pk), {"reason": "면접 안내 전화"})
    shown = client.get(page_of("application_change", application.pk)).content.decode()

    for text in (MOBILE, "+82 10 9999 8888", "First aid"):
        assert text in shown, text
    assert looks("detail")[-1] == ("volunteers.application", subjects(application))
    assert AccessRecord.objects.latest("pk").reason == "면접 안내 전화"


@pytest.mark.parametrize("role", ["privacy_officer"])
def test_who_only_reads_neither_calls_nor_acts_nor_exports(client: Client, role: str):
    opening = OpeningFactory()
    application = sent(opening.call, opening)
    signed_in_as(client, role)

    page = client.get(page_of("application_change", application.pk))

    assert page.context["acts"] == []
    listed = client.get(page_of("application_changelist"))
    assert [*listed.context["cl"].queryset] == [application]
    assert "action_form" not in listed.context or not listed.context["action_form"]
    for act in ("ask", "select"):
        assert client.get(page_of(f"application_{act}", application.pk)).status_code == 403
        assert client.post(page_of(f"application_{act}", application.pk)).status_code == 403
    application.refresh_from_db()
    assert application.state == "submitted"


def test_drafts_do_not_exist_for_staff(client: Client):
    opening = OpeningFactory()
    draft = written(opening.call, opening)
    file = with_file(draft)
    again = sent(opening.call, opening)
    actions.withdraw(again, by=again.volunteer.user)
    signed_in_as(client, "volunteer_coordinator")
    listed = client.get(page_of("application_changelist"))
    assert [*listed.context["cl"].queryset] == [again]
    actions.begin(opening.call, by=again.volunteer.user)

    listed = client.get(page_of("application_changelist"))

    assert not listed.context["cl"].queryset.exists()
    assert not client.get(page_of("volunteer_changelist")).context["cl"].queryset.exists()
    for row in (draft, again):
        assert client.get(page_of("volunteer_change", row.volunteer.pk)).status_code == 404
        for page in ("change", "history", "reveal", "ask", "select"):
            assert client.get(page_of(f"application_{page}", row.pk)).status_code == 404, page
    assert client.get(page_of("application_file", file.uuid)).status_code == 404
    assert client.get(page_of("application_change", 999_999)).status_code == 404


@pytest.mark.parametrize("page", ["add", "delete"])
def test_nobody_adds_or_deletes_or_changes_one_by_hand(client: Client, page: str):
    opening = OpeningFactory()
    application = sent(opening.call, opening)
    signed_in_as(client, "volunteer_coordinator")

    for model, row in (("application", application), ("volunteer", application.volunteer)):
        args = [] if page == "add" else [row.pk]
        assert client.get(page_of(f"{model}_{page}", *args)).status_code == 403
        assert client.post(page_of(f"{model}_{page}", *args), {"post": "yes"}).status_code == 403
        change = client.post(page_of(f"{model}_change", row.pk), {"motivation": "x"})
        assert change.status_code == 403
    assert Application.objects.get(pk=application.pk).motivation == application.motivation


# --- lists -----------------------------------------------------------------------------------------


def test_the_list_is_searched_and_filtered_and_recorded(client: Client):
    medical = OpeningFactory(team="medical")
    other = OpeningFactory(call=medical.call, team="culture")
    elsewhere = OpeningFactory(team="youth")
    first = sent(medical.call, medical, other)
    second = sent(elsewhere.call, elsewhere, user=person(email="second@example.org"))
    second.screen(by=second.volunteer.user)
    second.volunteer.name = "李明"
    second.volunteer.save()
    signed_in_as(client, "privacy_officer")
    page = page_of("application_changelist")

    for query, expected in [
        (f"q={second.receipt}", [second]),
        (f"q={second.receipt.replace('-', '').lower()}", [second]),
        ("q=李明", [second]),
        ("q=second@example", []),
        ("q=second@example.org", [second]),
        ("q=홍길동", [first]),
        (f"call__id__exact={medical.call.pk}", [first]),
        ("state=screening", [second]),
        ("team=culture", [first]),
        ("team=youth", [second]),
        ("language=en", [second, first]),
        ("language=ko", []),
        ("state=draft", []),
    ]:
        found = list(client.get(f"{page}?{query}").context["cl"].queryset)
        assert found == expected, query
    client.get(f"{page}?state=screening")
    assert looks("list")[-1] == ("volunteers.application", subjects(second))


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["application", "volunteer"])
def test_lists_ask_as_much_for_thirty_rows_as_for_one(client: Client, name: str):
    signed_in_as(client, "volunteer_coordinator")
    opening = OpeningFactory()
    page = page_of(f"{name}_changelist")
    counts = []
    for more in (1, 29):
        for _row in range(more):
            sent(opening.call, opening)
        client.get(page)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(page)
        counts.append(len(queries))

    assert response.context["cl"].result_count == 30
    assert counts[0] == counts[1]


def test_an_export_needs_a_reason_and_a_coordinator(client: Client):
    opening = OpeningFactory()
    application = sent(opening.call, opening)
    signed_in_as(client, "volunteer_coordinator")
    page = page_of("application_changelist")
    chosen = {"action": "export_selected", "_selected_action": application.pk, "sure": "yes"}

    refused = client.post(page, chosen)
    given = client.post(page, {**chosen, "reason": "선발 회의"})

    assert refused.context["form"].errors
    table = b"".join(given.streaming_content).decode()
    assert application.receipt in table
    assert "홍길동" in table
    assert looks("export") == [("volunteers.application", subjects(application))]


def test_the_list_of_people_is_exported_as_readily(client: Client):
    opening = OpeningFactory()
    sent(opening.call, opening)
    page = page_of("volunteer_export")

    signed_in_as(client, "privacy_officer")
    assert client.get(page).status_code == 403
    signed_in_as(client, "volunteer_coordinator")
    given = client.post(page, {"sure": "yes", "reason": "감사 편지"})

    assert "홍길동" in b"".join(given.streaming_content).decode()
    assert AccessRecord.objects.get(act="export").reason == "감사 편지"


# --- files -----------------------------------------------------------------------------------------


def test_a_file_is_given_to_who_may_read_the_application_and_recorded(client: Client):
    opening = OpeningFactory()
    application = sent(opening.call, opening)
    file = with_file(application)
    signed_in_as(client, "privacy_officer")

    response = client.get(page_of("application_file", file.uuid))

    assert b"".join(response.streaming_content).startswith(b"%PDF-")
    assert response["Content-Disposition"].startswith("attachment")
    assert "no-store" in response["Cache-Control"]
    assert looks("file") == [("volunteers.application file", subjects(application))]


def test_a_file_is_refused_to_others_and_nothing_is_recorded(client: Client):
    opening = OpeningFactory()
    file = with_file(sent(opening.call, opening))
    page = page_of("application_file", file.uuid)
    assert client.get(page).status_code == 302
    signed_in_as(client, "editor")

    assert client.get(page).status_code == 403
    assert not AccessRecord.objects.exists()


# --- asking ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_is_asked_once_however_often_it_is_sent(client: Client, language: str):
    opening = OpeningFactory()
    application = sent(opening.call, opening)
    staff = signed_in_as(client, "volunteer_coordinator")
    url = page_of("application_ask", application.pk, language=language)
    page = client.get(url)
    week_ahead = timezone.localdate() + timedelta(days=7)
    assert page.context["form"]["answer_by"].value() == week_ahead
    asked = filled(page, text="Which hospital?")
    # A day that the shown mail does not name is shown first.
    other = (week_ahead + timedelta(days=1)).isoformat()
    assert client.post(url, {**asked, "answer_by": other}).context["has_changed"]
    assert not StaffQuestion.objects.exists()

    for _time in range(2):
        response = client.post(url, asked, follow=True)

    question = StaffQuestion.objects.get()
    assert (question.text, question.asked_by, question.answer_by) == (
        "Which hospital?", staff, week_ahead,
    )  # fmt: skip
    message = Message.objects.get(kind="question_asked")
    assert message.to == application.volunteer.user.email
    assert "Which hospital?" not in str(message.context)
    assert "Which hospital?" in response.content.decode()
    with translation.override(language):
        told = translation.gettext(
            "We will email the applicant and ask them to read and answer your question."
        )
    assert said(response) == [told]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "x" * 1001}, "text"),
        ({"text": "주민등록번호 990307-1234567 맞나요?"}, "text"),
        ({"answer_by": "2020-01-01"}, "answer_by"),
        ({"answer_by": "tomorrow"}, "answer_by"),
    ],
)
def test_a_wrong_question_is_not_asked(client: Client, change: dict[str, str], field: str):
    opening = OpeningFactory()
    application = sent(opening.call, opening)
    signed_in_as(client, "volunteer_coordinator")
    day = (timezone.localdate() + timedelta(days=3)).isoformat()

    response = client.post(
        page_of("application_ask", application.pk), {"text": "?", "answer_by": day, **change}
    )

    assert set(response.context["form"].errors) == {field}
    assert not StaffQuestion.objects.exists()
    assert not Message.objects.filter(kind="question_asked").exists()


def test_who_has_withdrawn_is_not_asked(client: Client):
    opening = OpeningFactory()
    application = sent(opening.call, opening)
    actions.withdraw(application, by=application.volunteer.user)
    signed_in_as(client, "volunteer_coordinator")

    assert client.get(page_of("application_ask", application.pk)).status_code == 404


# --- what waits ------------------------------------------------------------------------------------


def test_the_first_page_says_what_waits_for_review(client: Client):
    opening = OpeningFactory()
    application = sent(opening.call, opening)
    signed_in_as(client, "volunteer_coordinator")
    assert client.get("/en/admin/").context["reminders"] == []
    type(opening.call).objects.update(closes_at=timezone.now() - timedelta(hours=1))

    (reminder,) = client.get("/en/admin/").context["reminders"]

    assert reminder.sentence == "1 application to a closed call is waiting for the first review."
    assert [*client.get(reminder.url).context["cl"].queryset] == [application]
    actions.move(application, "screen", by=application.volunteer.user)
    assert client.get("/en/admin/").context["reminders"] == []


def test_the_first_page_says_that_an_answer_came_until_somebody_opens_it(client: Client):
    opening = OpeningFactory()
    application = sent(opening.call, opening)
    staff = signed_in_as(client, "volunteer_coordinator")
    client.get(page_of("application_change", application.pk))
    question = actions.ask(application, text="?", by=staff, answer_by=timezone.localdate())
    assert client.get("/en/admin/").context["reminders"] == []
    actions.answer(question, text="Yes.")

    (reminder,) = client.get("/en/admin/").context["reminders"]

    assert reminder.sentence == "1 applicant has answered your question."
    assert [*client.get(reminder.url).context["cl"].queryset] == [application]
    client.get(page_of("application_change", application.pk))
    assert client.get("/en/admin/").context["reminders"] == []


def test_the_editor_is_not_told_what_waits(client: Client):
    opening = OpeningFactory(call__closes_at=timezone.now() + timedelta(minutes=1))
    sent(opening.call, opening)
    type(opening.call).objects.update(closes_at=timezone.now())
    signed_in_as(client, "editor")

    assert client.get("/en/admin/").context["reminders"] == []


# --- volunteers ------------------------------------------------------------------------------------


def test_a_volunteer_is_shown_with_all_applications(client: Client):
    user = person()
    rows = []
    for _call in range(2):
        opening = OpeningFactory()
        rows.append(sent(opening.call, opening, user=user))
    other = OpeningFactory()
    written(other.call, other, user=user)
    signed_in_as(client, "privacy_officer")

    whole = user.volunteer.name_roman.lower()
    listed = client.get(page_of("volunteer_changelist"), {"q": whole})
    page = client.get(page_of("volunteer_change", user.volunteer.pk))

    assert not client.get(page_of("volunteer_changelist") + "?q=nobody").context["cl"].queryset
    (row,) = listed.context["cl"].queryset
    assert row.sent_count == 2
    assert [*page.context["applications"]] == rows[::-1]
    assert all(row.receipt in page.content.decode() for row in rows)
    about = [f"volunteers.volunteer {user.volunteer.pk}", f"accounts.user {user.pk}"]
    assert looks("detail") == [("volunteers.volunteer", about)]


def test_every_move_stands_on_the_page_with_who_made_it_and_why(client: Client):
    opening = OpeningFactory()
    application = sent(opening.call, opening)
    staff = signed_in_as(client, "volunteer_coordinator")
    application.not_select(by=staff, reason="면허 없음")

    shown = client.get(page_of("application_change", application.pk)).content.decode()

    assert Transition.objects.filter(reason="면허 없음", by=staff).count() == 1
    assert "면허 없음" in shown
    assert "김담당" in shown


@pytest.mark.parametrize("role", ["volunteer_coordinator", "privacy_officer"])
def test_what_is_decided_and_not_announced_is_for_who_decides(client: Client, role: str):
    opening = opening_in_review(5)
    application = applicant(opening)
    wish = Wish(application, opening)
    deciding.decide(wish, "select", by=StaffFactory(), reason="a word about somebody")
    trail = Transition.objects.get(field="decision")
    signed_in_as(client, role)
    listed, knows = page_of("application_changelist"), role == "volunteer_coordinator"

    table = client.get(listed).context["cl"]
    page = client.get(page_of("application_change", application.pk))
    acts = client.get("/admin/audit/transition/").context["cl"].queryset

    assert [*table.queryset] == [application]
    assert ("decided" in table.list_display) == knows
    assert (DecisionFilter in table.list_filter) == knows
    for name in ("decision", "held_outcome"):
        found = client.get(f"{listed}?{name}=not_select", follow=True)
        # Whoever asks by the address is answered as if nobody had asked, or not at all.
        assert (found.redirect_chain == []) == knows
    assert ("a word about somebody" in page.content.decode()) == knows
    assert page.context["held"] == ([opening] if knows else [])
    assert (trail in acts) == knows
    assert (detail_of(client, "/admin/audit/transition/") != "") == knows


def detail_of(browser: Client, path: str) -> str:
    row = Transition.objects.get(reason="a word about somebody")
    return browser.get(f"{path}{row.pk}/change/").content.decode()


def test_trail_of_applications_is_for_those_who_may_see_them(client: Client):
    opening = OpeningFactory()
    application = sent(opening.call, opening)
    application.not_select(by=application.volunteer.user, reason="a word about somebody")
    path = "/admin/audit/transition/"

    seen = {}
    for role in ("editor", "volunteer_coordinator"):
        browser = Client()
        signed_in_as(browser, role)
        seen[role] = "a word about somebody" in detail_of(browser, path)

    assert seen == {"editor": False, "volunteer_coordinator": True}
