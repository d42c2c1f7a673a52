"""The second step: set up, asked for, demanded of staff, and what opens nothing."""

from __future__ import annotations

import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.test import Client
from django.urls import reverse
from django.utils import translation

from oda_portal.accounts.models import User
from oda_portal.accounts.second_factor import take_away
from oda_portal.audit.models import Transition
from tests.accounts.people import PASSWORD, give_password, sign_in, verified_user
from tests.doors import code_of, sign_in_staff, with_app
from tests.factories import OfficeFactory, StaffFactory

pytestmark = pytest.mark.django_db
LANGUAGES = ["ko", "en", "zh-hans"]
PAGES = ["mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn"]


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_pages_of_the_second_step_speak_the_language(client: Client, language: str, page: str):
    OfficeFactory()
    sign_in(client, verified_user())
    with translation.override(language):
        answer = client.get(reverse(page))

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert ("Authenticator" in text or "passkey" in text.lower()) or language != "en"
    assert not re.search(r"Activate|Deactivate|Security Key", text)


def test_an_app_is_set_up_and_asked_for_from_then_on(client: Client):
    OfficeFactory()
    user = verified_user()
    sign_in(client, user)
    page = client.get("/en/accounts/two-step/totp/activate/")
    secret = page.context["form"].secret
    assert secret[:4] in page.content.decode()

    code = auth.format_hotp_value(auth.hotp_value(secret, next(iter(counters()))))
    done = client.post("/en/accounts/two-step/totp/activate/", {"code": code})

    assert done.url == "/en/accounts/two-step/recovery-codes/"
    assert len(client.get(done.url).context["unused_codes"]) == 10
    other = Client()
    answer = sign_in(other, user)
    assert answer.url == "/en/accounts/two-step/authenticate/"
    assert not is_signed_in(other)
    assert other.get("/en/accounts/").status_code == 302
    other.post(answer.url, {"code": code_of(user)})
    assert is_signed_in(other)


def counters() -> list[int]:
    return list(auth.yield_hotp_counters_from_time())[1:]


def test_secret_is_encrypted_in_the_database():
    user = verified_user()
    app = with_app(user)

    assert auth.decrypt(app.data["secret"]) not in str(app.data)


def test_a_wrong_code_keeps_the_door_shut_and_says_so(client: Client):
    OfficeFactory()
    user = verified_user()
    wrong = f"{(int(code_of(user)) + 1) % 10**6:06}"
    page = sign_in(client, user).url

    answer = client.post(page, {"code": wrong})

    assert "The code is wrong or out of date. Enter the newest one." in answer.content.decode()
    assert not is_signed_in(client)


def test_a_code_opens_once_even_where_it_is_still_tolerated(client: Client):
    OfficeFactory()
    user = verified_user()
    with time_machine.travel("2026-11-22T09:00:05+09:00", tick=False) as clock:
        code = code_of(user)
        client.post(sign_in(client, user).url, {"code": code})
        assert is_signed_in(client)
        clock.shift(35)
        other = Client()

        other.post(sign_in(other, user).url, {"code": code})

        assert not is_signed_in(other)


def test_codes_are_limited_across_browsers(client: Client):
    OfficeFactory()
    user = verified_user()
    with_app(user)
    for number in range(5):
        guesser = Client()
        guesser.post(
            sign_in(guesser, user).url,
            {"code": f"{(int(code_of(user)) + 1 + number) % 10**6:06}"},
            headers={"X-Forwarded-For": f"10.2.2.{number}"},
        )

    client.post(sign_in(client, user).url, {"code": code_of(user)})

    assert not is_signed_in(client)


def test_a_recovery_code_lets_in_once(client: Client):
    OfficeFactory()
    user = verified_user()
    with_app(user)
    sign_in_staff(client, user)
    client.post("/en/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/en/accounts/two-step/recovery-codes/generate/")
    code = client.get("/en/accounts/two-step/recovery-codes/").context["unused_codes"][0]

    first, second = Client(), Client()
    first.post(sign_in(first, user).url, {"code": code})
    second.post(sign_in(second, user).url, {"code": code})

    assert (is_signed_in(first), is_signed_in(second)) == (True, False)


