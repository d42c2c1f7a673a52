"""My page with its panels, one's own details, and pages of the staff."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.http import HttpRequest
from django.test import Client

from oda_portal.accounts import panels
from oda_portal.accounts.panels import Panel, register_panel
from tests.accounts.people import give_password, sign_in, verified_user
from tests.doors import sign_in_staff, with_app
from tests.factories import OfficeFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db
LANGUAGES = [("", "마이페이지"), ("/en", "My page"), ("/zh-hans", "个人中心")]


@pytest.mark.parametrize(("prefix", "title"), LANGUAGES)
def test_my_page_shows_who_one_is_in_the_language(client: Client, prefix: str, title: str):
    OfficeFactory()
    user = verified_user(name="홍길동")
    sign_in(client, user)

    answer = client.get(f"{prefix}/accounts/")

    text = answer.content.decode()
    assert f"<h1>{title}</h1>" in text
    assert "홍길동" in text
    assert user.email in text
    assert f'href="{prefix}/accounts/"' in text
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["", "profile/", "kept/", "second-step/"])
def test_who_is_not_signed_in_is_led_to_it_and_back(client: Client, path: str):
    OfficeFactory()

    answer = client.get(f"/en/accounts/{path}")

    assert answer.url == f"/en/accounts/login/?next=/en/accounts/{path}"


def test_panels_stand_in_their_order_and_one_without_content_is_left_out(
    client: Client, monkeypatch: pytest.MonkeyPatch
):
    OfficeFactory()
    monkeypatch.setattr(panels, "_panels", {})

    def of(name: str, position: int, content: dict | None) -> Panel:
        def context(request: HttpRequest) -> dict | None:
            return content

        return Panel(name, name.title(), position, "accounts/panel_profile.html", context)

    for panel in (of("last", 9, {}), of("first", 1, {}), of("nothing", 5, None)):
        register_panel(panel)
    sign_in(client, verified_user())

    shown = client.get("/en/accounts/").context["panels"]

    assert [panel.name for panel, _content in shown] == ["first", "last"]


def test_a_changed_name_and_language_are_kept_and_the_page_speaks_it(client: Client):
    OfficeFactory()
    user = verified_user(name="before", preferred_language="ko")
    sign_in(client, user)

    form = {"name": "王芳", "preferred_language": "zh-hans"}
    answer = client.post("/en/accounts/profile/", form, follow=True)

    user.refresh_from_db()
    assert (user.name, user.preferred_language) == ("王芳", "zh-hans")
    assert answer.redirect_chain == [("/zh-hans/accounts/", 302)]


def test_one_changes_ones_own_details_alone(client: Client):
    OfficeFactory()
    user, other = verified_user(), UserFactory(name="other")
    sign_in(client, user)

    form = {"name": "x", "preferred_language": "ko", "id": other.pk, "is_staff": "on"}
    client.post("/en/accounts/profile/", form)

    user.refresh_from_db()
    other.refresh_from_db()
    assert (user.is_staff, other.name) == (False, "other")


def test_sign_in_leads_citizens_to_my_page_and_staff_where_they_came_for(client: Client):
    OfficeFactory()
    assert sign_in(client, verified_user()).url == "/en/accounts/"
    staff = give_password(StaffFactory())

    assert sign_in(Client(), staff, next="/en/admin/").url == "/en/admin/"


@pytest.mark.parametrize("is_staff", [True, False])
def test_only_staff_are_shown_the_way_to_the_back_office(client: Client, is_staff: bool):
    OfficeFactory()
    sign_in(client, give_password(UserFactory(is_staff=is_staff)))

    assert ('href="/en/admin/"' in client.get("/en/accounts/").content.decode()) == is_staff


# --- pages of the staff outside the back office ------------------------------------------------


@pytest.fixture
def _desk(settings) -> None:  # type: ignore[no-untyped-def]
    settings.ROOT_URLCONF = "tests.accounts.staff_urls"


@pytest.mark.usefixtures("_desk")
def test_a_staff_page_is_unknown_to_citizens_and_to_staff_without_the_permission(client: Client):
    OfficeFactory()
    sign_in(client, verified_user())
    other = Client()
    sign_in_staff(other, StaffFactory(is_superuser=False))

    assert client.get("/desk/").status_code == 404
    assert other.get("/desk/").status_code == 404


@pytest.mark.usefixtures("_desk")
def test_a_staff_page_opens_with_permission_and_second_step(client: Client):
    OfficeFactory()
    staff = give_password(StaffFactory(is_superuser=False))
    staff.user_permissions.add(Permission.objects.get(codename="change_program"))
    assert client.get("/desk/?a=1").url == "/accounts/login/?next=%2Fdesk%2F%3Fa%3D1"
    sign_in(client, staff)
    assert client.get("/desk/").url == "/accounts/second-step/?next=%2Fdesk%2F"
    with_app(staff)
    assert client.get("/desk/").url == "/accounts/two-step/reauthenticate/?next=%2Fdesk%2F"

    sign_in_staff(client, staff)

    assert client.get("/desk/").content == b"desk"
