"""How long one stays signed in, what prolongs it, and what is there after signing in again."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from oda_portal.pages.models import Page
from oda_portal.privacy.ciphers import decrypt
from oda_portal.secrets import new_field_key
from tests.accounts.people import PASSWORD, give_password, sign_in, verified_user
from tests.admin.forms import filled
from tests.doors import code_of, sign_in_staff
from tests.factories import OfficeFactory, PageFactory, StaffFactory

pytestmark = pytest.mark.django_db
NOON = "2026-11-22T12:00:00+09:00"
MINUTE = 60


def is_signed_in(client: Client) -> bool:
    return client.get("/en/accounts/").status_code == 200


@pytest.mark.parametrize(("minutes", "stays"), [(14, True), (15, False)])
def test_staff_are_signed_out_after_fifteen_minutes(client: Client, minutes: int, stays: bool):
    OfficeFactory()
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in_staff(client, StaffFactory())
        assert client.get("/en/admin/").status_code == 200
        clock.shift(minutes * MINUTE)

        assert (client.get("/en/admin/").status_code == 200) == stays


@pytest.mark.parametrize(("minutes", "stays"), [(59, True), (60, False)])
def test_citizens_are_signed_out_after_an_hour(client: Client, minutes: int, stays: bool):
    OfficeFactory()
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in(client, verified_user())
        assert is_signed_in(client)
        clock.shift(minutes * MINUTE)

        assert is_signed_in(client) == stays


def test_each_page_begins_the_time_anew_but_staff_go_after_eight_hours(client: Client):
    OfficeFactory()
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in_staff(client, StaffFactory())
        for _ten_minutes in range(47):
            assert client.get("/en/accounts/").status_code == 200
            clock.shift(10 * MINUTE)
        assert client.get("/en/admin/").status_code == 200
        clock.shift(10 * MINUTE)

        assert client.get("/en/admin/").status_code == 302


def test_drafts_saved_by_the_script_do_not_prolong_it(client: Client):
    OfficeFactory()
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in_staff(client, StaffFactory())
        client.get("/en/admin/")
        for _ten_minutes in range(2):
            clock.shift(10 * MINUTE)
            client.get("/en/accounts/", headers={"X-Background": "1"})

        assert client.get("/en/admin/").status_code == 302


def test_stay_signed_in_prolongs_it_and_says_for_how_long(client: Client):
    OfficeFactory()
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in_staff(client, StaffFactory())
        client.get("/en/admin/")
        clock.shift(14 * MINUTE)
        assert client.get("/accounts/stay/").status_code == 405
        assert client.post("/accounts/stay/").json() == {"seconds": 15 * MINUTE}
        clock.shift(14 * MINUTE)
        assert client.get("/en/admin/").status_code == 200
        clock.shift(15 * MINUTE)

        assert client.post("/accounts/stay/").json() == {"seconds": 0}


def test_stay_signed_in_needs_a_token():
    client = Client(enforce_csrf_checks=True)
    sign_in_staff(client, StaffFactory())
    OfficeFactory()

    assert client.post("/accounts/stay/").status_code == 403


def test_public_pages_neither_touch_the_session_nor_prolong_it(client: Client):
    OfficeFactory()
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in(client, verified_user())
        client.get("/en/accounts/")
        for _half_hour in range(2):
            clock.shift(30 * MINUTE)
            answer = client.get("/en/programs/")
            assert "Cookie" not in answer.headers.get("Vary", "")
            assert not answer.wsgi_request.session.accessed

        assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("prefix", "word"),
    [("", "오래 쓰지 않아 로그아웃"), ("/en", "signed out"), ("/zh-hans", "长时间未操作")],
)
def test_the_sign_in_says_why_and_leads_back(client: Client, prefix: str, word: str):
    OfficeFactory()
    user = verified_user()
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in(client, user)
        client.get("/en/accounts/")
        clock.shift(61 * MINUTE)

        door = client.get(f"{prefix}/accounts/profile/")
        page = client.get(door.url)

        assert word in page.content.decode()
        answer = client.post(
            f"{prefix}/accounts/login/",
            {**filled(page), "login": user.email, "password": PASSWORD},
        )
        assert answer.url == f"{prefix}/accounts/profile/"


def test_pages_of_ones_own_say_how_long_and_carry_the_warning(client: Client):
    OfficeFactory()
    sign_in(client, verified_user())

    text = client.get("/en/accounts/").content.decode()

    assert "You stay signed in for 60 minutes" in text
    assert 'role="alertdialog"' in text
    assert re.findall(r'data-minutes="(\d)"', text) == ["5", "4", "3", "2", "1"]
    assert "alertdialog" not in Client().get("/en/accounts/login/").content.decode()


# --- what was written comes back --------------------------------------------------------------


def written_too_late(client: Client, clock) -> tuple[Page, str]:  # type: ignore[no-untyped-def]
    """A form of the back office that is sent when the time is over, and where that leads."""
    page = PageFactory()
    address = f"/en/admin/pages/page/{page.pk}/change/"
    form = filled(client.get(address), title_en="Written for an hour")
    clock.shift(16 * MINUTE)
    return page, client.post(address, form).url


def come_back(client: Client, user, door: str):  # type: ignore[no-untyped-def]
    page = client.get(door)
    form = {**filled(page), "login": user.email, "password": PASSWORD}
    second = client.post("/en/accounts/login/", form)
    return client.post(second.url, {"code": code_of(user)})


def test_a_form_sent_too_late_comes_back_after_signing_in_again(client: Client):
    OfficeFactory()
    user = give_password(StaffFactory())
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in_staff(client, user)
        page, door = written_too_late(client, clock)
        back = come_back(client, user, door)
        assert back.url == "/en/accounts/kept/"
        page.refresh_from_db()
        assert page.title_en != "Written for an hour"
        kept = client.get(back.url)
        address = re.search(r'action="([^"]+/change/)"', kept.content.decode())[1]

        client.post(address, filled(kept))

        page.refresh_from_db()
        assert page.title_en == "Written for an hour"


def test_a_kept_form_is_shown_to_nobody_else(client: Client):
    OfficeFactory()
    user, other = give_password(StaffFactory()), give_password(StaffFactory())
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in_staff(client, user)
        _page, door = written_too_late(client, clock)
        come_back(client, other, door)

        answer = client.get("/en/accounts/kept/")

        assert answer.url == "/en/accounts/"
        assert "kept_form" not in client.session


@pytest.fixture
def _come_back_late(client: Client) -> Iterator[None]:
    """Somebody wrote until it was too late, and has signed in again: the form is kept."""
    OfficeFactory()
    user = give_password(StaffFactory())
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in_staff(client, user)
        _page, door = written_too_late(client, clock)
        come_back(client, user, door)
        assert "kept_form" in client.session
        yield


@pytest.mark.usefixtures("_come_back_late")
def test_a_kept_form_is_thrown_away_by_a_button(client: Client):
    client.post("/en/accounts/kept/")

    assert client.get("/en/accounts/kept/").url == "/en/accounts/"


@pytest.mark.usefixtures("_come_back_late")
def test_a_kept_form_that_no_key_opens_any_more_is_thrown_away(client: Client, settings):
    settings.FIELD_KEYS = [new_field_key()]

    assert client.get("/en/accounts/kept/").url == "/en/accounts/"
    assert "kept_form" not in client.session


def test_passwords_are_not_kept(client: Client):
    OfficeFactory()
    user = give_password(StaffFactory())
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in_staff(client, user)
        client.get("/en/admin/")
        clock.shift(16 * MINUTE)
        client.post(
            "/en/admin/accounts/user/add/",
            {
                "email": "n@example.org",
                "password1": "secret-Words-9",
                "password2": "secret-Words-9",
            },
        )

        assert "n@example.org" not in str(dict(client.session))
        kept = decrypt(client.session["kept_form"]["fields"])
        assert "secret-Words-9" not in kept
        assert "n@example.org" in kept


def test_resident_numbers_are_not_kept(client: Client):
    OfficeFactory()
    user = verified_user()
    with time_machine.travel(NOON, tick=False) as clock:
        client.force_login(user)
        client.get("/en/accounts/")
        clock.shift(61 * MINUTE)
        client.post("/en/accounts/profile/", {"name": "990307-1234567", "language": "ko"})

        assert decrypt(client.session["kept_form"]["fields"]) == '[["language", "ko"]]'
