"""The roles as a page: what each may, who has which, and each grant and removal."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import translation

from oda_portal.accounts.models import User
from oda_portal.accounts.role_matrix import matrix
from oda_portal.accounts.roles import BY_NAME, ROLES, record_roles, set_up_roles
from oda_portal.privacy.models import AccessRecord
from tests import factories
from tests.doors import sign_in_staff

pytestmark = pytest.mark.django_db
PAGE = "admin:accounts_user_roles"


def member(*roles: str, **values: str) -> User:
    set_up_roles()
    user = factories.StaffFactory(is_superuser=False, **values)
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def cell(model: str, role: str) -> str:
    """What the table says of this kind of record and this role, in English."""
    with translation.override("en"):
        rows = dict(row for group in matrix(admin.site, [BY_NAME[role]]) for row in group.rows)
    return rows.get(model, [""])[0]


@pytest.mark.parametrize(
    ("model", "role", "words"),
    [
        ("Programmes", "editor", "everything, including deletion"),
        ("Programmes", "translator_en", "translate"),
        ("Programmes", "network_manager", "read"),
        ("Volunteers", "volunteer_coordinator", "edit, show masked data"),
        ("Volunteers", "editor", ""),
        ("Reviews", "reviewer", "score"),
        ("Reviews", "volunteer_coordinator", "read, assign reviewers"),
        ("Personal data access log", "privacy_officer", "read"),
        ("Users", "administrator", "add and edit, show masked data"),
    ],
)
def test_the_table_says_in_words_what_a_role_may(model: str, role: str, words: str):
    assert cell(model, role) == words


@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
def test_the_page_names_every_role_and_whoever_has_it(client: Client, language: str):
    factories.OfficeFactory()
    boss, user = member("administrator", name="김총괄"), member("editor", name="이편집")
    record_roles(user, set(), {"editor"}, by=boss)
    sign_in_staff(client, boss)
    with translation.override(language):
        page, labels = reverse(PAGE), [str(role.label) for role in ROLES]

    answer = client.get(page)

    text = answer.content.decode()
    for label in labels:
        assert label in text
    held = next(one for one in answer.context["holders"] if one.person == user).roles
    assert [(one.by, bool(one.since)) for one in held] == [(boss, True)]
    assert [(step.person, step.is_given, step.by) for step in answer.context["steps"]] == [
        (user, True, boss)
    ]
    look = AccessRecord.objects.latest("pk")
    assert ("accounts.user", user.pk) in look.subjects.values_list("label", "object_id")


def test_one_role_has_its_own_people_and_steps(client: Client):
    factories.OfficeFactory()
    boss, user, other = member("administrator"), member("editor"), member("reviewer")
    record_roles(user, set(), {"editor"}, by=boss)
    record_roles(other, {"editor"}, {"reviewer"}, by=boss)
    sign_in_staff(client, boss)

    answer = client.get(reverse(PAGE), {"role": "editor"})

    assert [one.person for one in answer.context["holders"]] == [user]
    steps = [(step.person, step.is_given) for step in answer.context["steps"]]
    assert steps == [(other, False), (user, True)]
    assert client.get(reverse(PAGE), {"role": "x"}).context["role"] is None


def test_a_role_from_before_the_record_is_shown_as_such(client: Client):
    factories.OfficeFactory()
    boss = member("administrator")
    sign_in_staff(client, boss)

    held = client.get(reverse(PAGE)).context["holders"][0].roles

    assert [(one.since, one.by) for one in held] == [(None, None)]


def test_an_account_that_was_closed_leaves_its_steps_without_a_name(client: Client):
    factories.OfficeFactory()
    boss, gone = member("administrator"), member("editor", name="떠난이")
    record_roles(gone, set(), {"editor"}, by=boss)
    gone.delete()
    sign_in_staff(client, boss)

    answer = client.get(reverse(PAGE))

    assert answer.context["steps"][0].person is None
    assert "떠난이" not in answer.content.decode()


@pytest.mark.parametrize("role", ["editor", "volunteer_coordinator", "translator_ko"])
def test_the_page_is_for_who_may_see_accounts(client: Client, role: str):
    factories.OfficeFactory()
    sign_in_staff(client, member(role))

    assert client.get(reverse(PAGE)).status_code == 403


@pytest.mark.thorough
def test_the_page_asks_as_much_for_many_as_for_one(client: Client, uncached_queries):
    factories.OfficeFactory()
    boss = member("administrator")
    record_roles(boss, set(), {"administrator"}, by=boss)
    sign_in_staff(client, boss)
    one = uncached_queries(client, reverse(PAGE))
    for _number in range(15):
        user = member("editor", "reviewer")
        record_roles(user, set(), {"editor", "reviewer"}, by=boss)

    assert uncached_queries(client, reverse(PAGE)) == one
