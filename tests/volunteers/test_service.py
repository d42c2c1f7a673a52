"""Attendance, service records and certificates: the acts, and what the database refuses."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from oda_portal.audit.models import Transition
from oda_portal.certificates import actions, registry
from oda_portal.certificates.models import Certificate
from oda_portal.certificates.refusals import NotYetError
from tests.factories import StaffFactory
from tests.volunteers.departures import going
from tests.volunteers.rounds import mails
from tests.volunteers.served import (
    approved,
    back,
    day_of,
    enter,
    leave_later,
    past_opening,
    quarters,
)
from volunteers import certificates
from volunteers.actions import move
from volunteers.certificates import KIND, facts, names_of, rule
from volunteers.models import Attendance, ServiceRecord, State, TrainingDay, Volunteer
from volunteers.service import attendance, records
from volunteers.service.attendance import Typed
from volunteers.service.persons import service_of

pytestmark = pytest.mark.django_db


# --- attendance ----------------------------------------------------------------------------------


def test_a_day_of_somebody_stands_once_and_holds_at_most_a_day():
    application = back(past_opening())
    enter(application, 24)

    for wrong in ({"quarters": 1}, {"on": day_of(application.opening, 1), "quarters": 97}):
        values = {"application": application, "on": day_of(application.opening), **wrong}
        with pytest.raises(IntegrityError), transaction.atomic():
            Attendance.objects.create(**values)

    assert list(quarters(application).values()) == [96]


def test_a_sheet_has_the_days_so_far_and_those_of_the_training():
    today = timezone.localdate()
    opening = past_opening(
        departs_on=today - timedelta(days=1), returns_on=today + timedelta(days=3)
    )
    TrainingDay.objects.create(opening=opening, on=today - timedelta(days=20))

    sheet = attendance.sheet_of(opening, today)

    assert sheet.training == [today - timedelta(days=20)]
    assert sheet.journey == [today - timedelta(days=1), today]


def test_only_what_was_typed_is_written_and_an_empty_cell_takes_it_away():
    opening = past_opening()
    one, other = back(opening), back(opening)
    enter(one, 8, 8)
    Attendance.objects.filter(application=one).update(note="late")
    first, second = day_of(opening), day_of(opening, 1)
    seen = attendance.sheet_of(opening, timezone.localdate()).stamp
    cells = {(one.pk, first): Typed(30), (one.pk, second): Typed(None)}

    changed = attendance.save(opening, cells, seen=seen)

    assert changed == [one]
    assert quarters(one) == {first: 30}
    assert quarters(other) == {}
    assert one.attendance.get().note == "late"


def test_who_saves_an_old_sheet_changes_nothing():
    opening = past_opening()
    application = back(opening)
    seen = attendance.sheet_of(opening, timezone.localdate()).stamp
    enter(application, 8)

    with pytest.raises(attendance.ChangedError):
        attendance.save(opening, {(application.pk, day_of(opening)): Typed(4)}, seen=seen)

    assert quarters(application) == {day_of(opening): 32}


def test_a_training_day_with_attendance_stays():
    opening = past_opening()
    application, on = back(opening), day_of(opening, -14)
    assert attendance.add_training_day(opening, on)
    assert not attendance.add_training_day(opening, on)
    Attendance.objects.create(application=application, on=on, quarters=8)

    assert not attendance.remove_training_day(opening, on)

    application.attendance.all().delete()
    assert attendance.remove_training_day(opening, on)
    assert not opening.training_days.exists()


# --- records -------------------------------------------------------------------------------------


def test_approving_fixes_days_and_hours_once():
    application, staff = back(past_opening()), StaffFactory()
    enter(application, 8, 0, 7.25)

    assert records.approve_all([application], by=staff) == [application]
    assert records.approve_all([application], by=staff) == []

    record = ServiceRecord.objects.get()
    assert (record.days, record.hours, record.approved_by) == (2, Decimal("15.25"), staff)
    assert [row.to_state for row in Transition.objects.filter(object_id=record.pk, by=staff)] == [
        "approved"
    ]


def test_days_outside_the_journey_are_neither_counted_nor_approved():
    opening = past_opening()
    application = back(opening)
    enter(application, 8, 8, 5)
    leave_later(opening, 2)

    (row,) = attendance.sheet_of(opening, timezone.localdate()).rows

    assert (row.days, row.hours, len(row.outside)) == (1, 5, 2)
    assert service_of(application.volunteer).rounds[0].hours == 5
    assert records.approve_all([application], by=StaffFactory()) == []
    assert attendance.remove_outside(application)
    assert not attendance.remove_outside(application)
    assert records.approve_all([application], by=StaffFactory()) == [application]
    assert ServiceRecord.objects.get().hours == 5


def test_what_is_approved_stays_as_approved_when_the_days_move():
    opening = past_opening()
    application = approved(back(opening), 8, 8, 5)
    leave_later(opening, 2)

    (row,) = attendance.sheet_of(opening, timezone.localdate()).rows

    assert (row.days, row.hours) == (3, 21)
    assert not attendance.remove_outside(application)
    assert len(quarters(application)) == 3


def test_a_training_day_that_the_journey_has_reached_is_one_day():
    opening = past_opening()
    attendance.add_training_day(opening, day_of(opening, -1))
    leave_later(opening, -2)

    days = attendance.sheet_of(opening, timezone.localdate()).days

    assert len(days) == len(set(days)) == 10


def test_what_is_approved_is_not_written_over():
    opening = past_opening()
    application = approved(back(opening), 8)
    seen = attendance.sheet_of(opening, timezone.localdate()).stamp

    changed = attendance.save(opening, {(application.pk, day_of(opening)): Typed(4)}, seen=seen)

    assert changed == []
    assert quarters(application) == {day_of(opening): 32}


@pytest.mark.parametrize(("state", "hours"), [(State.COMPLETED, ()), (State.CONFIRMED, (8,))])
def test_without_attendance_or_before_leaving_nothing_is_approved(
    state: str, hours: tuple[float, ...]
):
    application = going(past_opening(), state=state)
    enter(application, *hours)

    assert records.approve_all([application], by=StaffFactory()) == []
    assert not ServiceRecord.objects.filter(state="approved").exists()


def test_a_record_that_is_approved_by_halves_is_refused_by_the_database():
    application = back(past_opening())

    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceRecord.objects.create(application=application, state="approved", days=1)


def test_a_record_is_opened_again_with_its_reason_unless_a_certificate_states_it():
    application, staff = approved(back(past_opening())), StaffFactory()

    assert records.reopen(application, by=staff, reason="A day was wrong")
    assert not records.reopen(application, by=staff, reason="Twice")

    record = ServiceRecord.objects.get()
    assert (record.state, record.days, record.approved_at) == ("open", None, None)
    assert Transition.objects.latest("pk").reason == "A day was wrong"
    records.approve_all([application], by=staff)
    certificate = actions.issue(KIND, application, by=staff)
    with pytest.raises(records.CertificateOutError):
        records.reopen(application, by=staff, reason="Again")
    actions.revoke(certificate, by=staff, reason="Wrong hours")
    assert records.reopen(application, by=staff, reason="Again")


# --- certificate ---------------------------------------------------------------------------------


def test_the_rule_wants_the_completed_state_and_approved_hours():
    application = going(past_opening(), state=State.DEPLOYED)
    reasons = [rule(application)]
    application.complete(by=StaffFactory())
    reasons.append(rule(application))
    nought = approved(back(past_opening()), 0)
    reasons.append(rule(nought))

    assert all(reasons)
    assert len(set(reasons)) == 3
    assert rule(approved(application, 8)) == ""
    with pytest.raises(NotYetError):
        actions.issue(KIND, nought, by=None)


def test_two_runs_give_one_certificate_with_the_facts_of_the_record():
    application = approved(back(past_opening()), 8, 7.5)

    first = actions.issue(KIND, application, by=None)
    second = actions.issue(KIND, application, by=None)

    assert first == second
    assert Certificate.objects.count() == 1
    assert (first.name_hangul, first.name_latin) == ("홍길동", "HONG GILDONG")
    assert first.user == application.volunteer.user
    said = str(first.sheets["en"]["rows"])
    assert "15.5 hours" in said
    assert application.opening.city.name_en in said
    assert mails("certificate_issued") == [first.pk]


@pytest.mark.parametrize(
    ("name", "script"),
    [("홍길동", "hangul"), ("王小明", "hanzi"), ("Бат-Эрдэнэ", "cyrillic"), ("Nguyễn An", "latin")],
)
def test_a_name_stands_in_its_own_script(name: str, script: str):
    assert names_of(Volunteer(name=name)) == {script: name}


def test_names_that_were_asked_for_come_before_what_was_typed():
    volunteer = Volunteer(name="王小明", name_roman="WANG XIAOMING", name_hangul="왕샤오밍")

    assert names_of(volunteer) == {
        "hanzi": "王小明", "latin": "WANG XIAOMING", "hangul": "왕샤오밍",
    }  # fmt: skip


def test_facts_name_the_deployment_and_not_a_page_that_is_hidden():
    application = approved(back(past_opening()))

    found = facts(application)

    assert found.subject["ko"] == application.call.title_ko
    assert found.subject["en"] == application.call.title_en
    assert found.starts_on == application.opening.departs_on
    assert registry.kind_of(KIND).holder(application) == application.volunteer.user
    assert certificates.valid_certificate(application) is None


# --- thanks and person ---------------------------------------------------------------------------


def test_whoever_is_marked_as_completed_is_thanked_once():
    application, staff = going(past_opening(), state=State.DEPLOYED), StaffFactory()

    assert move(application, "complete", by=staff)
    assert not move(application, "complete", by=staff)

    assert mails("deployment_thanks") == [application.pk]


def test_the_page_of_an_application_leads_to_what_there_is_afterwards():
    application = approved(back(past_opening()))
    client = Client()
    client.force_login(application.volunteer.user)
    before = client.get(application.get_absolute_url()).content.decode()
    certificate = actions.issue(KIND, application, by=None)

    after = client.get(application.get_absolute_url()).content.decode()

    for name in ("survey", "story"):
        assert reverse(f"volunteers:{name}", args=[application.uuid]) in before
    pdf = reverse("certificates:certificate_pdf", args=[certificate.code])
    assert pdf in after
    assert pdf not in before
    assert client.get(pdf).content.startswith(b"%PDF-")


def test_a_person_is_shown_with_all_rounds_and_the_sum_of_what_is_approved():
    first = approved(back(past_opening()), 8, 8)
    second = back(past_opening(), volunteer=first.volunteer)
    enter(second, 4)
    actions.issue(KIND, first, by=None)

    service = service_of(first.volunteer)

    assert [(row.days, row.hours) for row in service.rounds] == [(None, 4), (2, 16)]
    assert (service.days, service.hours) == (2, 16)
    assert [len(row.certificates) for row in service.rounds] == [0, 1]


def test_ten_rounds_ask_the_database_as_often_as_one():
    person = approved(back(past_opening()), 8).volunteer
    with CaptureQueriesContext(connection) as one:
        service_of(person)
    for _number in range(9):
        approved(back(past_opening(), volunteer=person), 8)

    with CaptureQueriesContext(connection) as ten:
        assert len(service_of(person).rounds) == 10

    assert len(ten) <= len(one)
