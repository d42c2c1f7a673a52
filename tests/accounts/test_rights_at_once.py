"""Administrators who change what people may do at the same instant."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.urls import reverse

from oda_portal.accounts.areas import FIELD, areas_of
from oda_portal.accounts.models import User
from oda_portal.accounts.roles import may_grant_roles, roles_of, set_up_roles
from oda_portal.audit.models import Transition
from tests import factories
from tests.admin.forms import filled
from tests.doors import sign_in_staff

pytestmark = [
    pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time anyway"),
    pytest.mark.django_db(transaction=True),
]


def member(*roles: str) -> User:
    set_up_roles()
    user = factories.StaffFactory(is_superuser=False)
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def again(user: User) -> User:
    return User.objects.get(pk=user.pk)


def page_of(user: User) -> str:
    return reverse("admin:accounts_user_change", args=[user.pk])


def at_once(*sent: tuple[User, User, dict]) -> list[int]:
    """The answers to forms: who sends it, about whom, and what they change.

    401: whoever was closed a moment before has to sign in.
    """
    work = []
    for by, user, changes in sent:
        client = Client()
        sign_in_staff(client, by)
        work.append((client, page_of(user), {**filled(client.get(page_of(user))), **changes}))
    start = Barrier(len(work))

    def send(client: Client, page: str, form: dict) -> int:
        start.wait()
        try:
            answer = client.post(page, form)
            to_sign_in = answer.status_code == 302 and "/login/" in answer.headers["Location"]
            return 401 if to_sign_in else answer.status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(work)) as threads:
        return [each.result() for each in [threads.submit(send, *each) for each in work]]


def told(user: User, field: str) -> set[str]:
    """What the trail adds up to; raises KeyError when something is taken that was not given."""
    held: set[str] = set()
    for step in Transition.objects.filter(object_id=user.pk, field=field).order_by("pk"):
        if step.from_state:
            held.remove(step.from_state)
        else:
            assert step.to_state not in held
            held.add(step.to_state)
    return held


def role(name: str) -> list[str]:
    return [str(Group.objects.get(name=name).pk)]


@pytest.mark.parametrize(
    "change",
    [lambda: {"groups": role("editor")}, lambda: {"is_active": "", "groups": role("editor")}],
    ids=["role", "closed"],
)
def test_two_administrators_cannot_take_each_others_role_and_leave_none(change: Callable):
    first, second = member("administrator"), member("administrator")

    answers = at_once((first, second, change()), (second, first, change()))

    left = [one for one in (again(first), again(second)) if may_grant_roles(one) and one.is_active]
    assert len(left) == 1
    assert answers.count(302) == 1
    assert Transition.objects.filter(field="roles", from_state="administrator").count() == 1


def test_of_two_who_limit_one_person_the_second_is_told_and_nothing_is_lost():
    set_up_roles()
    user = factories.StaffFactory(is_superuser=False)
    wishes = [
        {"areas": ["training"], "groups": role("editor")},
        {"areas": ["forum"], "groups": role("reviewer")},
        {"areas": ["training", "forum"], "groups": role("editor")},
    ]

    answers = at_once(*[(member("administrator"), user, wish) for wish in wishes])

    assert sorted(answers) == [200, 200, 302]
    wish = wishes[answers.index(302)]
    assert areas_of(again(user)) == set(wish["areas"]) == told(user, FIELD)
    assert roles_of(again(user)) == told(user, "roles")
    assert [str(one.pk) for one in again(user).groups.all()] == wish["groups"]
