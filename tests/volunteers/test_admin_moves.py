"""Moving applications from the back office: one by one and many at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from oda_portal.audit.models import Transition
from oda_portal.mail.models import Message
from oda_portal.reviews.decisions import held_for
from oda_portal.seats.models import Pool
from tests.admin.forms import filled
from tests.factories import OpeningFactory
from tests.volunteers.applicants import person, sent
from tests.volunteers.rounds import applicant, decide, opening_in_review, release
from tests.volunteers.staff import looks, page_of, said, signed_in_as
from volunteers.models import Application, Call, Opening, State
from volunteers.models.states import DECISIONS, MOVES, STAFF_ACTS

pytestmark = pytest.mark.django_db

LANGUAGES = ("ko", "en", "zh-hans")
TOLD = ("interview", "selected", "reserve", "not_selected", "declined", "completed")


def submitted(**call: Any) -> Application:
    """An application in English to a call whose results are out, unless said otherwise."""
    opening = OpeningFactory()
    application = sent(opening.call, opening)
    Message.objects.all().delete()
    over = timezone.now() - timedelta(hours=2)
    times = {"closes_at": over, "released_at": over, "confirm_by": over + timedelta(days=3)}
    Call.objects.filter(pk=opening.call.pk).update(**{**times, **call})
    return Application.objects.get(pk=application.pk)


def put(application: Application, state: str) -> Application:
    Application.objects.filter(pk=application.pk).update(state=state)
    application.refresh_from_db()
    return application


@pytest.mark.parametrize("act", STAFF_ACTS)
def test_each_move_is_made_and_told_after_its_text_was_shown(client: Client, act: str):
    sources, target = MOVES[act]
    application = put(submitted(), sources[0])
    staff = signed_in_as(client, "volunteer_coordinator")
    url = page_of(f"application_{act}", application.pk)
    page = client.get(url)
    [notice] = page.context["notices"]
    assert not Message.objects.exists()

    client.post(url, filled(page))

    application.refresh_from_db()
    assert application.state == target
    trail = Transition.objects.get(field="state", to_state=target)
    # Whoever is decided about cannot change the application any more: it is under review.
    before = "screening" if act in DECISIONS else sources[0]
    assert (trail.from_state, trail.by) == (before, staff)
    messages = list(Message.objects.all())
    assert len(messages) == (target in TOLD)
    assert (notice.shown is not None) == (target in TOLD)
    for message in messages:
        # The very words that were shown before, in the applicant's language.
        assert message.language == "en"
        assert message.context["sentence"].startswith(notice.sentence)
        assert notice.sentence in notice.shown.letter.text
        assert notice.shown.letter.text.startswith("Dear 홍길동,")
    assert ("volunteers.application " + act) in [what for what, _who in looks("edit")]


@pytest.mark.parametrize("state", State.values)
def test_moves_are_offered_from_the_states_that_allow_them(client: Client, state: str):
    application = put(submitted(), state)
    signed_in_as(client, "volunteer_coordinator")

    page = client.get(page_of("application_change", application.pk))

    if state == State.DRAFT:
        assert page.status_code == 404
        return
    offered = [act.url.rstrip("/").rpartition("/")[2] for act in page.context["acts"]]
    possible = [act.replace("_", "-") for act in STAFF_ACTS if state in MOVES[act][0]]
    assert offered[: len(possible)] == possible
    assert set(offered) - set(possible) <= {"ask", "put-at"}


def test_a_result_is_held_until_its_time_and_the_page_says_so(client: Client):
    released = timezone.now() + timedelta(days=5)
    application = submitted(released_at=released, confirm_by=released + timedelta(days=3))
    signed_in_as(client, "volunteer_coordinator")
    url = page_of("application_select", application.pk, language="en")
    page = client.get(url)
    [notice] = page.context["notices"]

    assert "Until then: under review." in notice.when
    assert notice.sentence.startswith("You have been selected.")
    response = client.post(url, filled(page, reason="경력"), follow=True)

    application.refresh_from_db()
    assert application.state == "screening"
    assert said(response) == [
        "Decided for 1 application: “Selected”. It is held until the results are out."
    ]
    held = held_for(application)
    assert (held.outcome, held.reason) == ("select", "경력")
    assert "경력" in response.content.decode()
    assert not Message.objects.exists()


def test_a_held_decision_is_filtered_shown_and_taken_back(client: Client):
    released = timezone.now() + timedelta(days=5)
    application = submitted(released_at=released, confirm_by=released + timedelta(days=3))
    signed_in_as(client, "volunteer_coordinator")
    client.post(*filled_page(client, "application_select", application))
    listing = page_of("application_changelist", language="en")
    found = {
        value: client.get(f"{listing}?decision={value}").context["cl"].result_count
        for value in ("select", "not_select", "none")
    }
    assert found == {"select": 1, "not_select": 0, "none": 0}

    url, data = filled_page(client, "application_take_back", application)
    client.post(url, data)

    assert held_for(application) is None
    assert client.get(url).status_code == 404
    assert looks("edit")[-1][0] == "volunteers.application take_back"


def filled_page(client: Client, name: str, application: Application) -> tuple[str, Any]:
    url = page_of(name, application.pk, language="en")
    return url, filled(client.get(url))


def test_the_order_of_a_reserve_list_is_changed_with_a_reason(client: Client):
    opening = opening_in_review(0)
    rows = [applicant(opening) for _number in range(3)]
    for row in rows:
        decide(row, "keep_in_reserve")
    release(opening.call)
    signed_in_as(client, "volunteer_coordinator")
    url = page_of("application_put_at", rows[2].pk, language="en")
    page = client.get(url)
    assert "Now number 3 of 3" in page.content.decode()

    refused = client.post(url, filled(page, place="1", reason=""))
    assert set(refused.context["form"].errors) == {"reason"}
    client.post(url, filled(page, place="1", reason="착오 정정"))

    assert [Application.objects.get(pk=row.pk).place_in_line for row in rows] == [2, 3, 1]
    assert Transition.objects.get(field="place in line").reason == "착오 정정"


def test_no_place_left_is_said_before_and_nothing_is_decided(client: Client):
    application = submitted()
    opening = application.choices.get().opening
    Pool.objects.filter(pk=opening.pool_id).update(capacity=0)
    signed_in_as(client, "volunteer_coordinator")
    url = page_of("application_select", application.pk, language="en")
    page = client.get(url)

    assert "This opening has no place left." in page.content.decode()
    response = client.post(url, filled(page), follow=True)

    application.refresh_from_db()
    assert application.state == "submitted"
    assert said(response) == ["홍길동: the opening has no place left. Nothing was decided."]


def test_the_second_time_nothing_is_done_and_it_is_said(client: Client):
    application = submitted()
    signed_in_as(client, "volunteer_coordinator")
    url = page_of("application_select", application.pk, language="en")
    form = filled(client.get(url))
    first = client.post(url, form, follow=True)

    second = client.post(url, form, follow=True)

    assert said(first) == ["1 application is now “Selected”."]
    assert said(second) == [
        "홍길동: this cannot go from “Selected” to “Selected”. Check the record’s latest state."
    ]
    assert Transition.objects.filter(to_state="selected").count() == 1
    assert Message.objects.count() == 1


def test_what_the_applicant_did_meanwhile_is_not_undone(client: Client):
    application = submitted()
    signed_in_as(client, "volunteer_coordinator")
    url = page_of("application_select", application.pk)
    form = filled(client.get(url))
    application.withdraw(by=application.volunteer.user)

    client.post(url, form)

    application.refresh_from_db()
    assert application.state == "withdrawn"
    assert not Message.objects.filter(kind="application_result").exists()


def test_another_number_than_the_one_shown_is_shown_first(client: Client):
    released = timezone.now() + timedelta(days=5)
    application = submitted(released_at=released, confirm_by=released + timedelta(days=3))
    opening = application.choices.get().opening
    for _number in range(2):
        decide(applicant(Opening.objects.get(pk=opening.pk)), "keep_in_reserve")
    signed_in_as(client, "volunteer_coordinator")
    url = page_of("application_keep_in_reserve", application.pk)
    page = client.get(url)
    assert "number 3 on the reserve list" in page.context["notices"][0].sentence

    again = client.post(url, filled(page, number="2"))

    assert held_for(application) is None
    assert "number 2 on the reserve list" in again.context["notices"][0].sentence
    client.post(url, filled(again))
    assert held_for(application).rank == 2


@pytest.mark.parametrize(
    ("act", "field", "value"),
    [
        ("keep_in_reserve", "number", "0"),
        ("keep_in_reserve", "number", "99999999999999999999"),
        ("select", "reason", "x" * 301),
        ("not_select", "reason", "번호 990307-1234567"),
    ],
)
def test_bad_input_moves_nobody(client: Client, act: str, field: str, value: str):
    released = timezone.now() + timedelta(days=5)
    application = submitted(released_at=released, confirm_by=released + timedelta(days=3))
    signed_in_as(client, "volunteer_coordinator")
    url = page_of(f"application_{act}", application.pk)

    response = client.post(url, filled(client.get(url), **{field: value}))

    assert set(response.context["form"].errors) == {field}
    application.refresh_from_db()
    assert application.state == "submitted"


def test_an_application_that_can_still_be_edited_is_moved_with_a_warning(client: Client):
    opening = OpeningFactory()
    application = sent(opening.call, opening)
    signed_in_as(client, "volunteer_coordinator")

    page = client.get(page_of("application_screen", application.pk, language="en"))

    assert "The call is still open." in page.content.decode()


# --- many at once ----------------------------------------------------------------------------------


def three() -> list[Application]:
    """Two that wait for review and one that is withdrawn, to one call."""
    first = submitted()
    rows = [first]
    for name in ("second@example.org", "third@example.org"):
        row = submitted()
        row.volunteer.user = person(email=name)
        row.volunteer.name = name.partition("@")[0]
        row.volunteer.save()
        row.call = first.call
        row.save(update_fields=["call"])
        row.choices.update(opening=first.choices.get().opening)
        rows.append(row)
    put(rows[2], "withdrawn")
    return rows


def chosen(act: str, rows: list[Application]) -> dict[str, Any]:
    return {"action": f"move_{act}", "_selected_action": [str(row.pk) for row in rows]}


def states(rows: list[Application]) -> list[str]:
    return [Application.objects.get(pk=row.pk).state for row in rows]


@pytest.mark.parametrize("language", LANGUAGES)
def test_many_are_moved_after_a_page_that_says_who_is_told_what(client: Client, language: str):
    rows = three()
    signed_in_as(client, "volunteer_coordinator")
    url = page_of("application_changelist", language=language)

    page = client.post(f"{url}?state=submitted", chosen("not_select", rows[:1]))
    assert [notice.application for notice in page.context["notices"]] == rows[:1]
    page = client.post(url, chosen("not_select", rows))

    assert [notice.application for notice in page.context["notices"]] == rows[:2]
    assert page.context["plan"].refused == [rows[2]]
    assert "third" in page.content.decode()
    assert "We are not able to offer you a place" in page.content.decode()
    assert "Dear 홍길동," in page.content.decode()  # the whole letter, to each
    assert states(rows) == ["submitted", "submitted", "withdrawn"]
    assert looks("list")[-1][0] == "volunteers.application not_select"
    form = filled(page, reason="회의")
    first = client.post(page.context["list_url"], form, follow=True)
    second = client.post(page.context["list_url"], form, follow=True)
    assert states(rows) == ["not_selected", "not_selected", "withdrawn"]
    assert Message.objects.filter(kind="application_result").count() == 2
    assert Transition.objects.filter(field="state", reason="회의").count() == 2
    with translation.override(language):
        label = translation.pgettext("application", "Not selected")
    assert label in said(first)[0]
    assert len(said(second)) == 2  # each named, and that it stays as it is


def test_whoever_cannot_be_moved_any_more_is_named(client: Client):
    rows = three()
    signed_in_as(client, "volunteer_coordinator")
    url = page_of("application_changelist", language="en")
    page = client.post(f"{url}?state=submitted", chosen("select", rows))
    put(rows[1], "declined")

    response = client.post(page.context["list_url"], filled(page), follow=True)

    assert states(rows) == ["selected", "declined", "withdrawn"]
    assert said(response) == [
        "1 application is now “Selected”.",
        "second: this cannot go from “Declined” to “Selected”. Check the record’s latest state.",
    ]


def test_a_reserve_list_is_numbered_in_the_order_that_was_shown(client: Client):
    rows = three()
    signed_in_as(client, "volunteer_coordinator")
    url = page_of("application_changelist")
    page = client.post(url, chosen("keep_in_reserve", rows))
    sentences = [notice.sentence for notice in page.context["notices"]]
    assert ["number 1 " in sentences[0], "number 2 " in sentences[1]] == [True, True]

    client.post(url, filled(page))

    waiting = Application.objects.filter(state="reserve").order_by("sent_at")
    assert [(row.pk, row.place_in_line) for row in waiting] == [(rows[0].pk, 1), (rows[1].pk, 2)]


def test_a_selection_that_nobody_can_make_is_refused_with_names(client: Client):
    rows = three()
    signed_in_as(client, "volunteer_coordinator")

    page = client.post(page_of("application_changelist"), chosen("deploy", rows))

    assert page.context["notices"] == []
    assert page.context["plan"].refused == rows
    assert states(rows) == ["submitted", "submitted", "withdrawn"]


def test_no_reader_moves_many(client: Client):
    rows = three()
    signed_in_as(client, "privacy_officer")

    client.post(page_of("application_changelist"), {**chosen("select", rows), "sure": "yes"})

    assert states(rows) == ["submitted", "submitted", "withdrawn"]
    assert not Transition.objects.filter(to_state="selected").exists()


@pytest.mark.thorough
def test_the_preview_asks_as_many_questions_for_many_as_for_few(client: Client):
    opening = opening_in_review(50)
    rows = [applicant(opening) for _number in range(12)]
    signed_in_as(client, "volunteer_coordinator")
    url = page_of("application_changelist")

    def asked(some: list[Application]) -> int:
        with CaptureQueriesContext(connection) as queries:
            page = client.post(url, chosen("select", some))
        assert len(page.context["notices"]) == len(some)
        # A look is written for each person who is named.
        return sum("INSERT" not in query["sql"] for query in queries)

    asked(rows[:2])
    assert asked(rows) <= asked(rows[:2]) + 1
