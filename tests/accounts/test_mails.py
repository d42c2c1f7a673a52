"""Every mail that allauth would send goes through the outbox, in its reader's language."""

from __future__ import annotations

import re
from pathlib import Path

import allauth
import pytest
from allauth.account.adapter import get_adapter
from allauth.core import context
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.test import Client, RequestFactory

from oda_portal.accounts import mails
from oda_portal.mail.models import Message
from tests.factories import OfficeFactory, UserFactory
from tests.letters import delivered

pytestmark = pytest.mark.django_db
# Of features that the portal has not switched on.
OFF = {"account/email/login_code", "account/email/password_reset_code"}


def templates_of_allauth() -> set[str]:
    folder = Path(allauth.__file__).parent / "templates"
    subjects = [
        *folder.glob("account/email/*_subject.txt"),
        *folder.glob("mfa/email/*_subject.txt"),
    ]
    return {
        path.relative_to(folder).as_posix().removesuffix("_subject.txt") for path in subjects
    } - OFF


def send(template: str, to: str, path: str = "/en/accounts/", **more: object) -> None:
    request = RequestFactory().get(path)
    request.user = more.pop("signed_in", AnonymousUser())
    with context.request_context(request):
        get_adapter(request).send_mail(template, to, more)


def test_every_mail_of_allauth_is_known():
    assert templates_of_allauth() <= set(mails.KINDS)


@pytest.mark.parametrize("template", sorted(mails.KINDS))
def test_a_mail_of_allauth_is_a_row_that_goes_out_in_its_readers_language(template: str):
    OfficeFactory()
    user = UserFactory(preferred_language="zh-hans", name="홍길동")
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    kind, link = mails.KINDS[template]
    more = {link: "http://127.0.0.1:31337/en/accounts/secret-1/?x=1"} if link else {}

    send(template, user.email, **more)

    assert mail.outbox == []
    message = Message.objects.get()
    assert (message.kind, message.language, message.user) == (kind, "zh-hans", user)
    assert (message.context, message.urgent) == ({}, True)
    (letter,) = delivered()
    expected = "secret-1/?x=1" if link else "password/reset/"
    assert f"http://localhost:8000/zh-hans/accounts/{expected}" in letter.body
    assert "홍길동，您好：" in letter.body
    assert "31337" not in letter.body
    assert not re.search(r"[가-힣]", letter.body.replace("홍길동", ""))


def test_whoever_has_no_account_is_written_to_in_the_language_of_the_page():
    send("account/email/unknown_account", "x@example.org", signup_url="http://x/accounts/signup/")

    assert (Message.objects.get().language, Message.objects.get().user) == ("en", None)


@pytest.mark.parametrize("other", ["nobody", "has account", "has unverified account"])
def test_who_adds_an_address_that_is_not_theirs_says_nothing_to_it(client: Client, other: str):
    """The name in a greeting is its writer's to choose, and so must be its reader's own."""
    OfficeFactory()
    writer = UserFactory(name="Pay now at evil.example")
    writer.emailaddress_set.create(email=writer.email, verified=True, primary=True)
    if other != "nobody":
        owner = UserFactory(email="victim@example.org", name="Minji")
        owner.emailaddress_set.create(email=owner.email, verified=other == "has account")
    client.force_login(writer)

    client.post("/en/accounts/email/", {"action_add": "", "email": "victim@example.org"})

    (message,) = Message.objects.filter(to="victim@example.org")
    assert message.name == ("Minji" if other == "has account" else "")
    assert "evil" not in delivered()[0].body


def test_a_changed_password_is_told_with_day_and_hour(client: Client):
    OfficeFactory()
    user = UserFactory(preferred_language="en")
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    client.force_login(user)

    client.post(
        "/en/accounts/password/change/",
        {
            "oldpassword": "long-Enough-1",
            "password1": "three-words-joined-9",
            "password2": "three-words-joined-9",
        },
    )

    (letter,) = delivered()
    assert letter.subject == "Your account security settings have changed"
    assert re.search(r"was changed at \d\d:\d\d on \d+ \w+ \d{4}\.", letter.body)
