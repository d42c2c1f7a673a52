"""Calls in the back office: saving them with their parts, and telling applicants of changes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from oda_portal.audit.models import Transition
from oda_portal.mail.models import Message
from oda_portal.seats.models import Pool
from tests.admin.forms import filled
from tests.factories import (
    CallFactory,
    CityFactory,
    OpeningFactory,
    QuestionFactory,
    RequiredDocumentFactory,
    StaffFactory,
)
from tests.volunteers.applicants import sent, written
from tests.volunteers.rounds import decide
from tests.volunteers.staff import page_of, said, signed_in_as
from volunteers import places
from volunteers.models import Answer, ApplicationFile, Call, Opening

pytestmark = pytest.mark.django_db

LANGUAGES = ("ko", "en", "zh-hans")
WHAT = {"what_ko": "한 주 늦춥니다.", "what_en": "A week later.", "what_zh_hans": "推迟一周。"}


def new_opening(**values: str) -> dict[str, str]:
    """The first empty row of the openings, filled in."""
    row = {
        "team": "medical", "mode": "first_come", "city": str(CityFactory().pk),
        "departs_on": "2027-07-01", "returns_on": "2027-07-09", "capacity": "12",
        "tasks_ko": "진료", "position": "0", **values,
    }  # fmt: skip
    return {"openings-TOTAL_FORMS": "1", **{f"openings-0-{key}": row[key] for key in row}}


# --- saving ----------------------------------------------------------------------------------------


def test_a_coordinator_adds_an_opening_with_its_places(client: Client):
    signed_in_as(client, "volunteer_coordinator")
    call = CallFactory()
    page = page_of("call_change", call.pk)

    response = client.post(page, filled(client.get(page), **new_opening()))

    assert response.status_code == 302, response.context["errors"]
    opening = call.openings.get()
    assert (opening.team, opening.tasks_ko) == ("medical", "진료")
    assert (opening.pool.capacity, opening.pool.taken) == (12, 0)


def test_a_new_call_is_saved_with_its_opening(client: Client):
    signed_in_as(client, "volunteer_coordinator")
    page = page_of("call_add")

    response = client.post(page, filled(client.get(page), **{
        "title_ko": "제13기 모집", "title_en": "The 13th call", "summary_ko": "요약",
        "opens_at_0": "2027-01-04", "opens_at_1": "09:00:00",
        "closes_at_0": "2027-02-04", "closes_at_1": "18:00:00",
        "age_on": "2027-07-01", **new_opening(),
    }))  # fmt: skip

    assert response.status_code == 302, response.context["errors"]
    call = Call.objects.get()
    assert (call.slug, call.status) == ("the-13th-call", "draft")
    assert call.openings.get().pool.capacity == 12


def test_places_change_and_the_trail_says_who_changed_them(client: Client):
    staff = signed_in_as(client, "volunteer_coordinator")
    opening = OpeningFactory(pool__capacity=10, pool__taken=4)
    page = page_of("call_change", opening.call.pk)

    client.post(page, filled(client.get(page), **{"openings-0-capacity": "4"}))

    opening.pool.refresh_from_db()
    assert (opening.pool.capacity, opening.pool.taken) == (4, 4)
    trail = Transition.objects.get(field="capacity")
    assert (trail.subject, trail.from_state, trail.to_state) == (opening, "10", "4")
    assert trail.by == staff


def test_places_taken_since_the_form_was_opened_are_never_undercut():
    opening = OpeningFactory(pool__capacity=10)
    Pool.objects.update(taken=7)

    assert not places.set_capacity(opening, 6, by=StaffFactory())

    assert Pool.objects.get().capacity == 10
    assert not Transition.objects.exists()


WRONG_TIMES = {
    "closes_at": {"opens_at_0": "2031-02-01", "closes_at_0": "2031-01-01"},
    "released_at": {"closes_at_0": "2031-02-01", "released_at_0": "2031-01-01"},
    "confirm_by": {"released_at_0": "2031-02-01", "confirm_by_0": "2031-01-01"},
}


@pytest.mark.parametrize("field", WRONG_TIMES)
def test_a_wrong_time_has_its_error_at_its_own_field_and_once(client: Client, field: str):
    signed_in_as(client, "volunteer_coordinator")
    day = timezone.now()
    call = CallFactory(released_at=day + timedelta(days=30), confirm_by=day + timedelta(days=40))
    page = page_of("call_change", call.pk, language="en")
    hours = {"released_at_1": "18:00:00", "confirm_by_1": "18:00:00"}
    given = {**hours, "confirm_by_0": "2031-03-01", "released_at_0": "2031-02-15"}

    response = client.post(page, filled(client.get(page), **{**given, **WRONG_TIMES[field]}))

    form = response.context["adminform"].form
    assert response.status_code == 200
    assert list(form.errors) == [field]
    assert len(form.errors[field]) == 1
    assert Call.objects.get().closes_at == call.closes_at


@pytest.mark.parametrize("language", LANGUAGES)
def test_fewer_places_than_taken_are_refused_in_the_editors_language(client: Client, language: str):
    signed_in_as(client, "volunteer_coordinator")
    opening = OpeningFactory(pool__capacity=10, pool__taken=4)
    page = page_of("call_change", opening.call.pk, language=language)

    response = client.post(
        page, filled(client.get(page), **{"openings-0-capacity": "3", "title_ko": "새 제목"})
    )

    with translation.override(language):
        sentence = translation.gettext(
            "%(taken)s places are taken already. Enter that number or more."
        ) % {"taken": 4}
    assert sentence in response.content.decode()
    opening.pool.refresh_from_db()
    assert opening.pool.capacity == 10
    assert not Call.objects.filter(title_ko="새 제목").exists()


def test_times_in_the_wrong_order_are_refused_by_what_the_database_demands(client: Client):
    signed_in_as(client, "volunteer_coordinator")
    call = CallFactory()
    page = page_of("call_change", call.pk, language="en")
    before = call.opens_at - timedelta(days=1)

    response = client.post(
        page, filled(client.get(page), closes_at_0=f"{timezone.localtime(before):%Y-%m-%d}")
    )

    errors = response.context["adminform"].form.errors
    assert errors == {"closes_at": ["The call closes before it opens. Check both times."]}


def test_an_unused_opening_goes_with_its_pool(client: Client):
    signed_in_as(client, "volunteer_coordinator")
    opening = OpeningFactory()
    page = page_of("call_change", opening.call.pk)

    client.post(page, filled(client.get(page), **{"openings-0-DELETE": "on"}))

    assert not Opening.objects.exists()
    assert not Pool.objects.exists()


def test_parts_that_applications_refer_to_stay_and_the_page_says_why(client: Client):
    opening = OpeningFactory()
    call = opening.call
    question = QuestionFactory(call=call, is_required=False, text_en="Why Busan?")
    document = RequiredDocumentFactory(call=call, is_required=False, name_en="Licence")
    application = sent(call, opening)
    Answer.objects.create(application=application, question=question, text="비밀 이야기")
    ApplicationFile.objects.create(
        application=application, document=document, file="a.pdf", name="홍길동.pdf", size=1
    )
    signed_in_as(client, "volunteer_coordinator")
    page = page_of("call_change", call.pk, language="en")
    parts = ("openings", "questions", "documents")

    response = client.post(
        page, filled(client.get(page), **{f"{part}-0-DELETE": "on" for part in parts})
    )

    shown = response.content.decode()
    assert "applicants have chosen it" in shown
    assert "“Why Busan?” cannot be deleted: applicants have answered it." in shown
    assert "“Licence” cannot be deleted: applicants have handed it in." in shown
    # Nothing of theirs is told on the way.
    assert "비밀 이야기" not in shown
    assert "홍길동" not in shown
    assert (call.openings.count(), call.questions.count(), call.documents.count()) == (1, 1, 1)


@pytest.mark.parametrize("act", ["delete", "delete_selected"])
def test_a_call_with_applications_cannot_be_deleted_and_names_nobody(client: Client, act: str):
    opening = OpeningFactory()
    application = sent(opening.call, opening)
    signed_in_as(client, "volunteer_coordinator")
    if act == "delete":
        page = page_of("call_delete", opening.call.pk, language="en")
        responses = [client.get(page), client.post(page, {"post": "yes"})]
    else:
        page = page_of("call_changelist", language="en")
        chosen = {"action": act, "_selected_action": opening.call.pk}
        responses = [client.post(page, chosen), client.post(page, {**chosen, "post": "yes"})]

    for response in responses:
        shown = response.content.decode()
        assert "1 person has begun to apply. Take it down instead." in shown
        assert application.receipt not in shown
    assert Call.objects.get() == opening.call


def test_a_call_that_nobody_applied_to_is_deleted_with_its_pools(client: Client):
    signed_in_as(client, "volunteer_coordinator")
    call = OpeningFactory(call__status="draft").call

    client.post(page_of("call_delete", call.pk), {"post": "yes"})

    assert not Call.objects.exists()
    assert not Pool.objects.exists()


# --- lists and roles -------------------------------------------------------------------------------


def test_the_list_counts_what_was_submitted_and_filters_by_phase(client: Client):
    signed_in_as(client, "volunteer_coordinator")
    opening = OpeningFactory()
    sent(opening.call, opening)
    written(opening.call, opening)
    over = CallFactory(closes_at=timezone.now() - timedelta(days=1))
    page = page_of("call_changelist")

    for phase, expected in [("open", opening.call), ("closed", over)]:
        assert [*client.get(f"{page}?phase={phase}").context["cl"].queryset] == [expected]
    rows = {row.pk: row.sent_count for row in client.get(page).context["cl"].queryset}
    assert rows == {opening.call.pk: 1, over.pk: 0}


@pytest.mark.thorough
def test_the_list_asks_as_much_for_thirty_calls_as_for_one(client: Client):
    signed_in_as(client, "volunteer_coordinator")
    page = page_of("call_changelist")
    counts = []
    for more in (1, 29):
        CallFactory.create_batch(more)
        client.get(page)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_phases_stand_in_the_menu_without_a_form_of_their_own(client: Client):
    signed_in_as(client, "volunteer_coordinator")

    apps = client.get(page_of("call_changelist")).context["available_apps"]

    app = next(app for app in apps if app["app_label"] == "volunteers")
    lines = [line for line in app["models"] if line.get("shortcut")]
    assert [line["admin_url"].partition("?")[2] for line in lines] == [
        "phase=upcoming", "phase=open", "phase=closed", "phase=announced",
    ]  # fmt: skip
    assert {line["add_url"] for line in lines} == {None}


def test_an_editor_reads_calls_with_their_places_and_no_application(client: Client):
    signed_in_as(client, "editor")
    opening = OpeningFactory(pool__capacity=37)
    application = sent(opening.call, opening)

    page = client.get(page_of("call_change", opening.call.pk))

    assert page.status_code == 200
    assert page.context["acts"] == []
    assert ">37<" in page.content.decode()
    assert client.get(page_of("call_tell", opening.call.pk)).status_code == 403
    assert client.get(page_of("application_changelist")).status_code == 403
    assert client.get(page_of("application_change", application.pk)).status_code == 403
    assert client.get(page_of("volunteer_changelist")).status_code == 403


@pytest.mark.parametrize(
    ("role", "knows"),
    [
        ("volunteer_coordinator", True), ("editor", False), ("translator_en", False),
        ("reviewer", False), ("privacy_officer", False),
    ],
)  # fmt: skip
def test_how_many_are_selected_is_for_who_selects(client: Client, role: str, knows: bool):
    opening = OpeningFactory(pool__capacity=37, pool__taken=23)
    signed_in_as(client, role)

    shown = client.get(page_of("call_change", opening.call.pk)).content.decode()

    assert "37" in shown
    assert ('<div class="readonly">23</div>' in shown) == knows


# --- telling applicants ----------------------------------------------------------------------------


def test_applicants_are_told_what_changed_after_the_text_was_shown(client: Client):
    signed_in_as(client, "volunteer_coordinator")
    opening = OpeningFactory()
    sent(opening.call, opening)
    written(opening.call, opening)
    Message.objects.all().delete()
    page = page_of("call_tell", opening.call.pk)

    preview = client.post(page, WHAT)

    assert preview.context["count"] == 2
    for text in WHAT.values():
        assert text in preview.content.decode().split("<textarea")[0]
    assert not Message.objects.exists()
    confirmed = filled(preview, sure="yes")
    first, second = (client.post(page, confirmed, follow=True) for _time in range(2))
    told = {message.language: message.context["what"] for message in Message.objects.all()}
    assert told == {"ko": WHAT["what_ko"], "en": WHAT["what_en"]}
    assert len(said(first)) == len(said(second)) == 1
    assert said(first) != said(second)


def test_a_text_that_was_not_shown_is_not_sent(client: Client):
    signed_in_as(client, "volunteer_coordinator")
    opening = OpeningFactory()
    sent(opening.call, opening)
    page = page_of("call_tell", opening.call.pk)
    confirmed = filled(client.post(page, WHAT), sure="yes", what_en="Something else.")

    response = client.post(page, confirmed)

    assert "Something else." in response.content.decode()
    assert not Message.objects.filter(kind="call_changed").exists()


def test_a_held_decision_shows_in_no_mail_that_does_not_come(client: Client):
    signed_in_as(client, "volunteer_coordinator")
    opening = OpeningFactory()
    application = sent(opening.call, opening)
    decide(application, "not_select")
    page = page_of("call_tell", opening.call.pk)

    client.post(page, filled(client.post(page, WHAT), sure="yes"))

    assert Message.objects.filter(kind="call_changed").count() == 1


@pytest.mark.parametrize(
    ("field", "text"), [("what_zh_hans", ""), ("what_ko", "번호 990307-1234567 참고")]
)
def test_a_missing_language_and_a_resident_number_are_refused(
    client: Client, field: str, text: str
):
    signed_in_as(client, "volunteer_coordinator")
    call = CallFactory()
    page = page_of("call_tell", call.pk)

    response = client.post(page, {**WHAT, field: text, "sure": "yes"})

    assert set(response.context["form"].errors) == {field}
    assert response.context["letters"] == []


def test_a_translator_changes_words_alone_and_tells_nobody(client: Client):
    signed_in_as(client, "translator_en")
    opening = OpeningFactory(pool__capacity=37)
    call = opening.call
    page = client.get(page_of("call_change", call.pk))

    assert page.context["acts"] == []
    assert ">37<" in page.content.decode()
    changes = {"openings-0-capacity": "50", "openings-0-tasks_en": "New words"}
    saved = client.post(page_of("call_change", call.pk), filled(page, **changes))
    assert saved.status_code == 302
    opening.refresh_from_db()
    assert (opening.tasks_en, opening.pool.capacity) == ("New words", 37)
    assert client.post(page_of("call_tell", call.pk), WHAT).status_code == 403
    assert client.get(page_of("call_tell", 999)).status_code == 403
    assert not Message.objects.exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_a_call_speak_the_language_of_the_editor(client: Client, language: str):
    signed_in_as(client, "volunteer_coordinator")
    opening = OpeningFactory()

    page = client.get(page_of("call_tell", opening.call.pk, language=language))

    with translation.override(language):
        title = translation.gettext("Tell applicants what changed")
    assert page.context["title"] == title
    assert f'<html lang="{language}"' in page.content.decode()
