"""Passkeys and the warning before signing out, in a real browser under the strict policy."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect

from oda_portal.accounts import sessions
from oda_portal.accounts.models import User
from tests.accounts.people import PASSWORD, verified_user
from tests.axe import RULES, violations
from tests.factories import OfficeFactory, StaffFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[User], None]


@pytest.fixture
def localhost(live_server) -> str:  # type: ignore[no-untyped-def]
    """Browsers take passkeys on localhost, not on 127.0.0.1."""
    return f"http://localhost:{live_server.thread.port}"


def with_fingerprint(page: Page) -> None:
    """A device with a fingerprint reader, and a finger on it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def fill_sign_in(page: Page, site: str, user: User) -> None:
    page.goto(f"{site}/en/accounts/login/")
    page.fill("[name=login]", user.email)
    page.fill("[name=password]", PASSWORD)
    page.click("main form [type=submit]")


def test_a_passkey_is_added_and_lets_its_owner_in(
    page: Page, localhost: str, complaints: list[str]
):
    OfficeFactory()
    user = verified_user()
    with_fingerprint(page)
    fill_sign_in(page, localhost, user)

    page.goto(f"{localhost}/en/accounts/two-step/webauthn/add/")
    page.fill("[name=name]", "My phone")
    page.click("form[data-passkey] [type=submit]")

    expect(page.locator("h1")).to_have_text("Recovery codes")
    assert str(Authenticator.objects.get(type="webauthn")) == "My phone"
    page.context.clear_cookies()
    fill_sign_in(page, localhost, user)
    expect(page.locator("h1")).to_have_text("Second step")
    page.click("form[data-passkey] [type=submit]")
    expect(page.locator("h1")).to_have_text("My page")
    assert complaints == []


@pytest.mark.thorough
def test_a_refused_passkey_is_said_aloud(page: Page, localhost: str):
    OfficeFactory()
    fill_sign_in(page, localhost, verified_user())
    page.goto(f"{localhost}/en/accounts/two-step/webauthn/add/")
    page.evaluate("() => { navigator.credentials.create = () => Promise.reject(new Error()) }")

    page.click("form[data-passkey] [type=submit]")

    expect(page.locator("[data-passkey-failed]")).to_be_visible()


@pytest.mark.parametrize(
    ("prefix", "stay", "words"),
    [
        ("", "계속하기", "2분 뒤 자동으로 로그아웃됩니다."),
        ("/en", "Stay signed in", "You will be signed out in 2 minutes."),
        ("/zh-hans", "继续", "2分钟后将自动退出登录。"),
    ],
)
def test_the_warning_comes_in_time_and_staying_is_one_press_away(
    page: Page,
    sign_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
    complaints: list[str],
    prefix: str,
    stay: str,
    words: str,
):
    OfficeFactory()
    monkeypatch.setattr(sessions, "STAFF", sessions.Limits(idle=124, at_most=9999, warning=120))
    monkeypatch.setattr(sessions, "_WRITE_AFTER", 0)
    sign_in(StaffFactory())
    page.goto(f"{prefix}/accounts/")
    warning = page.get_by_role("alertdialog")
    expect(warning).to_be_hidden()

    expect(warning).to_be_visible()
    expect(page.get_by_role("button", name=stay)).to_be_focused()
    expect(warning).to_contain_text(words)
    assert violations(page, RULES) == []
    page.keyboard.press("Enter")

    expect(warning).to_be_hidden()
    assert complaints == []


@pytest.mark.thorough
def test_what_was_written_is_sent_and_kept_when_it_is_too_late(
    page: Page, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
):
    OfficeFactory()
    monkeypatch.setattr(sessions, "STAFF", sessions.Limits(idle=9, at_most=9999, warning=2))
    user = StaffFactory()
    sign_in(user)
    page.goto("/en/accounts/profile/")
    page.fill("[name=name]", "Written at length")
    again = page.get_by_role("link", name="Sign in again")
    expect(again).to_be_visible()

    again.click()

    page.wait_for_url("**/accounts/login/**")
    assert "next=/en/accounts/kept/" in page.url.replace("%2F", "/")
