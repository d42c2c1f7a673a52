"""Every night: warned in time, destroyed when due, with files, mails and words; once and for all."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as project
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import models, transaction
from django.utils import timezone

from oda_portal.accounts.models import User
from oda_portal.audit.models import Transition, record_transition
from oda_portal.files.storages import private_storage
from oda_portal.mail.models import Message
from oda_portal.mail.outbox import post
from oda_portal.privacy import consent_texts, consents, ledger, registry, retention, tasks
from oda_portal.privacy.destruction import destroy, destroy_again, destroy_files
from oda_portal.privacy.models import (
    Consent,
    DestructionLedger,
    PrivacyRequest,
    RetentionNotice,
    RetentionRule,
)
from programs.models import Photo
from tests.factories import OfficeFactory, PhotoFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db
NIGHT = datetime(2026, 11, 20, 3, tzinfo=UTC)
USER = "accounts.user"


@pytest.fixture
def clock():
    with time_machine.travel(NIGHT, tick=False) as traveller:
        yield traveller


def an_old_account(days: int, **fields) -> User:
    return UserFactory(joined_at=timezone.now() - timedelta(days=days), **fields)


def rule(key: str = USER, **values) -> RetentionRule:
    retention.load_rules()
    RetentionRule.objects.filter(key=key).update(**values)
    return RetentionRule.objects.get(key=key)


def test_an_account_is_warned_a_month_before_and_destroyed_on_the_day_it_was_told(clock):
    rule(days=730, notice_days=30)
    person = an_old_account(701, name="홍길동", preferred_language="en")
    kept = an_old_account(699)

    assert retention.destroy_due() == 0
    assert retention.destroy_due() == 0

    letter = Message.objects.get(kind="retention_notice")
    assert (letter.to, letter.language, letter.user) == (person.email, "en", person)
    assert letter.context["date"] == "20 December 2026"
    clock.shift(timedelta(days=29))
    assert retention.destroy_due() == 0
    clock.shift(timedelta(days=1))
    assert retention.destroy_due() == 1
    assert list(User.objects.all()) == [kept]
    assert not Message.objects.filter(to=person.email).exists()


def test_who_comes_back_is_kept_and_warned_anew_next_time(clock):
    rule(days=730, notice_days=30)
    person = an_old_account(705)
    retention.destroy_due()
    clock.shift(timedelta(days=10))
    User.objects.filter(pk=person.pk).update(last_login=timezone.now())

    clock.shift(timedelta(days=60))
    assert retention.destroy_due() == 0
    assert not RetentionNotice.objects.exists()
    clock.shift(timedelta(days=730))
    assert retention.destroy_due() == 0

    assert Message.objects.filter(kind="retention_notice", to=person.email).count() == 2


def test_nobody_goes_unwarned_though_the_job_slept_for_months(clock):
    rule(days=730, notice_days=30)
    an_old_account(2000)

    assert retention.destroy_due() == 0
    clock.shift(timedelta(days=30))
    assert retention.destroy_due() == 1


def test_staff_accounts_are_not_destroyed_by_the_clock(clock):
    rule(days=730, notice_days=0)
    UserFactory(is_staff=True, joined_at=timezone.now() - timedelta(days=3000))

    assert retention.destroy_due() == 0


def test_destroyed_once_when_the_task_runs_twice_and_the_ledger_names_nobody(clock):
    rule(days=730, notice_days=0)
    person = an_old_account(800, name="홍길동")
    pk, email = person.pk, person.email

    tasks.destroy_due()
    tasks.destroy_due()

    line = DestructionLedger.objects.get()
    assert (line.key, line.object_id, line.rule) == (USER, pk, "accounts.user: 730 days")
    text = Path(project.LEDGER_FILE).read_text()
    assert json.loads(text) | {"uuid": ""} == {
        "uuid": "",
        "key": USER,
        "object_id": pk,
        "rule": "accounts.user: 730 days",
        "at": timezone.now().isoformat(),
    }
    assert email not in text
    assert "홍길동" not in text
    assert Path(project.LEDGER_FILE).stat().st_mode & 0o077 == 0


def test_one_record_that_cannot_go_does_not_keep_the_others(clock, caplog):
    rule(days=730, notice_days=0)
    stuck, free = an_old_account(900), an_old_account(800)
    entry = registry.entry_of(USER)

    def refuse(user: User, *, rule: str) -> None:
        if user.pk == stuck.pk:
            raise RuntimeError("stuck")
        entry.destroy(user, rule=rule)

    registry._entries[USER] = registry.PersonalData(**{**vars(entry), "destroy": refuse})
    try:
        assert retention.destroy_due() == 1
    finally:
        registry._entries[USER] = entry

    assert list(User.objects.all()) == [stuck]
    assert not DestructionLedger.objects.filter(object_id=stuck.pk).exists()
    assert f"{USER} {stuck.pk} could not be destroyed" in caplog.text
    assert free.email not in caplog.text


@pytest.mark.thorough
def test_more_than_a_batch_goes_in_one_night(clock, settings):
    rule(days=730, notice_days=0)
    long_ago = timezone.now() - timedelta(days=800)
    User.objects.bulk_create(
        User(email=f"{number}@example.org", joined_at=long_ago) for number in range(30)
    )
    batch, retention.BATCH = retention.BATCH, 7
    try:
        assert retention.destroy_due() == 30
    finally:
        retention.BATCH = batch


# --- what hangs on a record -----------------------------------------------------------------------


class Killed(BaseException):
    """Stops everything at once, as a signal does."""


def photos_as_personal_data() -> registry.PersonalData:
    """A model with a file, a history, a trail and mails; what an application will be."""
    return registry.PersonalData(
        key="tests.photo",
        label="Photos",
        model=Photo,
        born="added_at",
        purpose="Testing",
        days=30,
        due=lambda before: Photo.objects.filter(program__ends_on__lt=before),
        destroy=lambda photo, *, rule: photo.delete(),
    )


def a_photo() -> Photo:
    photo = PhotoFactory(caption_ko="홍길동의 사진")
    photo.image.name = private_storage().save("photo/x.jpg", ContentFile(b"picture"))
    photo.save()
    return photo


def test_files_history_reasons_log_and_mails_go_with_the_record():
    OfficeFactory()
    photo, staff = a_photo(), StaffFactory()
    path, pk = Path(photo.image.path), photo.pk
    record_transition(photo, "status", "draft", "published", by=staff, reason="홍길동 님 요청")
    LogEntry.objects.create(
        user=staff,
        content_type=ContentType.objects.get_for_model(Photo),
        object_id=str(pk),
        object_repr="홍길동의 사진",
        change_message="홍길동",
        action_flag=CHANGE,
    )
    post("account_closed", to="a@example.org", language="ko", context={}, about=photo)
    post("account_closed", to="b@example.org", language="ko", context={})
    assert path.exists()

    assert destroy(photos_as_personal_data(), pk, rule="test")
    assert not destroy(photos_as_personal_data(), pk, rule="test")

    assert not path.exists()
    assert not Photo.objects.exists()
    assert not Photo.history.filter(id=pk).exists()
    assert list(Message.objects.values_list("to", flat=True)) == ["b@example.org"]
    assert Transition.objects.get().reason == ""
    entry = LogEntry.objects.get()
    assert (entry.object_repr, entry.change_message, entry.user) == ("", "", staff)
    assert DestructionLedger.objects.count() == 1


def test_files_of_what_goes_by_cascade_go_too():
    photo = a_photo()
    path = Path(photo.image.path)

    destroy_files(photo.program)

    assert not path.exists()


def test_a_kill_after_the_files_leaves_a_row_and_never_a_file():
    photo = a_photo()
    path = Path(photo.image.path)

    def die(row: models.Model, *, rule: str) -> None:
        raise Killed

    entry = photos_as_personal_data()
    with pytest.raises(Killed):
        destroy(registry.PersonalData(**{**vars(entry), "destroy": die}), photo.pk, rule="test")

    assert Photo.objects.filter(pk=photo.pk).exists()
    assert not path.exists()
    assert destroy(entry, photo.pk, rule="test")


def test_what_is_no_longer_due_when_its_turn_comes_stays():
    photo = a_photo()
    before = timezone.now() - timedelta(days=30)
    photo.program.ends_on = timezone.localdate()
    photo.program.save()

    assert not destroy(photos_as_personal_data(), photo.pk, rule="test", due_before=before)
    assert Path(photo.image.path).exists()


# --- the platform's own data ------------------------------------------------------------------------


def test_old_mails_go_and_waiting_ones_stay(clock):
    OfficeFactory()
    rule("mail.message", days=180)
    sent, waiting = (
        post("account_closed", to="a@example.org", language="ko", context={}) for _ in range(2)
    )
    other = post("request_closed", to="a@example.org", language="ko", context={})
    clock.shift(timedelta(days=181))
    for row in (sent, other):
        Message.objects.filter(pk=row.pk).update(state="sent", sent_at=timezone.now())

    assert retention.destroy_due() == 2

    assert list(Message.objects.all()) == [waiting]


def test_the_last_mail_to_a_closed_account_goes_as_soon_as_it_is_sent(clock):
    letter = post("account_closed", to="a@example.org", language="ko", context={})
    assert retention.destroy_due() == 0

    Message.objects.filter(pk=letter.pk).update(state="sent", sent_at=timezone.now())

    assert retention.destroy_due() == 1


def test_consents_stay_as_long_as_what_was_consented_to(clock):
    consent_texts.load(in_force=True)
    rule("privacy.consent", days=30)
    rule(USER, days=9000)
    text = consents.current_texts(["general"])[0]
    gone, here = UserFactory(), UserFactory()
    for person in (gone, here):
        consents.give(person, text, given=True, by=person)
    gone.delete()

    assert retention.destroy_due() == 0
    clock.shift(timedelta(days=31))
    assert retention.destroy_due() == 1

    assert Consent.objects.get().subject == here


def test_closed_requests_go_after_their_period_and_open_ones_never(clock):
    rule("privacy.request", days=30)
    person = UserFactory()
    closed = PrivacyRequest.objects.create(user=person, kind="see")
    closed.withdrawn(by=person)
    still = PrivacyRequest.objects.create(user=person, kind="stop")
    clock.shift(timedelta(days=31))

    assert retention.destroy_due() == 1

    assert list(PrivacyRequest.objects.all()) == [still]


def test_sessions_that_are_over_go_every_night(clock):
    Session.objects.create(session_key="a" * 32, expire_date=timezone.now() - timedelta(minutes=1))
    Session.objects.create(session_key="b" * 32, expire_date=timezone.now() + timedelta(hours=1))

    retention.destroy_due()

    assert Session.objects.get().session_key == "b" * 32


# --- after a restore ----------------------------------------------------------------------------------


def test_destroyed_people_do_not_come_back_with_a_backup(clock, capsys):
    rule(days=730, notice_days=0)
    person = an_old_account(800)
    backup = User.objects.filter(pk=person.pk).values().get()
    retention.destroy_due()
    # The backup knows the person, and nothing of the destruction.
    DestructionLedger.objects.all().delete()
    User.objects.create(**backup)

    call_command("destroy_again")
    call_command("destroy_again")

    assert not User.objects.exists()
    assert "1 records destroyed again" in capsys.readouterr().out
    assert DestructionLedger.objects.filter(object_id=person.pk).exists()


def test_a_number_that_was_given_out_again_is_another_person(clock):
    rule(days=730, notice_days=0)
    gone = an_old_account(800)
    pk = gone.pk
    retention.destroy_due()
    clock.shift(timedelta(hours=1))
    UserFactory(pk=pk)

    assert destroy_again() == 0
    assert User.objects.filter(pk=pk).exists()


def test_a_line_that_a_full_disk_cut_hides_no_other(clock, caplog):
    ledger.write(USER, 7, rule="x")
    ledger.complete()
    with open(project.LEDGER_FILE, "a", encoding="utf-8") as file:
        file.write('\n{"uuid": "cut')
    ledger.write(USER, 8, rule="x")
    assert ledger.complete() == 1
    assert ledger.complete() == 0
    DestructionLedger.objects.all().delete()

    assert [line.object_id for line in ledger.lines()] == [7, 8]
    assert "a line of the ledger cannot be read" in caplog.text


def test_what_was_rolled_back_is_in_no_ledger(django_capture_on_commit_callbacks):
    person = UserFactory()
    entry = registry.entry_of(USER)

    @transaction.atomic
    def fail() -> None:
        destroy(entry, person.pk, rule="x")
        raise RuntimeError("after the destruction")

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError):
        fail()

    assert User.objects.filter(pk=person.pk).exists()
    assert list(ledger.lines()) == []
    with django_capture_on_commit_callbacks(execute=True):
        destroy(entry, person.pk, rule="x")
    assert person.email not in Path(project.LEDGER_FILE).read_text()
    assert [line.object_id for line in ledger.lines()] == [person.pk]
