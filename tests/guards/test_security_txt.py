"""RFC 9116: who finds a weakness finds whom to tell."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import OfficeFactory

pytestmark = pytest.mark.django_db
ADDRESS = "/.well-known/security.txt"


def fields(client: Client) -> list[tuple[str, str]]:
    text = client.get(ADDRESS).content.decode()
    return [tuple(line.split(": ", 1)) for line in text.splitlines()]


def test_security_txt_says_all_that_the_rfc_asks_for(client: Client):
    OfficeFactory(email="oda@city.example")

    answer = client.get(ADDRESS)

    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    names = [name for name, _value in fields(client)]
    assert names == ["Contact", "Contact", "Expires", "Preferred-Languages", "Canonical", "Policy"]
    said = dict(fields(client))
    assert fields(client)[0] == ("Contact", "mailto:oda@city.example")
    assert said["Contact"] == "http://localhost:8000/contact/"
    assert said["Canonical"] == f"http://localhost:8000{ADDRESS}"
    assert said["Preferred-Languages"] == "ko, en, zh-Hans"


def test_security_txt_never_ends(client: Client):
    OfficeFactory()

    ends = datetime.fromisoformat(dict(fields(client))["Expires"])

    assert timedelta(days=170) < ends - timezone.now() < timedelta(days=365)


@pytest.mark.parametrize(
    ("setting", "contact"),
    [
        ("cert@city.example", "mailto:cert@city.example"),
        ("https://city.example/report", "https://city.example/report"),
    ],
)
def test_another_contact_can_be_named(client: Client, settings, setting: str, contact: str):
    OfficeFactory(email="oda@city.example")
    settings.SECURITY_CONTACT = setting

    assert fields(client)[0] == ("Contact", contact)


def test_without_an_email_the_form_is_the_contact(client: Client):
    OfficeFactory(email="")

    assert fields(client)[0] == ("Contact", "http://localhost:8000/contact/")


def test_a_new_email_is_told_at_once(client: Client, django_capture_on_commit_callbacks):
    office = OfficeFactory(email="old@city.example")
    client.get(ADDRESS)
    with django_capture_on_commit_callbacks(execute=True):
        office.email = "new@city.example"
        office.save()

    assert fields(client)[0] == ("Contact", "mailto:new@city.example")


def test_the_policy_is_the_one_of_the_code_in_three_languages(client: Client, settings):
    OfficeFactory()
    policy = dict(fields(client))["Policy"].removeprefix(settings.SITE_URL)

    answer = client.get(policy)

    assert answer.content.decode() == (settings.BASE_DIR / "SECURITY.md").read_text()
    assert all(word in answer.content.decode() for word in ("weakness", "취약점", "安全漏洞"))
    assert client.post(policy).status_code == client.post(ADDRESS).status_code == 405