NONSENSE = ["", "x", "null", "[]", "{}", '{"id": 1}', "[" * 2000, "\x00", '"text"', "1e999"]
ANSWERS = [
    "null",
    "[]",
    "{}",
    '{"clientDataJSON": 1}',
    '{"clientDataJSON": "AA", "attestationObject": "AA"}',
    '{"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA"}',
]
NONSENSE += [
    f'{{"id": "AA", "rawId": "AA", "type": "public-key", "response": {answer}}}'
    for answer in ANSWERS
]


@pytest.mark.parametrize("credential", NONSENSE)
def test_nonsense_for_a_new_passkey_is_refused(client: Client, credential: str):
    OfficeFactory()
    user = verified_user()
    sign_in(client, user)
    client.get("/en/accounts/two-step/webauthn/add/")

    answer = client.post("/en/accounts/two-step/webauthn/add/", {"credential": credential})

    assert answer.context["form"].errors
    assert not Authenticator.objects.exists()


@pytest.mark.every_case
@pytest.mark.parametrize("credential", NONSENSE)
def test_a_broken_passkey_opens_nothing_and_breaks_nothing(client: Client, credential: str):
    OfficeFactory()
    user = verified_user()
    with_app(user)
    page = sign_in(client, user).url

    assert client.post(page, {"credential": credential}).status_code == 200
    assert not is_signed_in(client)
    assert client.post(page, {"code": "0" * 10_000}).status_code == 200
    assert client.post(page, {"code": "\x00"}).status_code == 200
    assert client.post(page, {}).status_code == 200


# --- staff -------------------------------------------------------------------------------------


def staff_member() -> User:
    return give_password(StaffFactory())


def test_staff_without_a_second_step_are_led_to_set_it_up(client: Client):
    OfficeFactory()
    user = staff_member()
    sign_in(client, user)

    answer = client.get("/en/admin/", follow=True)

    assert answer.redirect_chain[-1][0].startswith("/en/accounts/second-step/")
    page = client.get("/en/accounts/two-step/totp/activate/")
    secret = page.context["form"].secret
    code = auth.format_hotp_value(auth.hotp_value(secret, counters()[0]))
    client.post("/en/accounts/two-step/totp/activate/", {"code": code})
    assert client.get("/en/admin/").status_code == 200


def test_password_alone_opens_no_page_of_the_back_office(client: Client):
    OfficeFactory()
    user = staff_member()
    client.force_login(user)  # a session without the second step, however it came about
    with_app(user)

    for path in ("/admin/", "/admin/programs/program/", "/admin/accounts/user/", "/admin/jsi18n/"):
        answer = client.get(path)
        assert answer.status_code == 302
        door = client.get(answer.url)
        assert door.url.startswith("/accounts/two-step/reauthenticate/")

    client.post(door.url, {"code": code_of(user), "next": "/admin/"})
    assert client.get("/admin/").status_code == 200


def test_a_second_step_of_somebody_else_does_not_count(client: Client):
    OfficeFactory()
    sign_in_staff(client, staff_member())
    records = dict(client.session)
    other = staff_member()
    with_app(other)
    client.force_login(other)
    session = client.session
    for key, value in records.items():
        if key.startswith("account_"):
            session[key] = value
    session.save()

    assert client.get("/admin/").status_code == 302


def test_a_second_step_that_was_taken_away_no_longer_opens(client: Client):
    OfficeFactory()
    user, boss = staff_member(), StaffFactory()
    sign_in_staff(client, user)
    assert client.get("/admin/").status_code == 200

    take_away(user, by=boss)

    assert client.get("/admin/").status_code == 302
    assert not Authenticator.objects.filter(user=user).exists()
    trail = Transition.objects.get(field="second_step")
    assert (trail.subject, trail.by) == (user, boss)


def test_administrators_take_a_second_step_away_by_a_button(client: Client):
    OfficeFactory()
    user = staff_member()
    with_app(user)
    sign_in_staff(client, StaffFactory())
    page = f"/en/admin/accounts/user/{user.pk}/second-step/"
    assert page in client.get(f"/en/admin/accounts/user/{user.pk}/change/").content.decode()

    assert client.get(page).status_code == 200
    assert Authenticator.objects.filter(user=user).exists()
    client.post(page)

    assert not Authenticator.objects.filter(user=user).exists()


def test_secrets_of_the_second_step_have_no_page_in_the_back_office(client: Client):
    OfficeFactory()
    sign_in_staff(client, StaffFactory())

    assert client.get("/admin/mfa/authenticator/").status_code == 404
