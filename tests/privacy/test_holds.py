"""What is on hold is destroyed by nothing until its day is over, and the person is told so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forums.models import Need
from forums.registering import acts
from oda_portal.accounts.models import User
from oda_portal.audit.models import Transition
from oda_portal.mail.models import Message
from oda_portal.mail.outbox import post
from oda_portal.privacy import actions, holding, retention
from oda_portal.privacy.closing import CannotCloseError, close_account
from oda_portal.privacy.destruction import destroy, destroy_again, destroy_all
from oda_portal.privacy.holding import HeldError
from oda_portal.privacy.models import Hold, RetentionNotice, RetentionRule
from oda_portal.privacy.registry import entry_of
from oda_portal.reviews.models import Review
from tests.factories import (
    OfficeFactory,
    OpeningFactory,
    ReviewFactory,
    StaffFactory,
    UserFactory,
)
from tests.forums.registering import open_forum, registered
from tests.privacy.everything import everything
from tests.volunteers.applicants import sent, written
from tests.volunteers.test_privacy import with_file
from volunteers.actions import UNSENT
from volunteers.models import Application, SurveyAnswer

pytestmark = pytest.mark.django_db
NIGHT = datetime(2026, 11, 20, 3, tzinfo=UTC)
USER = "accounts.user"


@pytest.fixture
def clock():
    OfficeFactory()
    with time_machine.travel(NIGHT, tick=False) as traveller:
        yield traveller


def rule(key: str, **values) -> RetentionRule:
    retention.load_rules()
    RetentionRule.objects.filter(key=key).update(**values)
    return RetentionRule.objects.get(key=key)


def held(row, *, days: int = 30, ground: str = "lawsuit") -> Hold:
    until = timezone.localdate() + timedelta(days=days)
    return actions.hold_record(row, by=StaffFactory(), ground=ground, reason="2026-17", until=until)


def an_old_account(days: int = 800) -> User:
    return UserFactory(joined_at=timezone.now() - timedelta(days=days))


def files() -> list[Path]:
    return [path for path in Path(settings.PRIVATE_ROOT).rglob("*") if path.is_file()]


def test_a_person_on_hold_stays_to_the_last_day_and_goes_in_the_night_after(clock):
    rule(USER, days=730, notice_days=0)
    person, other = an_old_account(), an_old_account()
    held(person, days=30)

    assert retention.destroy_due() == 1
    clock.shift(timedelta(days=30))
    assert retention.destroy_due() == 0
    assert not User.objects.filter(pk=other.pk).exists()
    clock.shift(timedelta(days=1))
    assert retention.destroy_due() >= 1

    assert not User.objects.filter(pk=person.pk).exists()
    assert Hold.objects.get().reason == ""


def test_a_hold_on_a_kind_keeps_all_of_it_and_nothing_else(clock):
    held_rule = rule("mail.message", days=180)
    rule(USER, days=730, notice_days=0)
    an_old_account()
    letter = post("account_closed", to="a@example.org", language="ko", context={})
    long_ago = NIGHT - timedelta(days=400)
    Message.objects.filter(pk=letter.pk).update(
        state="sent", kind="request_closed", queued_at=long_ago, sent_at=long_ago
    )
    until = timezone.localdate() + timedelta(days=5)
    actions.hold_kind(held_rule, by=StaffFactory(), ground="audit", reason="x", until=until)

    assert retention.destroy_due() == 1
    assert list(Message.objects.all()) == [letter]
    clock.shift(timedelta(days=6))
    assert retention.destroy_due() == 1

    assert not Message.objects.exists()


def test_whoever_was_told_a_day_is_told_anew_after_the_hold(clock):
    rule(USER, days=730, notice_days=30)
    person = an_old_account()
    retention.destroy_due()
    held(person, days=40)

    clock.shift(timedelta(days=30))
    assert retention.destroy_due() == 0
    assert not RetentionNotice.objects.exists()
    clock.shift(timedelta(days=11))
    assert retention.destroy_due() == 0
    assert RetentionNotice.objects.get().destroy_on == timezone.localdate() + timedelta(days=30)
    clock.shift(timedelta(days=30))
    retention.destroy_due()

    assert not User.objects.filter(pk=person.pk).exists()


def test_a_hold_on_one_application_keeps_the_account_with_every_file(client: Client):
    opening = OpeningFactory()
    application = written(opening.call, opening)
    with_file(client, application)
    person, there = application.volunteer.user, files()
    held(application)

    with pytest.raises(CannotCloseError) as refused:
        close_account(person)

    assert there
    assert files() == there
    assert Application.objects.get() == application
    assert "on hold until" in refused.value.sentences[0] or "보류" in refused.value.sentences[0]


@pytest.mark.parametrize("of", ["the person", "the volunteer", "the kind"])
def test_whatever_is_held_of_a_person_keeps_the_application(of: str):
    opening = OpeningFactory()
    application = sent(opening.call, opening)
    if of == "the kind":
        whole = rule("volunteers.not_selected")
        until = timezone.localdate()
        actions.hold_kind(whole, by=StaffFactory(), ground="law", reason="x", until=until)
    else:
        held({"the person": application.volunteer.user, "the volunteer": application.volunteer}[of])

    with pytest.raises(HeldError):
        destroy_all(UNSENT, Application.objects.all(), rule="test")
    with pytest.raises(HeldError):
        destroy(entry_of(UNSENT), application.pk, rule="test")
    with pytest.raises(CannotCloseError):
        close_account(application.volunteer.user)

    assert Application.objects.exists()


@pytest.mark.parametrize("whole_kind", [False, True])
@pytest.mark.parametrize("key", ["reviews.review", "volunteers.survey"])
def test_what_hangs_on_an_application_keeps_it(key: str, whole_kind: bool):
    opening = OpeningFactory()
    application = sent(opening.call, opening)
    review = ReviewFactory(subject=application)
    survey = SurveyAnswer.objects.create(
        application=application, opening=opening, preparation=4, work=4, support=4, again=4,
        text="의견", language="ko",
    )  # fmt: skip
    if whole_kind:
        until = timezone.localdate()
        actions.hold_kind(rule(key), by=StaffFactory(), ground="law", reason="x", until=until)
    else:
        held({"reviews.review": review, "volunteers.survey": survey}[key])

    with pytest.raises(HeldError):
        destroy(entry_of(UNSENT), application.pk, rule="test")
    with pytest.raises(CannotCloseError if key == "volunteers.survey" else HeldError):
        close_account(application.volunteer.user)

    survey.refresh_from_db()
    assert (Application.objects.get(), Review.objects.get(), survey.text) == (
        application, review, "의견",
    )  # fmt: skip


def test_nothing_of_an_account_is_gone_before_all_of_it_was_looked_at(client: Client):
    person = everything(client)
    held(ReviewFactory(subject=Application.objects.get()))
    there = sorted(files())

    with pytest.raises(HeldError):
        close_account(person)

    assert sorted(files()) == there
    assert there


def test_needs_on_hold_stay_when_the_consent_is_taken_back_and_when_somebody_cancels():
    row = registered(open_forum(), "a@example.org", needs="휠체어")
    held(row.need)

    with pytest.raises(HeldError):
        acts.forget_needs(row, rule="consent taken back")
    assert acts.cancel(row, by=None)

    assert Need.objects.get(registration=row).text == "휠체어"


def test_a_hold_on_another_kind_of_application_keeps_nothing_of_this_one():
    opening = OpeningFactory()
    application = sent(opening.call, opening)
    served = rule("volunteers.served")
    until = timezone.localdate()
    actions.hold_kind(served, by=StaffFactory(), ground="law", reason="x", until=until)

    assert holding.held_of(application.volunteer.user) == []
    assert close_account(application.volunteer.user)

    assert not Application.objects.exists()


def test_mails_on_hold_outlive_what_they_were_about():
    opening = OpeningFactory()
    application = sent(opening.call, opening)
    letter = Message.objects.get(kind="application_received")
    held(letter)

    destroy_all(UNSENT, Application.objects.all(), rule="test")

    assert not Application.objects.exists()
    assert Message.objects.filter(pk=letter.pk).exists()
    assert not Message.objects.exclude(pk=letter.pk).filter(about_id=application.pk).exists()


@pytest.mark.parametrize(
    ("language", "words"), [("", "보류"), ("/en", "on hold until"), ("/zh-hans", "暂缓")]
)
def test_the_person_reads_what_is_held_and_cannot_close(client: Client, language: str, words: str):
    OfficeFactory()
    person = UserFactory()
    held(person, ground="audit")
    client.force_login(person)

    page = client.get(f"{language}/accounts/").content.decode()

    assert words in page
    assert "2026-17" not in page
    with pytest.raises(CannotCloseError):
        close_account(person)


@pytest.mark.parametrize(
    ("prefix", "told"),
    [
        ("", "지금은 이 정보를 파기할 수 없습니다"),
        ("/en", "cannot be destroyed now"),
        ("/zh-hans", "目前不能销毁"),
    ],
)
def test_a_page_that_would_destroy_says_why_not_and_changes_nothing(
    client: Client, prefix: str, told: str
):
    opening = OpeningFactory()
    application = written(opening.call, opening)
    held(application.volunteer.user)
    client.force_login(application.volunteer.user)

    address = reverse("volunteers:withdraw", args=[application.uuid])
    answer = client.post(f"{prefix}{address}")

    assert answer.status_code == 409
    assert told in answer.text
    assert Application.objects.get(pk=application.pk).state == "draft"


def test_a_hold_is_lifted_once_with_a_trail_and_keeps_nothing_any_more(clock):
    rule(USER, days=730, notice_days=0)
    person, staff = an_old_account(), StaffFactory()
    hold = held(person)

    assert actions.lift(hold, by=staff)
    assert not actions.lift(hold, by=staff)

    trail = Transition.objects.filter(field="hold", object_id=hold.pk).order_by("pk")
    assert [row.to_state for row in trail] == ["standing", "lifted"]
    retention.destroy_due()
    assert not User.objects.filter(pk=person.pk).exists()


def test_a_hold_has_one_object():
    until = timezone.localdate()
    for values in ({}, {"key": USER, "subject": UserFactory()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Hold.objects.create(ground="law", reason="x", until=until, **values)


def test_what_came_back_with_a_backup_goes_whatever_the_backup_says_of_holds(clock):
    rule(USER, days=730, notice_days=0)
    person = an_old_account()
    row = User.objects.filter(pk=person.pk).values().get()
    retention.destroy_due()
    restored = User.objects.create(**row)
    held(restored)

    assert destroy_again() == 1

    assert not User.objects.filter(pk=person.pk).exists()
