"""The service pages in the back office: who sees them, and what staff do on them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oda_portal.accounts.roles import ROLES
from oda_portal.certificates import actions
from oda_portal.certificates.models import Batch
from oda_portal.privacy.models import AccessRecord
from tests.volunteers.departures import going
from tests.volunteers.served import (
    approved,
    back,
    cell,
    day_of,
    enter,
    leave_later,
    past_opening,
    post_sheet,
    quarters,
    sheet,
)
from tests.volunteers.staff import looks, page_of, said, signed_in_as
from volunteers.certificates import KIND
from volunteers.models import Application, ServiceRecord, TrainingDay

pytestmark = pytest.mark.django_db

LANGUAGES = ("ko", "en", "zh-hans")


def subjects(*applications: Application) -> list[str]:
    found = []
    for row in applications:
        found += [
            f"volunteers.application {row.pk}",
            f"volunteers.volunteer {row.volunteer.pk}",
            f"accounts.user {row.volunteer.user_id}",
        ]
    return found


# --- who sees it ---------------------------------------------------------------------------------

NOBODY_ELSE = [role.name for role in ROLES if role.name != "volunteer_coordinator"]


@pytest.mark.parametrize("role", NOBODY_ELSE)
def test_nobody_but_the_coordinator_sees_or_changes_any_of_it(client: Client, role: str):
    opening = past_opening()
    application = back(opening)
    signed_in_as(client, role)
    before = AccessRecord.objects.count()
    pages = [
        page_of("call_service", opening.call_id), sheet(opening), sheet(opening, "_survey"),
        sheet(opening, "_certificates"), sheet(opening, "_person", application.pk),
        sheet(opening, "_reopen", application.pk),
    ]  # fmt: skip

    assert [client.get(page).status_code for page in pages] == [403] * len(pages)
    for page in (sheet(opening, "_approve"), sheet(opening, "_days"), *pages):
        assert client.post(page, {"sure": "yes"}).status_code in (403, 405)

    assert AccessRecord.objects.count() == before
    assert not ServiceRecord.objects.exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_shows_people_and_days_and_leaves_a_look(client: Client, language: str):
    opening = past_opening()
    application = back(opening)
    enter(application, 8, 7.5)
    signed_in_as(client, "volunteer_coordinator")

    page = client.get(sheet(opening, language=language))

    shown = page.content.decode()
    assert "홍길동" in shown
    assert shown.count('inputmode="decimal"') == 9
    assert 'value="7.5"' in shown
    assert looks("list") == [("volunteers.attendance", subjects(application))]
    links = client.get(page_of("call_change", opening.call_id, language=language))
    index = page_of("call_service", opening.call_id, language=language)
    assert index in links.content.decode()
    assert sheet(opening, language=language) in client.get(index).content.decode()


def test_sixty_people_ask_the_database_as_often_as_one(client: Client):
    opening = past_opening()
    enter(back(opening), 8)
    signed_in_as(client, "volunteer_coordinator")
    client.get(sheet(opening))
    with CaptureQueriesContext(connection) as one:
        client.get(sheet(opening))
    for number in range(59):
        enter(back(opening), number % 9)

    with CaptureQueriesContext(connection) as sixty:
        page = client.get(sheet(opening))

    assert len(page.context["table"]) == 60
    assert len(sixty) == len(one) <= 35


# --- hours ---------------------------------------------------------------------------------------


def test_one_post_keeps_every_cell_and_says_for_how_many(client: Client):
    opening = past_opening()
    one, other = back(opening), back(opening)
    first, second = day_of(opening), day_of(opening, 1)
    signed_in_as(client, "volunteer_coordinator")
    typed = {cell(one, first): "7,5", cell(one, second): "0", cell(other, first): " 6.25 "}

    page = client.post(sheet(opening), {"seen": _seen(client, opening), **typed}, follow=True)

    assert quarters(one) == {first: 30, second: 0}
    assert quarters(other) == {first: 25}
    assert len(said(page)) == 1
    again = post_sheet(client, sheet(opening))
    assert again.status_code == 302
    assert looks("edit") == [("volunteers.attendance", subjects(one, other))]


def _seen(client: Client, opening: Any) -> str:
    return client.get(sheet(opening)).context["form"].sheet.stamp


def test_one_value_fills_what_is_empty_and_leaves_what_is_typed(client: Client):
    opening = past_opening()
    one, other = back(opening), approved(back(opening), 3)
    first, second = day_of(opening), day_of(opening, 1)
    signed_in_as(client, "volunteer_coordinator")

    post_sheet(client, sheet(opening), fill="8", fill_on=str(second), **{cell(one, first): "2"})
    assert quarters(one) == {first: 8, second: 32}

    post_sheet(client, sheet(opening), fill="4")
    assert list(quarters(one).values()) == [8, 32, 16, 16, 16, 16, 16, 16]
    assert list(quarters(other).values()) == [12]


@pytest.mark.parametrize(
    "wrong",
    [
        "25", "-1", "7.1", "eight", "NaN", "sNaN", "1e3", "9e999999", "1e-9", "Infinity", "８",
        "8.125", ".",
    ],
)  # fmt: skip
def test_wrong_hours_keep_all_that_was_typed_and_save_nothing(client: Client, wrong: str):
    opening = past_opening()
    application = back(opening)
    first, second = day_of(opening), day_of(opening, 1)
    signed_in_as(client, "volunteer_coordinator")
    typed = {cell(application, first): wrong, cell(application, second): "6"}

    page = post_sheet(client, sheet(opening), **typed)

    shown = page.content.decode()
    assert f'value="{wrong}"' in shown
    assert 'value="6"' in shown
    assert f'href="#id_{cell(application, first)}"' in shown
    assert quarters(application) == {}


def test_what_two_enter_at_once_is_told_and_lost_by_neither(client: Client):
    opening = past_opening()
    application = back(opening)
    first, second = day_of(opening), day_of(opening, 1)
    signed_in_as(client, "volunteer_coordinator")
    old = {"seen": _seen(client, opening), cell(application, first): "5"}
    enter(application, 8, 8)

    page = client.post(sheet(opening), {**old, cell(application, second): "8"})

    shown = page.content.decode()
    assert 'value="5"' in shown
    assert shown.count("cell-soon") == 1
    assert quarters(application) == {first: 32, second: 32}
    new = {**old, "seen": page.context["form"].sheet.stamp, cell(application, second): "8"}
    assert client.post(sheet(opening), new).status_code == 302
    assert quarters(application) == {first: 20, second: 32}


def test_a_note_stands_with_the_hours_of_its_day(client: Client):
    opening = past_opening()
    application = back(opening)
    first, second = day_of(opening), day_of(opening, 1)
    page = sheet(opening, "_person", application.pk)
    signed_in_as(client, "volunteer_coordinator")
    alone = {cell(application, first, "n"): "Came at noon"}

    assert b"Came at noon" in post_sheet(client, page, **alone).content
    assert quarters(application) == {}
    rrn = {cell(application, second, "n"): "990307-1234567", cell(application, second): "1"}
    assert post_sheet(client, page, **rrn).status_code == 200
    assert quarters(application) == {}

    post_sheet(client, page, **alone, **{cell(application, first): "4"})
    assert list(application.attendance.values_list("quarters", "note")) == [(16, "Came at noon")]
    assert "Came at noon" in client.get(sheet(opening)).content.decode()


def test_somebody_of_another_opening_has_no_page_here(client: Client):
    opening, other = past_opening(), back(past_opening())
    signed_in_as(client, "volunteer_coordinator")

    for name in ("_person", "_reopen"):
        assert client.get(sheet(opening, name, other.pk)).status_code == 404


def test_a_day_of_training_is_added_and_counted(client: Client):
    opening = past_opening()
    application, on = going(opening), day_of(opening, -7)
    signed_in_as(client, "volunteer_coordinator")

    client.post(sheet(opening, "_days"), {"on": str(on)})
    client.post(sheet(opening, "_days"), {"on": str(on)})
    post_sheet(client, sheet(opening), **{cell(application, on): "3"})

    assert TrainingDay.objects.get().on == on
    assert quarters(application) == {on: 12}
    client.post(sheet(opening, "_days"), {"on": str(on), "remove": "1"})
    assert TrainingDay.objects.exists()


@pytest.mark.parametrize("days", [0, 3, -400])
def test_a_day_that_is_no_day_of_training_is_refused(client: Client, days: int):
    opening = past_opening()
    signed_in_as(client, "volunteer_coordinator")

    page = client.post(sheet(opening, "_days"), {"on": str(day_of(opening, days))}, follow=True)

    assert not TrainingDay.objects.exists()
    assert len(said(page)) == 1


def test_before_departure_there_is_nothing_to_enter(client: Client):
    today = timezone.localdate()
    opening = past_opening(departs_on=today + timedelta(days=3), returns_on=today + timedelta(9))
    going(opening)
    signed_in_as(client, "volunteer_coordinator")

    page = client.get(sheet(opening))

    assert page.context["form"].sheet.days == []
    assert b'inputmode="decimal"' not in page.content


# --- records and certificates --------------------------------------------------------------------


def test_who_is_approved_is_named_first_and_who_cannot_be_is_told_why(client: Client):
    opening = past_opening()
    ready, empty = back(opening), back(opening)
    enter(ready, 8)
    staff = signed_in_as(client, "volunteer_coordinator")
    chosen = {"person": [ready.pk, empty.pk]}

    page = client.post(sheet(opening, "_approve"), chosen)

    assert [row.application for row in page.context["rows"]] == [ready]
    assert [(row.application, bool(why)) for row, why in page.context["refused"]] == [(empty, True)]
    assert not ServiceRecord.objects.exists()
    done = client.post(sheet(opening, "_approve"), {**chosen, "sure": "yes"}, follow=True)
    assert len(said(done)) == 2
    assert ServiceRecord.objects.get().approved_by == staff
    assert looks("edit") == [("volunteers.servicerecord approve", subjects(ready))]
    assert client.get(sheet(opening)).content.count(b'inputmode="decimal"') == 9


def test_a_record_is_opened_again_with_a_reason(client: Client):
    opening = past_opening()
    application = approved(back(opening))
    page = sheet(opening, "_reopen", application.pk)
    signed_in_as(client, "volunteer_coordinator")

    assert client.post(page, {"reason": ""}).status_code == 200
    assert ServiceRecord.objects.get().is_approved
    assert client.post(page, {"reason": "A day is missing"}).status_code == 302
    assert not ServiceRecord.objects.get().is_approved


def test_certificates_for_a_whole_opening_are_shown_and_then_issued(client: Client):
    opening = past_opening()
    ready, not_yet = approved(back(opening)), back(opening)
    signed_in_as(client, "volunteer_coordinator")
    page = client.get(sheet(opening, "_certificates"))

    assert [row.subject for row in page.context["getting"]] == [ready]
    assert [row.subject for row in page.context["refused"]] == [not_yet]
    assert page.context["back"] == sheet(opening)
    what = f"certificates.batch {KIND}"
    assert looks("list") == [(what, subjects(ready, not_yet))]
    assert not Batch.objects.exists()
    sent = client.post(
        sheet(opening, "_certificates"), {"sure": "yes", "_selected_action": [ready.pk]}
    )

    batch = Batch.objects.get()
    assert sent.url.endswith(f"/batch/{batch.pk}/change/")
    assert [row.object_id for row in batch.rows.all()] == [ready.pk]
    assert looks("edit") == [(what, subjects(ready))]


def test_the_page_of_a_person_shows_what_they_served(client: Client):
    application = approved(back(past_opening()), 8, 7.5)
    certificate = actions.issue(KIND, application, by=None)
    signed_in_as(client, "volunteer_coordinator")
    page = page_of("volunteer_change", application.volunteer.pk)

    shown = client.get(page).content.decode()

    assert "15.5" in shown
    assert certificate.code in shown


def test_hours_on_days_that_are_the_journeys_no_more_are_told_and_removed(client: Client):
    opening = past_opening()
    application = back(opening)
    enter(application, 8, 6, 4)
    leave_later(opening, 2)
    signed_in_as(client, "volunteer_coordinator")
    button = sheet(opening, "_outside", application.pk)

    page = client.get(sheet(opening))

    assert [row.hours for row, _cells in page.context["table"]] == [4]
    assert button in page.content.decode()
    assert "14" in page.content.decode()
    asked = client.post(sheet(opening, "_approve"), {"person": [application.pk]})
    assert asked.context["rows"] == []
    assert client.get(button).status_code == 405
    assert len(said(client.post(button, follow=True))) == 1
    assert list(quarters(application)) == [day_of(opening)]
    assert looks("edit") == [("volunteers.attendance outside", subjects(application))]
    assert button not in client.get(sheet(opening)).content.decode()
    client.post(button)
    assert list(quarters(application)) == [day_of(opening)]


def test_nobody_else_removes_hours_outside_the_journey(client: Client):
    opening = past_opening()
    application = back(opening)
    enter(application, 8, 6)
    leave_later(opening, 1)
    signed_in_as(client, "editor")

    assert client.post(sheet(opening, "_outside", application.pk)).status_code == 403

    assert len(quarters(application)) == 2
