"""From the outbox to a real mail server that takes, refuses, is slow and hangs up."""

from __future__ import annotations

import re
import socket
from datetime import timedelta
from email import message_from_bytes, policy

import psycopg
import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from oda_portal.audit.models import Transition
from oda_portal.mail import delivery
from oda_portal.mail.models import WAITS, Message
from oda_portal.mail.rendering import Stationery
from tests.factories import OfficeFactory
from tests.faults.line import line
from tests.mail.examples import a_mail, a_secret_mail, state_of
from tests.mail.server import Keeper, cut, late, point_at, running
from tests.ports import free_port
from tests.processes import silent_broker

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _office() -> None:
    OfficeFactory()


def say(case: str, keeper: Keeper, *messages: Message) -> None:
    """What came of these mails, by the outbox and by what the server took.

    Lost is what is called sent and did not arrive, and what nobody will ever take up again.
    """
    states = {f"<{message.message_id}@localhost>": state_of(message) for message in messages}
    gone = [key for key, state in states.items() if state == "sent" and key not in keeper.ids]
    stuck = [key for key, state in states.items() if state == "in_flight"]
    tries = sum(message.tries for message in messages)
    failures = tries - list(states.values()).count("sent")
    repeated = len(keeper.ids) - len(set(keeper.ids))
    print(line(case, len(messages), lost=len(gone + stuck), repeated=repeated, errors=failures))


@pytest.mark.parametrize(
    ("language", "html_lang", "subject", "said"),
    [
        ("ko", "ko", "보내지 못한 이메일이 있습니다", ["홍길동 님", "실패 3건", "시험 포털", "발신 전용"]),
        ("en", "en", "Some emails were not sent", ["Dear 홍길동,", "Failed: 3", "Test portal", "do not reply"]),
        ("zh-hans", "zh-Hans", "有邮件未能发送", ["홍길동，您好：", "失败3封", "测试门户", "请勿直接回复"]),
    ],
)  # fmt: skip
def test_a_mail_arrives_as_text_and_html_in_the_language_of_its_receiver(
    settings, language: str, html_lang: str, subject: str, said: list[str]
):
    message = a_mail(language=language, name="홍길동")

    with running(keeper := Keeper(), settings):
        delivery.run()

    (letter,) = keeper.letters
    assert (letter["Subject"], letter["To"]) == (subject, "person@example.org")
    assert letter["From"].addresses[0].display_name in ("시험 포털", "Test portal", "测试门户")
    assert letter["Message-ID"] == f"<{message.message_id}@localhost>"
    assert letter["X-Correlation-ID"] == str(message.message_id)
    assert letter["Auto-Submitted"] == "auto-generated"
    text, html = (part.get_content() for part in letter.iter_parts())
    prefix = "" if language == "ko" else f"/{language}"
    for part in (text, html):
        assert f"http://localhost:8000{prefix}/about/" in part
        for words in said:
            assert words in part
    assert f'<html lang="{html_lang}">' in html
    assert f"<title>{subject}</title>" in html
    assert state_of(message) == "sent"
    assert (message.tries, message.error) == (1, "")
    assert message.sent_at


def test_the_wire_says_what_djangos_own_letter_says():
    message = a_mail(language="ko", name="홍길동")
    mail = delivery.letter_for(message, Stationery())

    ours = message_from_bytes(mail.wire, policy=policy.default)
    djangos = message_from_bytes(mail.message().as_bytes(), policy=policy.default)

    for name in ("Subject", "From", "To", "Message-ID", "X-Correlation-ID", "Content-Language"):
        assert ours[name] == djangos[name], name
    for own, other in zip(ours.iter_parts(), djangos.iter_parts(), strict=True):
        assert own.get_content_type() == other.get_content_type()
        # Only the wire has the line ends that the standard wants inside base64.
        assert own.get_content().replace("\r\n", "\n") == other.get_content()
    assert max(map(len, mail.wire.split(b"\r\n"))) <= 998


def test_what_a_value_holds_is_text_and_never_markup(own_kind):
    from oda_portal.mail.outbox import post
    from oda_portal.mail.rendering import letter_of

    own_kind("On {word}", "About {word}", placeholders={"word": "a word"})
    message = post(
        "test_kind", to="a@example.org", language="en", context={"word": "<b>{link}</b>\n\nx"}
    )

    letter = letter_of(message, Stationery())

    assert letter.subject == "On <b>{link}</b> x"
    assert "<p>About &lt;b&gt;{link}&lt;/b&gt;<br><br>x</p>" in letter.html
    assert "<title>On &lt;b&gt;{link}&lt;/b&gt; x</title>" in letter.html
    assert "About <b>{link}</b>\n\nx" in letter.text


# --- what the server answers -------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["451 try later", "421 closing down", "452 no room"])
def test_a_server_that_refuses_for_now_gets_the_mail_later_with_the_same_number(
    settings, answer: str
):
    message = a_mail()

    with running(keeper := Keeper(answer), settings):
        delivery.run()
        assert state_of(message) == "awaiting_retry"
        assert answer[:3] in message.error
        wait = message.retry_at - timezone.now()
        assert timedelta(0) < wait <= WAITS[0]
        delivery.run()
        assert keeper.letters == []
        Message.objects.update(retry_at=timezone.now())
        delivery.run()

    assert state_of(message) == "sent"
    assert keeper.ids == [f"<{message.message_id}@localhost>"]
    say(f"mail server refuses for now ({answer[:3]})", keeper, message)


