"""Whoever's account goes is signed in nowhere, and no browser's session has their address."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client

from oda_portal.accounts.models import User
from oda_portal.privacy import ledger
from oda_portal.privacy.closing import ACCOUNT, close_account
from tests.accounts.people import sign_in, verified_user
from tests.doors import sign_in_staff, with_app
from tests.factories import OfficeFactory, StaffFactory

pytestmark = pytest.mark.django_db
ADDRESS, OTHERS = "jegal.narae@example.org", "narae.jegal.narae@example.org"


def browser_of(user: User) -> Client:
    client = Client()
    sign_in(client, user)
    return client


def sessions_with(word: str) -> int:
    return sum(word in str(session.get_decoded()) for session in Session.objects.all())


def by_an_officer(user: User) -> None:
    client = Client()
    sign_in_staff(client, StaffFactory(is_superuser=True))
    client.post(f"/en/admin/accounts/user/{user.pk}/delete/", {"post": "yes"})


def by_the_ledger(user: User) -> None:
    """The database was brought back by other means than `restore`, sessions with it."""
    ledger.write(ACCOUNT, user.pk, rule="closed by the person")
    ledger.complete()
    call_command("destroy_again")


@pytest.mark.parametrize("goes", [close_account, by_an_officer, by_the_ledger])
def test_every_browser_forgets_who_closed_and_others_stay_signed_in(goes: Callable[[User], object]):
    OfficeFactory()
    other = browser_of(verified_user(email=OTHERS))
    user = verified_user(email=ADDRESS)
    phone, desk = browser_of(user), browser_of(user)
    assert sessions_with(f"'{ADDRESS}'") == 2

    goes(user)

    assert not User.objects.filter(email=ADDRESS).exists()
    assert sessions_with(f"'{ADDRESS}'") == 0
    assert not phone.session.items()
    assert not desk.session.items()
    assert other.get("/en/accounts/").status_code == 200


def test_a_browser_that_was_asked_for_the_second_step_forgets_too():
    OfficeFactory()
    user = verified_user(email=ADDRESS)
    with_app(user)
    asked = browser_of(user)
    assert "_auth_user_id" not in asked.session
    assert sessions_with(ADDRESS) == 1

    close_account(user)

    assert sessions_with(ADDRESS) == 0


def test_a_form_that_was_kept_when_the_time_ran_out_goes_too():
    OfficeFactory()
    user = verified_user(email=ADDRESS)
    with time_machine.travel("2026-11-22T12:00:00+09:00", tick=False) as clock:
        browser = browser_of(user)
        browser.get("/en/accounts/")
        clock.shift(60 * 60)
        browser.post("/en/accounts/profile/", {"name": "제갈나래"})
        assert browser.session["kept_form"]["user"] == user.pk

        close_account(user)

        assert not browser.session.items()
