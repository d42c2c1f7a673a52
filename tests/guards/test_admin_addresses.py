"""ADMIN_ADDRESSES: outside of it there is no back office, and nobody is staff."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from oda_portal.networks import is_in, networks
from tests.accounts.people import PASSWORD, give_password, sign_in, verified_user
from tests.doors import sign_in_staff
from tests.factories import OfficeFactory, StaffFactory

pytestmark = pytest.mark.django_db
INSIDE, OUTSIDE = "10.1.2.3", "198.51.100.7"
PATHS = ["/admin", "/admin/", "/admin/login/", "/admin/programs/program/", "/admin/nothing/"]


@pytest.fixture(autouse=True)
def _city_hall(settings) -> None:
    settings.ADMIN_ADDRESSES = networks("ADMIN_ADDRESSES", ["10.1.0.0/16", "2001:db8:5::/48"])
    OfficeFactory()


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
@pytest.mark.parametrize("path", PATHS)
def test_from_outside_there_is_no_back_office(client: Client, prefix: str, path: str):
    sign_in_staff(client, StaffFactory())
    unknown = client.get(f"{prefix}/nothing/", REMOTE_ADDR=OUTSIDE)

    for method in (client.get, client.post, client.head, client.options):
        answer = method(prefix + path, REMOTE_ADDR=OUTSIDE)
        assert answer.status_code == 404
        if answer.content:
            assert words(answer) == words(unknown)
    assert client.get(f"{prefix}/admin/", REMOTE_ADDR=INSIDE).status_code == 200
    assert client.get(f"{prefix}/admin/", REMOTE_ADDR="2001:db8:5:9::1").status_code == 200


def words(answer: HttpResponse) -> str:
    """What the page says, whatever its own address is."""
    page = answer.content.decode()
    return page[page.index("<h1") : page.index("</h1>")]


def test_a_staff_session_is_nobodys_outside(client: Client):
    sign_in_staff(client, StaffFactory())

    outside = client.get(reverse("accounts:my_page"), REMOTE_ADDR=OUTSIDE)
    inside = client.get(reverse("accounts:my_page"), REMOTE_ADDR=INSIDE)

    assert outside.url.startswith("/accounts/login/")
    assert inside.status_code == 200


def test_outside_the_right_password_of_staff_is_as_wrong_as_any(client: Client):
    staff = give_password(StaffFactory())
    form = {"login": staff.email, "password": PASSWORD}

    right = client.post("/en/accounts/login/", form, REMOTE_ADDR=OUTSIDE)
    wrong = client.post("/en/accounts/login/", {**form, "password": "x"}, REMOTE_ADDR=OUTSIDE)

    assert right.context["form"].errors == wrong.context["form"].errors
    assert "_auth_user_id" not in client.session
    assert client.post("/en/accounts/login/", form, REMOTE_ADDR=INSIDE).status_code == 302


def test_outside_right_passwords_of_staff_are_counted_as_wrong_ones(client: Client):
    form = {"login": give_password(StaffFactory()).email, "password": PASSWORD}

    codes = [
        client.post("/accounts/login/", form, REMOTE_ADDR=f"198.51.100.{number}").status_code
        for number in range(6)
    ]

    assert codes == [200] * 5 + [429]


def test_citizens_sign_in_from_everywhere(client: Client):
    assert sign_in(client, verified_user()).status_code == 302


def test_behind_a_proxy_its_word_counts_and_no_visitors(client: Client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    sign_in_staff(client, StaffFactory())

    def asked(forwarded: str, **others: str) -> int:
        headers = {"X-Forwarded-For": forwarded, **others}
        return client.get("/admin/", headers=headers, REMOTE_ADDR="10.1.0.1").status_code

    assert asked(f"{OUTSIDE}, {INSIDE}") == 200
    assert asked(f"{INSIDE}, {OUTSIDE}") == 404
    assert asked(OUTSIDE, **{"X-Real-IP": INSIDE, "Forwarded": f"for={INSIDE}"}) == 404
    assert asked("nonsense") == 404


def test_without_a_proxy_nobody_is_believed(client: Client):
    sign_in_staff(client, StaffFactory())

    answer = client.get("/admin/", headers={"X-Forwarded-For": INSIDE}, REMOTE_ADDR=OUTSIDE)

    assert answer.status_code == 404


def test_without_the_setting_everywhere_is_inside(client: Client, settings):
    settings.ADMIN_ADDRESSES = ()
    sign_in_staff(client, StaffFactory())

    assert client.get("/admin/", REMOTE_ADDR=OUTSIDE).status_code == 200


@pytest.mark.parametrize("value", ["10.1.0.5/16", "city hall", "10.1.0.0/33", "", "10.1.*"])
def test_nonsense_is_refused_before_anything_starts(value: str):
    with pytest.raises(ImproperlyConfigured, match="ADMIN_ADDRESSES"):
        networks("ADMIN_ADDRESSES", [value])


def test_an_ipv4_address_in_ipv6_clothes_is_itself():
    assert is_in("::ffff:10.1.2.3", networks("X", ["10.1.0.0/16"]))
    assert not is_in("::ffff:10.2.2.3", networks("X", ["10.1.0.0/16"]))