def test_waits_grow_and_the_last_one_ends_in_failure(settings):
    message = a_mail()
    waits = []

    with running(Keeper(*["451 later"] * 20), settings):
        for _ in range(len(WAITS) + 1):
            delivery.run()
            message.refresh_from_db()
            if message.retry_at:
                waits.append(message.retry_at - timezone.now())
                Message.objects.update(retry_at=timezone.now())

    assert len(waits) == len(WAITS)
    assert waits == sorted(waits)
    assert (message.state, message.tries) == ("failed", len(WAITS) + 1)


def test_a_mail_that_is_refused_for_good_fails_at_once_and_leaves_a_trail(settings):
    message, other = a_mail(), a_mail("other@example.org")
    keeper = Keeper()
    keeper.refused["person@example.org"] = "550 no <person@example.org> here"

    with running(keeper, settings):
        delivery.run()

    assert (state_of(message), state_of(other)) == ("failed", "sent")
    assert message.error == "SMTPRecipientsRefused: 550 no … here"
    trail = Transition.objects.get()
    assert (trail.subject, trail.to_state, trail.by) == (message, "failed", None)
    say("mail server refuses one for good", keeper, message, other)


def test_a_letter_that_is_refused_for_good_after_it_was_read_fails(settings):
    message = a_mail()

    with running(Keeper("554 spam"), settings):
        delivery.run()

    assert (state_of(message), message.error) == ("failed", "SMTPDataError: 554 spam")


def test_a_line_cut_after_the_letter_leaves_its_outcome_unknown(settings):
    cut_off, after = a_mail(), a_mail("after@example.org")

    with running(keeper := Keeper(cut), settings):
        delivery.run()
        Message.objects.filter(state="awaiting_retry").update(retry_at=timezone.now())
        delivery.run()

    assert state_of(cut_off) == "unknown"
    assert "SMTPServerDisconnected" in cut_off.error
    assert state_of(after) == "sent"
    assert [letter["To"] for letter in keeper.letters] == ["after@example.org"]
    say("mail server cuts after the letter", keeper, cut_off, after)


def test_an_answer_that_never_comes_leaves_the_outcome_unknown(settings):
    message = a_mail()

    with running(Keeper(late(3)), settings):
        delivery.run()

    assert state_of(message) == "unknown"


def test_a_server_that_is_slow_before_the_letter_gets_it_later(settings):
    """It accepts the connection and says nothing."""
    message = a_mail()

    with socket.create_server(("127.0.0.1", 0)) as silent:
        point_at(settings, silent.getsockname()[1])
        delivery.run()

    assert state_of(message) == "awaiting_retry"
    assert "timed out" in message.error
    Message.objects.update(retry_at=timezone.now())
    with running(keeper := Keeper(), settings):
        delivery.run()
    assert keeper.ids == [f"<{message.message_id}@localhost>"]
    say("mail server is slow", keeper, message)


def test_a_server_that_is_not_there_is_asked_once_a_run(settings):
    messages = [a_mail() for _ in range(3)]
    point_at(settings, free_port())

    delivery.run()

    assert [state_of(message) for message in messages] == ["awaiting_retry", "queued", "queued"]
    assert "refused" in messages[0].error


def test_a_server_that_hangs_up_between_letters_is_called_again(settings):
    """After so many letters or so long, as many servers do: nobody has to wait for that."""
    messages = [a_mail() for _ in range(3)]

    async def take_and_close(server):
        server._writer.write(b"250 OK\r\n")
        server.transport.close()
        return "250 OK"

    with running(keeper := Keeper(take_and_close), settings):
        delivery.run()

    assert [state_of(message) for message in messages] == ["sent"] * 3
    assert len(keeper.letters) == 3


def test_a_hundred_mails_go_over_one_line(settings):
    for number in range(100):
        a_mail(f"person{number}@example.org")

    with running(keeper := Keeper(), settings):
        sent = delivery.run().sent

    assert (sent, len(set(keeper.ids)), len(keeper.lines)) == (100, 100, 1)


# --- what stands in the row ---------------------------------------------------------------------


def test_a_mail_that_cannot_be_written_fails_and_the_others_go_out(settings):
    broken, whole = a_mail(), a_mail("whole@example.org")
    Message.objects.filter(pk=broken.pk).update(context={})

    with running(keeper := Keeper(), settings):
        delivery.run()

    assert (state_of(broken), broken.error) == ("failed", "KeyError")
    assert (state_of(whole), len(keeper.letters)) == ("sent", 1)


def test_a_cache_that_hangs_while_a_mail_is_written_puts_it_off(settings):
    mail = a_mail()
    with silent_broker() as url, running(keeper := Keeper(), settings):
        hanging = {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": url,
            "OPTIONS": {"socket_timeout": 0.2, "retry": None},
        }
        settings.CACHES = {"default": hanging, "pages": hanging}
        delivery.run()

    assert (state_of(mail), mail.error) == ("awaiting_retry", "TimeoutError")
    assert keeper.letters == []


