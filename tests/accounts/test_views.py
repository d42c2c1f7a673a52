"""Sign-up, sign-in and reset: what a person sees, what mail they get, what nobody learns."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.test import Client

from oda_portal.accounts.models import User
from tests.factories import OfficeFactory, UserFactory
from tests.letters import delivered

pytestmark = pytest.mark.django_db
PASSWORD = "three-words-joined-9"
LANGUAGES = [
    ("", "ko", "이메일 주소를 확인해 주세요"),
    ("/en", "en", "Confirm your email address"),
    ("/zh-hans", "zh-hans", "请确认您的邮箱地址"),
]


@pytest.fixture(autouse=True)
def _mail_in_memory(settings) -> None:  # type: ignore[no-untyped-def]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def verified_user(**fields) -> User:
    user = UserFactory(**fields)
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def sign_up(client: Client, prefix: str, email: str):
    return client.post(
        f"{prefix}/accounts/signup/",
        {"email": email, "password1": PASSWORD, "password2": PASSWORD, "old_enough": "on"},
    )


@pytest.mark.parametrize(("prefix", "language", "subject"), LANGUAGES)
def test_sign_up_asks_for_the_address_in_the_language_of_the_page(
    client: Client, prefix: str, language: str, subject: str
):
    OfficeFactory()

    sign_up(client, prefix, "new@example.org")

    assert User.objects.get().preferred_language == language
    (letter,) = delivered()
    assert (letter.to, letter.subject) == (["new@example.org"], subject)
    link = re.search(r"http://localhost:8000(\S+)", letter.body)
    assert link is not None
    assert link[1].startswith(f"{prefix}/accounts/confirm-email/")


def test_link_in_the_mail_lets_the_person_in(client: Client):
    OfficeFactory()
    sign_up(client, "/en", "new@example.org")
    link = re.search(r"http://localhost:8000(\S+)", delivered()[0].body)[1]
    signed_in = {"login": "new@example.org", "password": PASSWORD}
    Client().post("/en/accounts/login/", signed_in)
    assert not EmailAddress.objects.get().verified

    client.post(link)

    assert EmailAddress.objects.get().verified
    answer = Client().post("/en/accounts/login/", signed_in)
    assert answer.url == "/en/accounts/"


def test_sign_up_does_not_tell_whether_an_address_has_an_account(client: Client):
    OfficeFactory()
    known = verified_user()

    taken, fresh = sign_up(client, "/en", known.email), sign_up(Client(), "/en", "a@example.org")

    assert (taken.status_code, taken.url) == (fresh.status_code, fresh.url)
    assert delivered()[0].subject == "가입 신청을 알려 드립니다"  # the language of the owner


@pytest.mark.parametrize("known", [True, False])
def test_reset_does_not_tell_either(client: Client, known: bool):
    OfficeFactory()
    email = verified_user().email if known else "nobody@example.org"

    answer = client.post("/accounts/password/reset/", {"email": email})

    assert answer.url == "/accounts/password/reset/done/"
    assert delivered()[0].subject == "비밀번호 다시 정하기"
    assert ("/password/reset/key/" in delivered()[0].body) == known


def test_reset_link_sets_the_password_once(client: Client):
    OfficeFactory()
    user = verified_user()
    client.post("/en/accounts/password/reset/", {"email": user.email})
    link = re.search(r"http://localhost:8000(\S+)", delivered()[0].body)[1]
    form = client.get(link, follow=True).redirect_chain[-1][0]

    client.post(form, {"password1": "other-words-joined-8", "password2": "other-words-joined-8"})

    user.refresh_from_db()
    assert user.check_password("other-words-joined-8")
    assert client.get(link, follow=True).context["token_fail"]


def test_sign_in_with_a_wrong_password_says_the_same_for_known_and_unknown(client: Client):
    OfficeFactory()
    known = verified_user()

    pages = [
        Client().post("/en/accounts/login/", {"login": email, "password": "wrong-words"})
        for email in (known.email, "nobody@example.org")
    ]

    errors = [list(page.context["form"].non_field_errors()) for page in pages]
    assert errors[0] == errors[1]
    assert errors[0]


def test_sign_in_is_locked_after_failures_even_with_the_right_password(client: Client):
    OfficeFactory()
    user = verified_user()
    for number in range(6):
        client.post(
            "/accounts/login/",
            {"login": user.email, "password": "wrong-words"},
            headers={"X-Forwarded-For": f"10.1.1.{number}"},
        )

    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})

    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_sign_up_names_each_fault_beside_its_field_and_keeps_the_address(
    client: Client, prefix: str
):
    OfficeFactory()

    page = client.post(
        f"{prefix}/accounts/signup/",
        {"email": "kept@example.org", "password1": "short", "password2": "other"},
    )

    text = page.content.decode()
    assert 'value="kept@example.org"' in text
    assert 'class="error-summary"' in text
    assert 'aria-invalid="true"' in text
    # A label goes away as soon as one types; the search box has one of its own besides.
    assert "placeholder=" not in text.partition("<main")[2]
    assert not User.objects.exists()


def test_password_is_kept_as_argon2(client: Client, settings):
    OfficeFactory()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

    sign_up(client, "", "new@example.org")

    assert User.objects.get().password.startswith("argon2")


def test_accounts_pages_are_never_kept(client: Client):
    OfficeFactory()

    for path in ("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"):
        assert "no-store" in client.get(path).headers["Cache-Control"]


@pytest.mark.parametrize("host", ["127.0.0.1:31337", "localhost:9999"])
def test_mailed_link_leads_to_the_portal_whatever_host_was_asked(client: Client, host: str):
    OfficeFactory()
    user = verified_user()

    client.post("/accounts/password/reset/", {"email": user.email}, headers={"Host": host})

    assert "http://localhost:8000/accounts/password/reset/key/" in delivered()[0].body
    assert host not in delivered()[0].body.replace("localhost:8000", "")


@pytest.mark.parametrize(
    "away", ["http://127.0.0.1/x", "http://localhost/x", "https://evil.example"]
)
def test_sign_in_leads_to_no_other_host(client: Client, away: str):
    OfficeFactory()
    user = verified_user()

    answer = client.post(
        "/en/accounts/login/", {"login": user.email, "password": PASSWORD, "next": away}
    )

    assert answer.url == "/en/accounts/"


def test_addresses_of_accounts_are_not_edited_in_the_back_office():
    from django.contrib import admin

    assert not admin.site.is_registered(EmailAddress)


def test_looking_at_the_link_of_the_mail_confirms_nothing(client: Client):
    OfficeFactory()
    sign_up(client, "/en", "new@example.org")
    address = EmailAddress.objects.get()
    key = EmailConfirmationHMAC(address).key

    page = Client().get(f"/en/accounts/confirm-email/{key}/")

    address.refresh_from_db()
    assert not address.verified
    assert 'method="post"' in page.content.decode()


@pytest.mark.parametrize(("chosen", "kept"), [("en", "en"), ("", "zh-hans"), ("xx", None)])
def test_the_language_is_chosen_at_sign_up(client: Client, chosen: str, kept: str | None):
    OfficeFactory()
    form = {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD}
    form |= {"old_enough": "on"}

    client.post("/zh-hans/accounts/signup/", {**form, "preferred_language": chosen})

    found = User.objects.values_list("preferred_language", flat=True)
    assert list(found) == ([kept] if kept else [])
