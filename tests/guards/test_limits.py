"""What is answered when it is too much, and who is counted as one."""

from __future__ import annotations

import time

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from news.models import Subscription
from oda_portal.mail.models import Message
from oda_portal.pages.limits import USUAL_WAIT, may_be_done
from tests.accounts.people import sign_in, verified_user
from tests.factories import OfficeFactory
from tests.news import subscribers

pytestmark = pytest.mark.django_db
HERE = "127.0.0.1"
PAGES = [("", "시도가 너무 많았습니다"), ("/en", "Too many tries"), ("/zh-hans", "尝试次数过多")]
# act, limit, seconds, address, what is posted
LIMITED = [
    ("search", 600, 60, "/search/?q=school", None),
    ("search", 600, 60, "/search/suggest/?q=school", None),
    ("words", 120, 60, "/programs/?q=school", None),
    ("words", 120, 60, "/news/?page=1&%71=school", None),
    ("files", 20, 60, "/programs/?format=csv", None),
    ("certificates.check", 60, 600, "/certificates/ABCDE-FGHJK-1/", None),
    ("inquiry.look", 120, 3600, "/contact/nothing/", None),
    ("satisfaction", 10, 600, "/satisfaction/", {"page": "/", "score": "5"}),
]


def use_up(act: str, limit: int, seconds: int, whose: str = HERE) -> None:
    for _number in range(limit):
        assert may_be_done(act, whose, limit=limit, seconds=seconds)


def ask(client: Client, path: str, sent: dict[str, str] | None) -> HttpResponse:
    as_a_browser = {"Accept": "text/html"}
    if sent is None:
        return client.get(path, headers=as_a_browser)
    return client.post(path, sent, headers=as_a_browser)


@pytest.mark.parametrize(("prefix", "words"), PAGES)
@pytest.mark.parametrize(("act", "limit", "seconds", "path", "sent"), LIMITED)
def test_too_much_is_said_with_the_time_to_wait(
    client: Client, prefix: str, words: str, act: str, limit: int, seconds: int, path: str, sent
):
    OfficeFactory()
    use_up(act, limit, seconds)

    answer = ask(client, prefix + path, sent)

    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= seconds
    assert words in answer.content.decode() or act == "satisfaction"


def test_the_api_says_so_in_its_own_form(client: Client):
    use_up("api", 60, 60)

    answer = client.get("/data/api/v1/")

    assert (answer.status_code, answer.headers["Content-Type"]) == (429, "application/problem+json")
    assert 0 < int(answer.headers["Retry-After"]) <= 60


def test_whoever_asks_for_a_file_of_what_has_words_is_told_in_a_form_for_programs(client: Client):
    OfficeFactory()
    use_up("words", 120, 60)

    answer = client.get("/programs/?q=school&format=json")

    assert (answer.status_code, answer.headers["Content-Type"]) == (429, "application/problem+json")
    assert "Accept" in answer.headers["Vary"]
    assert client.get("/programs/map/?q=school&format=x").status_code == 429


def test_one_too_many_is_refused_and_the_one_before_is_not(client: Client):
    OfficeFactory()
    use_up("search", 599, 60)

    codes = [client.get("/search/?q=school").status_code for _number in range(2)]

    assert codes == [200, 429]


def test_a_window_that_is_over_begins_anew():
    use_up("some act", 3, 1)
    assert not may_be_done("some act", HERE, limit=3, seconds=1)

    time.sleep(2)  # the caches have clocks of their own

    use_up("some act", 3, 1)


# --- what was written -----------------------------------------------------------------------------


def test_what_was_written_can_be_sent_again_from_the_page(client: Client):
    OfficeFactory()
    use_up("news.subscribe", 10, 3600)

    page = subscribers.ask(client, kinds=["notice", "press"])
    written = page.context["written"]
    cache.clear()
    again = client.post(page.context["here"], {"kinds": ["notice", "press"], **dict(written[:-2])})

    assert page.status_code == 429
    assert written[-2:] == [("kinds", "notice"), ("kinds", "press")]
    assert dict(written[:-2]) == subscribers.ASKED
    assert '<input type="hidden" name="kinds" value="press">' in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    assert again.status_code == 200
    assert Subscription.objects.get().kinds == ["notice", "press"]


def test_a_password_never_comes_back(client: Client):
    OfficeFactory()
    for _number in range(31):
        answer = client.post(
            "/en/accounts/login/", {"login": "a@example.org", "password": "S3cr3t"}
        )

    assert answer.status_code == 429
    assert "S3cr3t" not in answer.content.decode()
    assert answer.context["written"] == []


# --- signing in -----------------------------------------------------------------------------------


def test_failures_of_one_account_end_in_429_with_the_form(client: Client):
    OfficeFactory()
    user = verified_user()
    wrong = {"login": user.email, "password": "not-this-one-9"}

    answers = [
        client.post("/en/accounts/login/", wrong, REMOTE_ADDR=f"198.51.100.{number}")
        for number in range(6)
    ]

    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert answers[-1].headers["Retry-After"] == str(USUAL_WAIT)
    assert answers[-1].context["form"]["login"].value() == user.email
    assert sign_in(client, user).status_code == 429


def test_sign_in_counts_behind_a_proxy_by_the_proxys_word(client: Client, settings):
    OfficeFactory()
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def tries(address: str, count: int) -> list[int]:
        return [
            client.post(
                "/accounts/login/",
                {"login": f"{number}@example.org", "password": "x"},
                headers={"X-Forwarded-For": f"203.0.113.{number}, {address}"},
            ).status_code
            for number in range(count)
        ]

    assert tries("198.51.100.7", 11)[-1] == 429
    assert tries("198.51.100.8", 1) == [200]


@pytest.mark.parametrize(
    "addresses",
    [
        [f"2001:db8:1:2::{number:x}" for number in range(11)],
        [f"198.51.100.7:{4000 + number}" for number in range(11)],
        [f"[2001:db8:1:2::{number:x}]:443" for number in range(11)],
        ["::ffff:198.51.100.7" for number in range(11)],
    ],
)
def test_sign_in_takes_a_household_for_one(client: Client, addresses: list[str]):
    OfficeFactory()

    codes = [
        client.post(
            "/accounts/login/", {"login": "a@example.org", "password": "x"}, REMOTE_ADDR=each
        ).status_code
        for each in addresses
    ]

    assert codes[-1] == 429


def test_two_ipv4_addresses_in_ipv6_clothes_are_two(client: Client):
    OfficeFactory()
    for number in range(11):
        sent = {"login": f"{number}@example.org", "password": "x"}
        first = client.post("/accounts/login/", sent, REMOTE_ADDR="::ffff:198.51.100.7")

    other = client.post("/accounts/login/", sent, REMOTE_ADDR="::ffff:198.51.100.8")

    assert (first.status_code, other.status_code) == (429, 200)


def test_a_mailbox_is_not_flooded_with_mails_of_accounts(client: Client):
    OfficeFactory()
    for number in range(30):
        client.post(
            "/accounts/password/reset/",
            {"email": f"victim+{number}@example.org"},
            REMOTE_ADDR=f"198.51.100.{number}",
        )

    assert Message.objects.filter(to__startswith="victim").count() == 20
