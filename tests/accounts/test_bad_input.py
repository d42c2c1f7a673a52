"""Whatever is sent to the pages of the account: a clear error, never a broken page."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from oda_portal.accounts.models import User
from tests.accounts.people import PASSWORD, sign_in, verified_user
from tests.factories import OfficeFactory

pytestmark = pytest.mark.django_db

NASTY = {
    "nul": "a\x00b",
    "long": "x" * 10_000,
    "list": "[]",
    "markup": "<script>alert(1)</script>",
    "surrogate": "\udcff",
    "blank": " ",
    "direction": "\u202eevil\u2066",
}
FORMS = {
    "/en/accounts/login/": ["login", "password", "next"],
    "/en/accounts/signup/": ["email", "password1", "password2", "preferred_language",
                             "old_enough", "next"],
    "/en/accounts/password/reset/": ["email"],
}  # fmt: skip
OWN_FORMS = {
    "/en/accounts/profile/": ["name", "preferred_language"],
    "/en/accounts/email/": ["email"],
    "/en/accounts/password/change/": ["oldpassword", "password1", "password2"],
    "/en/accounts/reauthenticate/": ["password", "next"],
    "/en/accounts/two-step/totp/activate/": ["code"],
}


def fields(names: list[str], value: object) -> dict[str, object]:
    return {**dict.fromkeys(names, value), "action_add": ""}


@pytest.mark.thorough
@pytest.mark.parametrize("kind", NASTY)
@pytest.mark.parametrize("path", FORMS)
def test_a_strangers_form_survives(client: Client, path: str, kind: str):
    OfficeFactory()
    value = NASTY[kind].encode("utf-8", "surrogateescape").decode("utf-8", "replace")

    answer = client.post(path, fields(FORMS[path], value))

    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert 'class="error-summary"' in answer.content.decode()
        assert "<script>alert" not in answer.content.decode()
    assert not User.objects.exists()


@pytest.mark.parametrize("kind", NASTY)
@pytest.mark.parametrize("path", OWN_FORMS)
def test_a_form_of_ones_own_survives(client: Client, path: str, kind: str):
    OfficeFactory()
    user = verified_user(name="before")
    sign_in(client, user)
    client.get(path)
    value = NASTY[kind].encode("utf-8", "surrogateescape").decode("utf-8", "replace")

    answer = client.post(path, fields(OWN_FORMS[path], value))

    assert answer.status_code in (200, 400)
    user.refresh_from_db()
    assert user.name == "before"
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize("path", [*FORMS, *OWN_FORMS])
def test_the_same_field_many_times_and_a_file_in_its_place_survive(client: Client, path: str):
    OfficeFactory()
    names = {**FORMS, **OWN_FORMS}[path]
    if path in OWN_FORMS:
        sign_in(client, verified_user())

    many = client.post(path, fields(names, ["a", "b", "c"]))
    files = client.post(path, {name: SimpleUploadedFile("x.txt", b"x") for name in names})

    assert {many.status_code, files.status_code} <= {200, 302, 400}


@pytest.mark.parametrize(
    "number", ["900101-1234567", "９００１０１－１２３４５６７", "김 9001011234567 씨"]
)
@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_a_resident_number_is_no_name(client: Client, prefix: str, number: str):
    OfficeFactory()
    user = verified_user(name="before")
    sign_in(client, user)

    answer = client.post(
        f"{prefix}/accounts/profile/", {"name": number, "preferred_language": "ko"}
    )

    assert list(answer.context["form"].errors) == ["name"]
    user.refresh_from_db()
    assert user.name == "before"


@pytest.mark.parametrize("path", ["confirm-email/x/", "confirm-email/MQ:1x:AA/", "password/reset/key/1-x-y/",
                                  "password/reset/key/zzzzzzzzzzzzzzzzzzzz-set-password/", "confirm-email/%00/"])  # fmt: skip
@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_a_broken_link_says_so(client: Client, prefix: str, path: str):
    OfficeFactory()

    answer = client.get(f"{prefix}/accounts/{path}")

    assert answer.status_code in (200, 400, 404)
    assert client.post(f"{prefix}/accounts/{path}").status_code in (200, 400, 404)


@pytest.mark.parametrize(
    ("prefix", "word"), [("", "시도"), ("/en", "Too many tries"), ("/zh-hans", "尝试")]
)
def test_too_many_tries_are_answered_in_the_language(client: Client, prefix: str, word: str):
    OfficeFactory()
    for _try in range(31):
        answer = client.post(f"{prefix}/accounts/login/", {"login": "a@example.org"})

    assert answer.status_code == 429
    assert word in answer.content.decode()


# --- nobody learns who has an account ----------------------------------------------------------


class CountingHasher(MD5PasswordHasher):
    """A quick hash in place of the slow one, that knows how often it was asked."""

    asked = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).asked += 1
        return super().encode(password, salt)


def hashes(act: Callable[[], Any]) -> int:
    """How many password hashes an act costs: nearly all of the time that can be measured."""
    before = CountingHasher.asked
    act()
    return CountingHasher.asked - before


def test_work_does_not_tell_who_has_an_account(settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.{CountingHasher.__name__}"]
    OfficeFactory()
    known = verified_user().email

    def sign_in_as(email: str) -> int:
        form = {"login": email, "password": "wrong-words-9"}
        return hashes(lambda: Client().post("/en/accounts/login/", form))

    def sign_up_as(email: str) -> int:
        form = {"email": email, "password1": PASSWORD, "password2": PASSWORD, "old_enough": "on"}
        return hashes(lambda: Client().post("/en/accounts/signup/", form))

    assert sign_in_as(known) == sign_in_as("nobody@example.org") >= 1
    assert sign_up_as(known) == sign_up_as("somebody@example.org") >= 1


# --- across processes --------------------------------------------------------------------------

# What allauth asks before it looks at a password; the pages above ask it too.
TRIES = """
import sys
import django
django.setup()
from allauth.account.adapter import get_adapter
from allauth.core.context import request_context
from django.core.exceptions import ValidationError
from django.test import RequestFactory
for number in range(4):
    request = RequestFactory(SERVER_NAME="localhost").post(
        "/accounts/login/", headers={"X-Forwarded-For": f"10.0.0.{number}"}
    )
    with request_context(request):
        try:
            get_adapter().pre_authenticate(request, email="a@example.org")
            sys.stdout.write(".")
        except ValidationError:
            sys.stdout.write("L")
"""


@pytest.mark.thorough
def test_limits_on_failures_hold_across_processes(tmp_path):
    """Two processes of the embedded site, with its cache in the database, share five tries."""
    environment = {
        **os.environ,
        "VAR_DIR": str(tmp_path),
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "DJANGO_SETTINGS_MODULE": "oda_portal.settings",
    }

    def run(*command: str) -> str:
        done = subprocess.run(
            [sys.executable, *command], env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout

    run("manage.py", "createcachetable")

    first, second = run("-c", TRIES), run("-c", TRIES)

    assert (first, second) == ("....", ".LLL")


@pytest.mark.parametrize(("proxies", "is_shut"), [(0, True), (1, True), (2, False)])
def test_only_what_trusted_proxies_write_tells_addresses_apart(
    client: Client, settings, proxies: int, is_shut: bool
):
    """Ten failures a minute from one address; the header's left part is whatever the sender wrote."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    OfficeFactory()
    for number in range(11):
        answer = client.post(
            "/en/accounts/login/",
            {"login": f"nobody{number}@example.org", "password": "wrong-words-9"},
            headers={"X-Forwarded-For": f"10.0.0.{number}, 10.9.9.9"},
        )

    assert ("Too many tries" in answer.content.decode()) == is_shut