@pytest.mark.parametrize(
    "to", ["a@example.org> SIZE=1", "a@example.org, b@example.org", "a@b\r\nX: y"]
)
def test_what_is_no_address_fails_and_says_nothing_to_the_server(settings, to: str):
    wrong, right = a_mail(to), a_mail()

    with running(keeper := Keeper(), settings):
        delivery.run()

    assert (state_of(wrong), wrong.error) == ("failed", "BadHeaderError")
    assert (state_of(right), len(keeper.letters)) == ("sent", 1)


def test_a_secret_that_no_key_opens_fails_alone(settings):
    sealed, whole = a_secret_mail(), a_mail()
    settings.FIELD_KEYS = ["V2hhdGV2ZXIga2V5IHRoaXMgaXMsIGl0IGZpdHMgbm8="]

    with running(Keeper(), settings):
        delivery.run()

    assert Message.objects.filter(pk=sealed.pk).values_list("state", "error").get() == (
        "failed", "CannotDecryptError",
    )  # fmt: skip
    assert state_of(whole) == "sent"


def test_a_secret_is_wiped_once_it_was_sent(settings):
    message = a_secret_mail()

    with running(keeper := Keeper(), settings):
        delivery.run()

    text = keeper.letters[0].get_body(("plain",)).get_content()
    assert "/password/reset/key/1-secret/" in text
    message.refresh_from_db()
    assert (message.state, message.sealed_context) == ("sent", None)


def test_whoever_waits_at_the_screen_is_served_first(settings):
    for number in range(3):
        a_mail(f"person{number}@example.org")
    a_secret_mail("waits@example.org")

    with running(keeper := Keeper(), settings):
        delivery.run()

    assert keeper.letters[0]["To"] == "waits@example.org"


def test_what_a_gone_sender_had_in_hand_is_sent_with_the_same_number(settings):
    message = a_mail()
    (taken,) = Message.objects.claim(5)
    assert state_of(message) == "in_flight"

    with running(keeper := Keeper(), settings):
        delivery.run()

    assert state_of(message) == "sent"
    assert keeper.ids == [f"<{message.message_id}@localhost>"]
    # The old sender's word comes too late.
    assert not taken.mark_failed("late")
    assert not taken.mark_sent()
    assert state_of(message) == "sent"


def test_a_run_that_has_no_time_left_gives_back_what_it_took(settings):
    messages = [a_mail() for _ in range(3)]

    with running(Keeper(), settings):
        delivery.run(seconds=0)

    assert [state_of(message) for message in messages] == ["queued"] * 3
    assert delivery.run(seconds=0).unfinished


def test_a_mail_in_a_folder_is_a_file_that_a_mail_program_opens(settings):
    settings.EMAIL_BACKEND = "oda_portal.mail.folder.EmailBackend"
    message = a_mail(language="ko")

    delivery.run()
    Message.objects.update(state="queued", sent_at=None)
    delivery.run()

    (file,) = settings.EMAIL_FILE_PATH.iterdir()
    letter = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert letter["Subject"] == "보내지 못한 이메일이 있습니다"
    assert str(message.message_id) in file.name
    assert re.search("실패 3건", letter.get_body(("plain",)).get_content())


def test_a_folder_that_is_full_keeps_the_mail_for_later(settings, tmp_path):
    settings.EMAIL_BACKEND = "oda_portal.mail.folder.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "file" / "mail"
    (tmp_path / "file").write_text("no folder can be made here")
    message = a_mail()

    delivery.run()

    assert state_of(message) == "awaiting_retry"


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite in memory has one reader")
def test_a_letter_waits_until_the_outcome_of_the_one_before_is_written(settings):
    """What a crash could repeat is counted whenever the server reads a letter."""
    OfficeFactory()
    messages = [a_mail(f"person{number}@example.org") for number in range(30)]
    sent: list[int] = []

    async def count(_server):
        with psycopg.connect(**connection.get_connection_params()) as other:
            rows = other.execute("SELECT count(*) FROM mail_message WHERE state = 'sent'")
            sent.append(rows.fetchone()[0])
        return "250 OK"

    with running(Keeper(*[count] * 30), settings):
        delivery.run()

    assert sent == list(range(30))
    assert {state_of(message) for message in messages} == {"sent"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no server to lose")
def test_a_database_that_goes_while_it_is_told_of_a_mail_is_noticed(settings):
    """The sender ends, and who comes next repeats the one mail."""
    OfficeFactory()
    messages = [a_mail(f"person{number}@example.org") for number in range(3)]

    async def cut_off(_server):
        with psycopg.connect(**connection.get_connection_params(), autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        return "250 OK"

    with running(keeper := Keeper("250 OK", cut_off), settings):
        with pytest.raises(DatabaseError):
            delivery.run()
        connection.close()
        delivery.run()

    assert {state_of(message) for message in messages} == {"sent"}
    assert len(keeper.ids) == 4
    assert len(set(keeper.ids)) == 3
