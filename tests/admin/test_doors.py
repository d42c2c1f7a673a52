"""Who comes into the back office, and how."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import translation

from oda_portal.accounts.models import User
from oda_portal.pages.models import Page
from tests import factories
from tests.admin.forms import filled
from tests.doors import sign_in_staff

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "sign_in"),
    [
        ("ko", "/accounts/login/"),
        ("en", "/en/accounts/login/"),
        ("zh-hans", "/zh-hans/accounts/login/"),
    ],
)
def test_sign_in_goes_through_the_portals_own(client: Client, language: str, sign_in: str):
    with translation.override(language):
        index = reverse("admin:index")

    response = client.get(index, follow=True)

    assert response.redirect_chain[-1][0].split("?")[0] == sign_in
    # Posting to Django's own form would pass by the limits on failures.
    person = factories.StaffFactory()
    login = client.post(f"{index}login/", {"username": person.email, "password": "long-Enough-1"})
    assert login.status_code == 302
    assert "_auth_user_id" not in client.session


def test_a_citizen_gets_no_further(client: Client):
    client.force_login(factories.UserFactory())

    assert client.get(reverse("admin:index"), follow=True).status_code == 403


def test_password_and_sign_out_are_those_of_the_portal(client: Client):
    sign_in_staff(client, factories.StaffFactory())

    assert client.get(reverse("admin:password_change")).url == reverse("account_change_password")
    page = client.get(reverse("admin:index")).content.decode()
    assert f'action="{reverse("account_logout")}"' in page


def test_staff_see_only_what_they_have_permission_for(client: Client):
    staff = factories.StaffFactory(is_superuser=False)
    staff.user_permissions.add(Permission.objects.get(codename="change_city"))
    sign_in_staff(client, staff)

    apps = client.get(reverse("admin:index")).context["app_list"]

    # Everybody at work has a list of the long-running work that they asked for.
    shown = [entry["object_name"] for app in apps for entry in app["models"]]
    assert shown == ["City", "Job"]
    assert client.get(reverse("admin:partners_city_changelist")).status_code == 200
    assert client.get(reverse("admin:partners_city_add")).status_code == 403
    assert client.get(reverse("admin:programs_program_changelist")).status_code == 403


def test_the_menu_leads_to_a_list_and_a_form_of_each_kind(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    factories.ProgramFactory(kind="training")
    village = factories.ProgramFactory(kind="sister_village")

    lines = client.get(reverse("admin:index")).context["app_list"][0]["models"]
    shortcut = next(line for line in lines if "sister_village" in line["admin_url"])

    assert list(client.get(shortcut["admin_url"]).context["cl"].queryset) == [village]
    assert filled(client.get(shortcut["add_url"]))["kind"] == ["sister_village"]


def test_nobody_makes_themselves_a_superuser(client: Client):
    staff = factories.StaffFactory(is_superuser=False)
    staff.user_permissions.add(*Permission.objects.filter(codename__endswith="_user"))
    sign_in_staff(client, staff)
    page = reverse("admin:accounts_user_change", args=[staff.pk])

    client.post(page, filled(client.get(page), name="나", is_superuser="on", is_staff="on"))
    staff.refresh_from_db()
    assert (staff.name, staff.is_superuser) == ("나", False)

    superuser = factories.StaffFactory()
    password = f"/admin/accounts/user/{superuser.pk}/password/"
    assert client.get(password).status_code == 403
    form = {"password1": "another-Pass-9", "password2": "another-Pass-9"}
    assert client.post(password, form).status_code == 403


def test_a_new_user_is_made_with_an_address_and_a_password(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    add = reverse("admin:accounts_user_add")
    form = {
        "email": "new@example.org",
        "password1": "another-Pass-9",
        "password2": "another-Pass-9",
    }

    client.post(add, filled(client.get(add), **form))

    assert User.objects.get(email="new@example.org").check_password("another-Pass-9")


def on_site(row: Model) -> str:
    kind = ContentType.objects.get_for_model(row)
    return reverse("admin:view_on_site", args=[kind.pk, row.pk])


def test_the_way_to_the_site_leads_to_a_form_while_there_is_no_page(client: Client):
    staff = factories.StaffFactory(is_superuser=False)
    staff.user_permissions.add(Permission.objects.get(codename="view_page"))
    sign_in_staff(client, staff)
    shown, draft = factories.PageFactory(), factories.PageFactory(status="draft")

    assert client.get(on_site(shown)).url == shown.get_absolute_url()
    assert client.get(on_site(draft)).url == reverse("admin:pages_page_change", args=[draft.pk])


def test_the_way_to_the_site_tells_nothing_of_what_staff_may_not_see(client: Client):
    staff = factories.StaffFactory(is_superuser=False)
    staff.user_permissions.add(Permission.objects.get(codename="view_page"))
    sign_in_staff(client, staff)
    draft = factories.ProgramFactory(status="draft")
    photo = factories.PhotoFactory(program=draft)
    kind = ContentType.objects.get_for_model(Page).pk
    addresses = [on_site(draft), on_site(factories.ProgramFactory()), on_site(photo)]
    addresses += [f"/admin/r/{kind}/1/", f"/admin/r/{kind}/x/", "/admin/r/99999/1/"]
    addresses += [f"/admin/r/{10**30}/1/", f"/admin/r/{kind}/{10**30}/", "/admin/r/x/1/"]

    assert {client.get(address).status_code for address in addresses} == {404}


def test_only_forms_may_run_the_editors_style_and_script(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    page = factories.PageFactory()

    form = client.get(reverse("admin:pages_page_change", args=[page.pk]))
    index = client.get(reverse("admin:index"))

    policy = form.headers["Content-Security-Policy"]
    assert "'nonce-" in policy
    assert "'sha256-" in policy
    for headers in (policy, index.headers["Content-Security-Policy"]):
        assert "unsafe" not in headers
    assert "nonce" not in index.headers["Content-Security-Policy"]
    assert 'style="' not in form.content.decode() + index.content.decode()
