"""Personal links: who holds one gets in, and nobody else learns what it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.utils import timezone

from oda_portal.mail import links
from oda_portal.mail.models import Message
from oda_portal.mail.outbox import post
from tests.factories import OfficeFactory
from tests.letters import delivered

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kind(own_kind) -> None:  # type: ignore[no-untyped-def]
    OfficeFactory()
    own_kind(
        "Your link", "Follow it:\n\n{personal_link}", personal=True, opens=greet,
        lifetime=timedelta(hours=72), renew="account_login",
    )  # fmt: skip


def greet(request: HttpRequest, message: Message) -> HttpResponse:
    if request.method == "POST":
        return HttpResponse("done" if message.use_link() else "too late")
    return HttpResponse(f"for {message.to}")


def sent_link(language: str = "en") -> str:
    """The path of the link in the letter that went out."""
    post("test_kind", to="person@example.org", language=language, context={})
    letter = delivered()[-1]
    address = next(line for line in letter.body.split("\n") if line.startswith("http"))
    return address.removeprefix("http://localhost:8000")


@pytest.mark.parametrize(
    ("language", "prefix"), [("ko", "/mail/"), ("en", "/en/mail/"), ("zh-hans", "/zh-hans/mail/")]
)
def test_a_link_opens_what_its_mail_is_about(client: Client, language: str, prefix: str):
    link = sent_link(language)

    answer = client.get(link)

    assert link.startswith(prefix)
    assert answer.content == b"for person@example.org"
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Referrer-Policy"] == "strict-origin"


def test_the_token_is_not_in_the_database_and_is_the_same_on_every_try():
    link = sent_link()
    token = link.split("/")[-2]
    message = Message.objects.get()

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM mail_message")
        assert token not in str(cursor.fetchall())
    assert message.link_hash == links.hash_of(token)
    assert links.issue(message).endswith(link)


def test_tokens_depend_on_the_key_outside_the_database(settings):
    sent_link()
    message = Message.objects.get()
    before = links.token_of(message)

    settings.SECRET_KEY = "another"

    assert links.token_of(message) != before


def test_opening_a_link_changes_nothing_and_using_it_closes_it(client: Client):
    link = sent_link()
    client.get(link)
    client.get(link)
    assert Message.objects.get().link_used_at is None

    assert client.post(link).content == b"done"

    answer = client.get(link)
    assert answer.status_code == 410
    assert "This link has already been used. Sign in to check." in answer.content.decode()
    assert "/en/accounts/login/" in answer.content.decode()


@pytest.mark.parametrize(
    ("language", "said"),
    [("ko", "링크의 사용 기한이 지났습니다."), ("en", "This link has expired."), ("zh-hans", "链接已过期")],
)  # fmt: skip
def test_an_expired_link_says_so_and_leads_to_a_new_one(client: Client, language: str, said: str):
    link = sent_link(language)

    with time_machine.travel(timezone.now() + timedelta(hours=72, seconds=1)):
        answer = client.get(link)

    assert answer.status_code == 410
    assert said in answer.content.decode()
    assert "/accounts/login/" in answer.content.decode()
    assert (
        link.split("/")[-2]
        not in answer.content.decode().replace(f'href="{link}"', "").split("</head>")[0]
    )


@pytest.mark.parametrize("token", ["x", "x" * 32, "../../etc", "%00", "가"])
def test_a_broken_link_is_not_found(client: Client, token: str):
    sent_link()

    answer = client.get(f"/en/mail/{token}/")

    assert answer.status_code in (400, 404)


def test_a_link_that_was_cut_short_says_so(client: Client):
    link = sent_link()

    answer = client.get(link[:-5] + "/")

    assert answer.status_code == 404
    assert "This address is incomplete." in answer.content.decode()


def test_a_link_of_another_mail_is_another():
    assert sent_link() != sent_link()
