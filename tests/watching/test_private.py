"""A person goes the whole way through the portal, things fail, and no log knows who it was."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from oda_portal.logs import without_secrets, without_values
from oda_portal.mail import delivery
from oda_portal.mail.models import Message
from oda_portal.mail.rendering import Stationery, letter_of
from tests.consents import texts_in_force
from tests.factories import OfficeFactory, OpeningFactory
from tests.letters import delivered
from tests.mail.examples import a_mail, a_secret_mail
from tests.mail.server import Keeper, running
from tests.test_logs import written  # noqa: F401  (a fixture)
from tests.volunteers.applicants import ABOUT, address, answers, person, post_step
from volunteers.models import Application, Opening

EMAIL = "hong.gildong.1999@example.org"
PASSWORD = "a-Very-long-secret-word-7"
TOLD = [
    EMAIL, EMAIL.split("@")[0], PASSWORD, ABOUT["name"], ABOUT["name_roman"], ABOUT["mobile"],
    ABOUT["mobile"].replace("-", ""), ABOUT["residence"], ABOUT["affiliation"],
]  # fmt: skip


@pytest.fixture
def everything(written: io.StringIO) -> Iterator[io.StringIO]:  # noqa: F811
    """What is said by the most talkative of loggers as well."""
    loggers = [logging.getLogger(name) for name in ("", "django", "celery")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.INFO)
    yield written
    for logger, level in zip(loggers, before, strict=True):
        logger.setLevel(level)


def told(log: io.StringIO, *more: str) -> list[str]:
    said = log.getvalue()
    return [word for word in (*TOLD, *more) if word.lower() in said.lower()]


def sign_up(client: Client) -> None:
    """Twice: the second time the address has an account already; then a wrong password."""
    form = {"email": EMAIL, "password1": PASSWORD, "password2": PASSWORD, "old_enough": "on"}
    for _time in range(2):
        client.post(reverse("account_signup"), form)
        client.logout()
    client.post(reverse("account_login"), {"login": EMAIL, "password": f"{PASSWORD}x"})
    client.post(reverse("account_reset_password"), {"email": EMAIL})


def apply_to(client: Client, opening: Opening) -> None:
    """Every step with right answers, and one with wrong ones before."""
    call = opening.call
    client.post(client.post(address("check", call), {"born_on": "1999-03-07"}).url)
    post_step(client, call, "about", {**ABOUT, "born_on": ABOUT["name"], "mobile": ABOUT["name"]})
    for step, values in answers(opening).items():
        post_step(client, call, step, values)
    client.post(address("apply_send", call))


@pytest.mark.django_db
def test_who_signs_up_and_applies_is_not_in_the_log(client: Client, everything: io.StringIO):
    OfficeFactory()
    texts_in_force()
    opening = OpeningFactory()
    sign_up(client)
    links = [letter.body for letter in delivered()]
    client.force_login(person(email="kim.cheolsu.1999@example.org", name=ABOUT["name"]))

    apply_to(client, opening)
    assert Application.objects.get().receipt
    client.get(f"/hong-nowhere/{ABOUT['name']}/?q={ABOUT['name']}")

    tokens = [word for body in links for word in body.split("/") if len(word) > 20]
    assert tokens
    assert "Not Found: /hong-nowhere/" in everything.getvalue()
    assert told(everything, "kim.cheolsu.1999", *tokens) == []


@pytest.mark.django_db
@pytest.mark.parametrize("answer", ["550 no such person as {}", "451 later, {}", "cut"])
def test_a_mail_that_fails_is_logged_without_its_receiver(
    everything: io.StringIO, settings, answer: str
):
    """The mail server's own words name the receiver."""
    OfficeFactory()
    keeper = Keeper()
    keeper.refused[EMAIL] = answer.format(f"<{EMAIL}> ({ABOUT['mobile']})")
    a_mail(EMAIL)

    with running(keeper, settings):
        delivery.run()

    assert Message.objects.exclude(state="sent").exists()
    assert "mail " in everything.getvalue()
    assert told(everything) == []


@pytest.mark.django_db
@pytest.mark.parametrize("answer", ["", "550 no", "451 later", "cut"])
def test_no_line_of_a_mail_is_logged(everything: io.StringIO, settings, answer: str):
    """Whether it went out or not; a link that is a secret least of all."""
    OfficeFactory()
    keeper = Keeper()
    if answer:
        keeper.refused[EMAIL] = answer
    mails = [a_mail(EMAIL), a_secret_mail(EMAIL)]
    lines = [
        line
        for mail in mails
        for line in letter_of(mail, Stationery()).text.splitlines()
        if len(line) > 20
    ]

    with running(keeper, settings):
        delivery.run()

    assert lines
    assert told(everything, *lines) == []


ERRORS = [
    ValueError(f"invalid literal for int() with base 10: '{ABOUT['name_roman']}'"),
    IntegrityError(f"duplicate key\nDETAIL:  Key (email)=({EMAIL}) already exists."),
    IntegrityError(
        f"null value\nDETAIL:  Failing row contains (7, {ABOUT['name_roman']}, {EMAIL})."
    ),
    KeyError(ABOUT["name_roman"]),
    OSError(2, "No such file", f"/srv/private/{ABOUT['name']}.pdf"),
    UnicodeEncodeError("ascii", ABOUT["name"], 0, 1, "ordinal not in range"),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("name", ["django.request", "oda_portal.mail", "celery.app.trace"])
def test_an_error_is_logged_without_the_values_in_it(
    everything: io.StringIO, error: Exception, name: str
):
    """A 500, a task that failed: as Django and Celery write them."""
    try:
        raise error
    except type(error):
        logging.getLogger(name).exception("Task x raised unexpected: %r", error)

    assert type(error).__name__ in everything.getvalue()
    assert "test_private.py" in everything.getvalue()
    assert told(everything) == []


@pytest.mark.django_db
@pytest.mark.skipif(not settings.DATABASE_URL, reason="SQLite names no values")
def test_what_postgresql_says_of_a_row_is_not_logged(everything: io.StringIO):
    person(email=EMAIL)
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        person(email=EMAIL)
    assert EMAIL in str(caught.value)

    logging.getLogger("django.request").error("Internal Server Error", exc_info=caught.value)

    assert "IntegrityError" in everything.getvalue()
    assert told(everything) == []


@pytest.mark.parametrize(
    "text",
    [
        "mail 1f6c5b1e-1234-5678-9012-abcdefabcdef (password_reset) was sent",
        "access log sealed: 12 0102345678abcdef0102345678abcdef, 3 looks",
        "2026-11-23 03:00:01 job 1234 5678 was interrupted",
        "KeyError: 'name'",
        '  File "/srv/portal/oda_portal/mail/delivery.py", line 1234, in go',
        "AttributeError: 'NoneType' object has no attribute 'email'",
    ],
)
def test_what_helps_to_find_a_fault_stays(text: str):
    assert without_values(without_secrets(text)) == text
