"""Reminders before departure: at their times, once each, and not any more when it is done."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from oda_portal.celery import app
from oda_portal.mail.models import Message
from oda_portal.mail.rendering import Stationery, letter_of
from tests.admin.forms import filled
from tests.volunteers.departures import going, only, opening_in, put, with_checklist
from tests.volunteers.staff import page_of, signed_in_as
from volunteers.models import Application, ChecklistItem, State, TravelDocument
from volunteers.readiness import acts, checklists, reminders, rules

pytestmark = pytest.mark.django_db

Kind = ChecklistItem.Kind


def on(day: date) -> int:
    """The reminders of this day, twice: how many mails there are then."""
    with time_machine.travel(f"{day.isoformat()}T03:00:00+00:00", tick=False):
        reminders.remind()
        reminders.remind()
    return Message.objects.filter(kind="departure_reminder").count()


def due_in(days: int, *kinds: str) -> Application:
    """Somebody for whom these items, and nothing else, are due in so many days."""
    due = timezone.localdate() + timedelta(days=days)
    opening = with_checklist(opening_in(90), **dict.fromkeys(kinds, due))
    only(opening, *kinds)
    return going(opening)


def test_one_mail_each_at_14_days_at_3_and_on_the_day_after():
    application = due_in(20, Kind.INSURANCE, Kind.VACCINATION)
    today = timezone.localdate()

    counts = [on(today + timedelta(days=days)) for days in range(25)]

    # Due on the 20th day: reminded on the 6th, on the 17th and on the 21st.
    assert counts == [0] * 6 + [1] * 11 + [2] * 4 + [3] * 4
    message = Message.objects.order_by("pk").first()
    assert message.to == application.volunteer.user.email
    assert message.context["what"].count("\n") == 1


def test_days_that_the_clock_missed_are_made_up_by_one_mail():
    due_in(20, Kind.INSURANCE)
    today = timezone.localdate()

    assert on(today + timedelta(days=19)) == 1
    assert on(today + timedelta(days=20)) == 1


def test_what_is_due_on_several_days_comes_in_one_mail_with_all_that_is_open():
    today = timezone.localdate()
    opening = with_checklist(
        opening_in(90),
        insurance=today + timedelta(days=14),
        vaccination=today + timedelta(days=3),
        passport=today + timedelta(days=40),
    )
    only(opening, Kind.INSURANCE, Kind.VACCINATION, Kind.PASSPORT)
    going(opening)

    assert on(today) == 1

    lines = Message.objects.get().context["what"].split("\n")
    assert [line.split(" (")[0] for line in lines] == [
        "Vaccination and health", "Insurance", "Passport",
    ]  # fmt: skip


@pytest.mark.parametrize("state", ["handed_in", "by_phone", "accepted", "not_needed"])
def test_what_is_with_the_office_or_done_is_not_reminded_of(state: str):
    application = due_in(3, Kind.INSURANCE)
    put(application, Kind.INSURANCE, state)

    assert on(timezone.localdate()) == 0


def test_what_was_returned_is_reminded_of():
    put(due_in(3, Kind.INSURANCE), Kind.INSURANCE, "returned")

    assert on(timezone.localdate()) == 1


@pytest.mark.parametrize("state", [state for state in State if state != State.CONFIRMED])
def test_nobody_else_is_reminded(state: State):
    application = due_in(3, Kind.INSURANCE)
    Application.objects.filter(pk=application.pk).update(state=state)

    assert on(timezone.localdate()) == 0


def test_an_adult_is_not_reminded_of_a_guardian():
    due_in(3, Kind.GUARDIAN_CONSENT)

    assert on(timezone.localdate()) == 0


def test_what_the_first_mail_said_is_not_said_again_the_same_day():
    application = due_in(10, Kind.INSURANCE)
    acts.begin(application)
    today = timezone.localdate()

    assert on(today) == 0
    assert on(today + timedelta(days=7)) == 1


def test_another_day_reminds_anew():
    application = due_in(3, Kind.INSURANCE)
    today = timezone.localdate()
    assert on(today) == 1
    opening = application.opening
    items = list(opening.checklist.all())
    item = next(row for row in items if row.kind == Kind.INSURANCE)
    item.due_on = today + timedelta(days=30)

    assert checklists.change(
        opening, items, seen=checklists.stamp_of(opening), by=application.volunteer.user
    )

    assert on(today) == 1
    assert on(today + timedelta(days=16)) == 2


@pytest.mark.parametrize("state", ["accepted", "handed_in"])
def test_a_passport_that_is_too_short_for_other_days_is_reminded_of(client: Client, state: str):
    application = due_in(3, Kind.PASSPORT)
    opening, today = application.opening, timezone.localdate()
    until = rules.passport_until(opening)
    TravelDocument.objects.create(
        application=application, number="M1", name="HONG", nationality="KR",
        expires_text=until.isoformat(),
    )  # fmt: skip
    put(application, Kind.PASSPORT, state, reminded=reminders.OVERDUE)
    assert on(today) == 0
    signed_in_as(client, "volunteer_coordinator")
    page = page_of("call_change", opening.call_id)
    later = opening.returns_on + timedelta(days=40)

    sent = client.post(
        page, filled(client.get(page), **{"openings-0-returns_on": later.isoformat()})
    )

    assert sent.status_code == 302
    assert on(today) == 1
    assert "Passport" in Message.objects.get(kind="departure_reminder").context["what"]
    client.post(page, filled(client.get(page), **{"openings-0-position": "7"}))
    assert on(today) == 1


def test_after_the_departure_nobody_is_reminded():
    due_in(3, Kind.INSURANCE)

    assert on(timezone.localdate() + timedelta(days=91)) == 0


@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
def test_the_letters_say_nothing_of_passports_or_health_beyond_their_names(language: str):
    application = due_in(3, Kind.INSURANCE, Kind.PASSPORT)
    Application.objects.filter(pk=application.pk).update(language=language)
    application.refresh_from_db()
    acts.begin(application)
    on(timezone.localdate() + timedelta(days=4))

    for message in Message.objects.all():
        letter = letter_of(message, Stationery())
        assert "{" not in letter.subject + letter.text
        assert f"/volunteers/mine/{application.uuid}/departure/" in letter.text
        assert language == message.language


def test_the_beat_rings():
    names = {entry["task"] for entry in app.conf.beat_schedule.values()}

    assert "volunteers.remind_of_departure" in names
