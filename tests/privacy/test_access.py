"""The access log: what a look leaves, that nobody can change it, and that a change shows."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import RequestFactory
from django.utils import timezone

from oda_portal.privacy import sealing, tasks
from oda_portal.privacy.access import record_look
from oda_portal.privacy.models import AccessRecord, AccessSubject, Act, Seal
from tests.factories import StaffFactory, UserFactory

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=3 * 366)


def a_look(**values) -> AccessRecord:
    """One look at two people, as old as `at` says."""
    people = [UserFactory(), UserFactory()]
    at = values.pop("at", None)
    if at is None:
        return record_look(StaffFactory(), Act.LIST, people, **values)
    staff = StaffFactory()
    record = AccessRecord.objects.create(user=staff, account=staff.email, act=Act.LIST, at=at)
    AccessSubject.objects.bulk_create(
        AccessSubject(record=record, label="accounts.user", object_id=person.pk)
        for person in people
    )
    return record


def as_somebody_with_the_database(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def without_triggers(statement: str) -> None:
    """What a keeper of the database could do who switches the triggers off first."""
    from oda_portal.privacy import triggers
    from tests.privacy.conftest import _Editor

    triggers.remove(_Editor())
    as_somebody_with_the_database(statement)
    triggers.install(_Editor())


def test_a_look_says_who_when_from_where_whose_and_why(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    staff = StaffFactory()
    staff.groups.add(Group.objects.get_or_create(name="volunteer_coordinator")[0])
    person, other = UserFactory(), UserFactory()
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "10.9.9.9, 192.0.2.7"})
    request.user = staff

    record = record_look(
        request, Act.EXPORT, [person, other, person], what="volunteers.application", reason="보험"
    )

    record.refresh_from_db()
    assert (record.user, record.account) == (staff, staff.email)
    assert record.roles == "superuser, volunteer_coordinator"
    assert record.address == "192.0.2.7"
    assert (record.act, record.what, record.reason) == ("export", "volunteers.application", "보험")
    assert abs(record.at - timezone.now()) < timedelta(seconds=10)
    shown = record.subjects.values_list("label", "object_id")
    assert list(shown) == [("accounts.user", person.pk), ("accounts.user", other.pk)]
    assert person.email not in str(list(AccessSubject.objects.values()))
    assert list(AccessRecord.objects.about("accounts.user", other.pk)) == [record]


def test_an_export_without_a_reason_is_no_export():
    with pytest.raises(ValueError, match="reason"):
        record_look(StaffFactory(), Act.EXPORT, [UserFactory()], reason="  ")

    assert not AccessRecord.objects.exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE privacy_accessrecord SET account = 'somebody@example.org'",
        "UPDATE privacy_accesssubject SET object_id = 1",
        "UPDATE privacy_seal SET sha256 = ''",
        "DELETE FROM privacy_accesssubject",
        "DELETE FROM privacy_accessrecord",
        "DELETE FROM privacy_seal",
    ],
)
def test_the_database_refuses_every_change(statement):
    a_look()
    sealing.seal()

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        as_somebody_with_the_database(statement)

    assert list(sealing.problems()) == []


def test_a_look_stays_when_the_account_goes():
    record = a_look()
    email = record.account

    record.user.delete()

    assert AccessRecord.objects.get().account == email


def test_seals_follow_each_other_and_cover_every_look():
    looks = [a_look() for _ in range(3)]
    first = sealing.seal()
    assert sealing.seal() is None
    looks.append(a_look())
    second = sealing.seal()

    assert first is not None
    assert second is not None
    assert (first.number, first.count, first.previous) == (1, 3, sealing.BEGINNING)
    assert (second.number, second.count, second.previous) == (2, 1, first.sha256)
    assert (second.after_id, second.last_id) == (first.last_id, looks[-1].pk)
    assert list(sealing.problems()) == []


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE privacy_accessrecord SET reason = 'another'", "were changed"),
        ("UPDATE privacy_accesssubject SET object_id = 9999", "were changed"),
        ("DELETE FROM privacy_accesssubject", "were changed"),
        ("UPDATE privacy_seal SET sha256 = '0'", "were changed"),
        ("DELETE FROM privacy_seal WHERE number = 1", "does not follow"),
    ],
)
def test_a_change_behind_the_triggers_breaks_the_seal(statement, problem, capsys):
    a_look()
    sealing.seal()
    a_look()
    sealing.seal()
    call_command("privacy", "verify")

    without_triggers(statement)

    with pytest.raises(CommandError, match="not as it was written"):
        call_command("privacy", "verify")
    assert problem in capsys.readouterr().out


def test_a_look_that_was_slipped_in_later_breaks_the_seal():
    old = a_look()
    a_look()
    without_triggers(f"DELETE FROM privacy_accesssubject WHERE record_id = {old.pk}")
    without_triggers(f"DELETE FROM privacy_accessrecord WHERE id = {old.pk}")
    sealing.seal()
    assert list(sealing.problems()) == []

    AccessRecord.objects.create(pk=old.pk, account="x", act=Act.LIST)

    assert "were changed" in next(sealing.problems())


def test_a_trigger_that_is_gone_is_told():
    table = " ON privacy_seal" if connection.vendor == "postgresql" else ""
    as_somebody_with_the_database(f"DROP TRIGGER privacy_seal_no_update{table}")

    assert list(sealing.problems()) == ["trigger privacy_seal_no_update is missing or switched off"]


def test_looks_that_nobody_seals_are_told():
    a_look(at=timezone.now() - timedelta(hours=3))

    assert "wait for a seal" in next(sealing.problems())


def test_whole_sealed_periods_go_after_two_years_and_their_seals_stay():
    a_look(at=timezone.now() - LONG_AGO)
    a_look(at=timezone.now() - LONG_AGO)
    sealing.seal()
    a_look(at=timezone.now() - LONG_AGO)  # of a period that is not over
    recent = a_look()
    sealing.seal()

    assert sealing.destroy_old() == 2
    assert sealing.destroy_old() == 0

    assert recent in AccessRecord.objects.all()
    assert AccessRecord.objects.count() == 2
    assert AccessSubject.objects.count() == 4
    assert Seal.objects.count() == 2
    assert list(sealing.problems()) == []


def test_old_looks_without_a_seal_cannot_be_deleted():
    a_look(at=timezone.now() - LONG_AGO)

    for table in ("privacy_accesssubject", "privacy_accessrecord"):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            as_somebody_with_the_database(f"DELETE FROM {table}")


def test_a_period_of_which_only_a_part_is_gone_is_told():
    old = a_look(at=timezone.now() - LONG_AGO)
    a_look(at=timezone.now() - LONG_AGO)
    sealing.seal()

    as_somebody_with_the_database(f"DELETE FROM privacy_accesssubject WHERE record_id = {old.pk}")

    assert "were changed" in next(sealing.problems())


def test_the_hourly_task_seals():
    a_look()

    tasks.seal()
    tasks.seal()

    assert Seal.objects.get().count == 1


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_looks_and_seals_at_once_leave_nothing_unsealed():
    staff, people = StaffFactory(), [UserFactory(), UserFactory()]

    def work(number: int) -> None:
        try:
            for _ in range(8):
                record_look(staff, Act.DETAIL, people)
                if number % 2:
                    sealing.seal()
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sealing.seal()

    assert AccessRecord.objects.count() == 32
    assert sum(Seal.objects.values_list("count", flat=True)) == 32
    assert list(sealing.problems()) == []
