"""People of the demonstration: they can sign in to it, and nowhere else."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.urls import reverse

from oda_portal.accounts.models import User
from oda_portal.demo import people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_key(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.mark.parametrize("person", people.PEOPLE, ids=lambda person: person.email)
def test_person_signs_in_with_the_published_password(client, settings, person):
    settings.DEMO = True
    people.open_doors()

    response = client.post(
        reverse("account_login"), {"login": person.email, "password": people.PASSWORD}
    )

    if person.is_staff:
        code, _seconds = people.present_code()
        response = client.post(response.url, {"code": code})

    user = User.objects.get(email=person.email)
    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)
    assert (user.is_staff, user.is_superuser) == (person.is_staff, person.is_superuser)


def test_editor_writes_content_and_has_nothing_else(settings):
    settings.DEMO = True
    people.open_doors()

    editor = User.objects.get(email="editor@example.org")
    assert editor.has_perms(["programs.change_program", "pages.add_page", "partners.delete_city"])
    assert editor.has_perm("programs.view_historicalprogram")
    assert not editor.has_perm("programs.delete_historicalprogram")
    assert not editor.has_perm("accounts.change_user")
    citizen = User.objects.get(email="citizen@example.org")
    assert citizen.get_all_permissions() == set()


def test_opening_again_keeps_a_changed_password(settings):
    settings.DEMO = True
    people.open_doors()
    admin = User.objects.get(email="admin@example.org")
    admin.set_password("one-of-my-own-9")
    admin.save()

    people.open_doors()

    admin.refresh_from_db()
    assert admin.check_password("one-of-my-own-9")
    assert User.objects.count() == 3


def test_doors_are_not_opened_outside_the_demonstration(settings):
    settings.DEMO = False

    with pytest.raises(ImproperlyConfigured):
        people.open_doors()

    assert User.objects.count() == 0


def test_published_password_opens_nothing_once_the_demonstration_is_over(client, settings):
    settings.DEMO = True
    people.open_doors()
    editor = User.objects.get(email="editor@example.org")
    editor.set_password("one-of-my-own-9")
    editor.save()

    assert len(people.present_code()[0]) == 6

    closed = people.close_doors()

    editor.refresh_from_db()
    assert sorted(closed) == ["admin@example.org", "citizen@example.org"]
    assert editor.check_password("one-of-my-own-9")
    admin = User.objects.get(email="admin@example.org")
    assert not admin.check_password(people.PASSWORD)
    assert not Authenticator.objects.filter(user=admin).exists()
    assert people.present_code() == (None, 0)


def test_doors_are_printed_with_the_present_code(settings):
    settings.DEMO = True
    people.open_doors()

    lines = people.doors()
    out = StringIO()
    call_command("demo_code", stdout=out)

    assert [line for line in lines if "admin@example.org" in line]
    assert any(people.present_code()[0] in line for line in lines)
    assert out.getvalue()[:6] == people.present_code()[0]


def test_there_is_no_code_without_a_demonstration(settings):
    settings.DEMO = False

    with pytest.raises(CommandError):
        call_command("demo_code")


@pytest.mark.parametrize(
    ("demo", "site", "found"),
    [
        (True, "https://portal.example", ["demo.E001"]),
        (True, "http://portal.example", ["demo.E001"]),
        (True, "http://localhost:8000", []),
        (False, "https://portal.example", []),
    ],
)
def test_demonstration_on_a_public_address_is_refused(settings, demo, site, found):
    settings.DEMO, settings.SITE_URL = demo, site

    errors = checks.run_checks(tags=[checks.Tags.security])

    assert [error.id for error in errors if error.id.startswith("demo.")] == found
