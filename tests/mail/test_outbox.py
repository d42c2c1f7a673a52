"""Posting a mail: a row in the caller's transaction, a bell when it is over."""

from __future__ import annotations

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from oda_portal.mail import outbox
from oda_portal.mail.models import Message
from oda_portal.mail.outbox import post
from tests.factories import OfficeFactory, PageFactory, UserFactory
from tests.letters import delivered
from tests.mail.examples import a_mail, a_secret_mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def bells(monkeypatch) -> list[int]:  # type: ignore[no-untyped-def]
    """The mails for which a worker was called, in place of the broker."""
    from oda_portal.mail import tasks

    rung: list[int] = []
    monkeypatch.setattr(tasks.deliver, "apply_async", lambda args, **_: rung.append(args[0]))
    return rung


def test_post_writes_what_the_mail_is_about_and_to_whom():
    page, user = PageFactory(), UserFactory()

    message = a_mail(name="홍길동", user=user, about=page, path="/about/x/", language="zh-hans")

    message = Message.objects.get(pk=message.pk)
    assert (message.to, message.name, message.language) == (
        "person@example.org",
        "홍길동",
        "zh-hans",
    )
    assert message.context == {"failed": "3", "unknown": "1"}
    assert (message.user, message.about) == (user, page)
    assert message.about_type == ContentType.objects.get_for_model(page)
    assert message.state == "queued"


def test_post_keeps_a_secret_out_of_sight_of_the_database():
    message = a_secret_mail()

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM mail_message WHERE id = %s", [message.pk])
        row = cursor.fetchone()
    assert "secret" not in str(row)
    assert "1-secret" in Message.objects.get().sealed_context


def test_post_refuses_a_context_that_does_not_fit_the_text():
    for context in ({}, {"failed": 1}, {"failed": 1, "unknown": 2, "more": 3}):
        with pytest.raises(ValueError, match="staff_mail_failed"):
            a_mail(context=context)
    with pytest.raises(KeyError):
        post("no_such_mail", to="a@example.org", language="ko", context={})
    assert not Message.objects.exists()


def test_post_once_writes_the_second_time_nothing():
    first = a_mail(once="call:1")

    assert a_mail(once="call:1") is None
    assert a_mail(once="call:2") is not None
    assert Message.objects.filter(once="call:1").get() == first


def test_post_takes_line_breaks_and_control_characters_out_of_a_name():
    message = a_mail(name="Eve\r\nBcc: all@example.org\x00 \x07")

    assert message.name == "Eve Bcc: all@example.org"


def test_post_in_a_language_that_the_portal_lacks_is_in_korean():
    assert a_mail(language="fr").language == "ko"


def fail_after_posting() -> None:
    with transaction.atomic():
        a_mail()
        raise RuntimeError


def test_a_mail_of_a_transaction_that_fails_does_not_exist(
    bells, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError):
        fail_after_posting()

    assert not Message.objects.exists()
    assert bells == []


def test_one_bell_is_rung_for_all_mails_of_a_transaction(bells, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first = a_mail()
        for _ in range(5):
            a_mail()

    assert bells == [first.pk]


def test_a_broker_that_fails_is_left_alone_for_a_while(monkeypatch):
    from oda_portal.mail import tasks

    calls = []

    def fail(args, **_):
        calls.append(args)
        raise OSError("no broker")

    monkeypatch.setattr(tasks.deliver, "apply_async", fail)

    outbox.ring(1)
    outbox.ring(2)

    assert calls == [(1,)]


def test_a_header_cannot_be_smuggled_in_through_name_or_subject(own_kind):
    OfficeFactory()
    own_kind("Hello {word}", "Text", placeholders={"word": "a word"})
    bad = "x\r\nBcc: all@example.org"

    post("test_kind", to="a@example.org", language="en", name=bad, context={"word": bad})

    (letter,) = delivered()
    assert letter.subject == "Hello x Bcc: all@example.org"
    head = letter.wire.split(b"\r\n\r\n")[0]
    assert b"\nBcc:" not in head
    assert "Bcc" not in letter.message()


def test_an_address_with_a_line_break_reaches_no_server():
    OfficeFactory()
    message = a_mail(to="a@example.org\nBcc: all@example.org")

    assert delivered() == []
    message.refresh_from_db()
    assert (message.state, message.error) == ("failed", "BadHeaderError")
