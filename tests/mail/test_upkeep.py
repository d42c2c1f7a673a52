"""What is watched and told besides the sending."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from oda_portal.mail import tasks, upkeep
from oda_portal.mail.models import Message
from tests.factories import OfficeFactory, StaffFactory, UserFactory
from tests.letters import delivered
from tests.mail.examples import a_mail, a_secret_mail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _office() -> None:
    OfficeFactory()


def end(message: Message, state: str) -> Message:
    """Through the hand of a sender to this end."""
    (taken,) = [row for row in Message.objects.claim(50) if row.pk == message.pk]
    assert taken.mark_failed("550 no") if state == "failed" else taken.mark_unknown("cut")
    message.refresh_from_db()
    return message


def test_staff_are_told_once_a_day_in_their_language_while_something_fails():
    StaffFactory(email="staff@example.org", name="김담당")
    UserFactory(email="citizen@example.org")
    StaffFactory(email="other@example.org", is_superuser=False)
    end(a_secret_mail(), "failed")
    end(a_secret_mail(), "unknown")

    tasks.sweep()
    tasks.sweep()

    (letter,) = delivered()
    assert (letter.to, letter.subject) == (["staff@example.org"], "보내지 못한 이메일이 있습니다")
    assert "실패 1건, 결과 모름 1건" in letter.body
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        end(a_secret_mail(), "failed")
        tasks.sweep()
        assert len(delivered()) == 2


def test_a_mail_about_failures_that_fails_is_told_to_nobody():
    StaffFactory()
    end(a_mail(), "failed")

    upkeep.tell_staff()

    assert Message.objects.count() == 1


def test_old_secrets_that_never_went_out_are_wiped():
    message = end(a_secret_mail(), "failed")
    assert message.may_be_sent_again()

    with time_machine.travel(timezone.now() + timedelta(days=4)):
        upkeep.wipe_old_secrets()

    message.refresh_from_db()
    assert message.sealed_context is None
    assert not message.may_be_sent_again()


def test_mail_that_does_not_go_out_shows_for_those_who_watch(client: Client):
    assert Message.objects.oldest_waiting() is None
    a_mail()
    assert client.get("/readyz").json()["mail"] == "ok"

    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        age = Message.objects.oldest_waiting()
        answer = client.get("/readyz")

    assert timedelta(minutes=11) <= age < timedelta(minutes=12)
    assert (answer.status_code, answer.json()["mail"]) == (200, "late")


def test_a_mail_that_waits_for_its_next_try_is_not_late():
    a_mail()
    (message,) = Message.objects.claim(1)
    message.put_off("451 later")

    assert Message.objects.oldest_waiting() is None
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert timedelta(0) < Message.objects.oldest_waiting() < timedelta(minutes=2)


def test_delivering_a_mail_that_is_gone_or_sent_does_nothing():
    message = a_mail()
    delivered()

    tasks.deliver(message.pk)
    tasks.deliver(10**9)

    assert len(delivered()) == 1
