"""What staff see of the state of the system."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from oda_portal.accounts.models import User
from oda_portal.accounts.roles import set_up_roles
from oda_portal.watching import signs
from tests.doors import sign_in_staff
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db


def with_role(name: str) -> User:
    set_up_roles()
    staff = StaffFactory(is_superuser=False)
    staff.groups.add(*staff.groups.model.objects.filter(name=name))
    return staff


def reminders(client: Client) -> list[str]:
    shown = client.get(reverse("admin:index")).context["reminders"]
    return [one.sentence for one in shown if one.url == reverse("admin:system_state")]


def test_administrators_see_the_state_and_others_nothing_of_it(client: Client):
    for name, status in (("administrator", 200), ("editor", 404), ("privacy_officer", 404)):
        sign_in_staff(client, with_role(name))
        assert client.get(reverse("admin:system_state")).status_code == status


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ko", ["시스템 상태", "타이머", "장애"]),
        ("en", ["System state", "Timer", "Faulty", "Start the timer again"]),
        ("zh-hans", ["系统状态", "定时器", "故障"]),
    ],
)
def test_a_dead_timer_is_seen_on_the_page(client: Client, language: str, words: list[str]):
    signs.give(signs.BEAT)
    sign_in_staff(client, with_role("administrator"))
    with translation.override(language):
        path = reverse("admin:system_state")

    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        signs.give(signs.WORKER)
        page = client.get(path)

    first = page.context["seen"][0]
    assert (first.check.name, first.state, page.context["worst"]) == ("beat", "sick", "sick")
    shown = page.content.decode()
    assert [word for word in words if word not in shown] == []
    assert "no-store" in page.headers["Cache-Control"]


def test_the_first_page_names_what_is_not_in_order(client: Client):
    signs.give(signs.BEAT)
    sign_in_staff(client, with_role("administrator"))
    assert reminders(client) == []

    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        assert reminders(client) == ["정상이 아닌 항목: 작업 처리기, 타이머."]
        sign_in_staff(client, with_role("editor"))
        assert reminders(client) == []
