"""Handing a Sister Village over, and looking whether it is still in use."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from oda_portal.audit.models import Transition
from programs.actions import hand_over, months_after
from programs.models import MonitoringVisit, Program
from tests import factories
from tests.admin.forms import filled
from tests.doors import sign_in_staff

pytestmark = pytest.mark.django_db


def a_village() -> Program:
    return factories.ProgramFactory(kind="sister_village")


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 15), 6, date(2026, 7, 15)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 12, 31), 24, date(2028, 12, 31)),
    ],
)
def test_months_after_stays_within_the_month(day: date, months: int, expected: date):
    assert months_after(day, months) == expected


def test_hand_over_plans_three_visits_and_keeps_a_trail():
    staff, village = factories.StaffFactory(), a_village()

    assert hand_over(village, on=date(2026, 5, 20), by=staff) is True

    planned = village.visits.values_list("planned_on", flat=True)
    assert list(planned) == [date(2026, 11, 20), date(2027, 5, 20), date(2028, 5, 20)]
    village.refresh_from_db()
    assert village.handed_over_on == date(2026, 5, 20)
    transition = Transition.objects.get()
    assert (transition.subject, transition.field, transition.to_state, transition.by) == (
        village, "handed_over_on", "2026-05-20", staff,
    )  # fmt: skip


def test_hand_over_twice_is_once():
    staff, village = factories.StaffFactory(), a_village()
    hand_over(village, on=date(2026, 5, 20), by=staff)
    stale = Program.objects.get()

    assert hand_over(stale, on=date(2026, 6, 1), by=staff) is False

    assert stale.handed_over_on == Program.objects.get().handed_over_on == date(2026, 5, 20)
    assert MonitoringVisit.objects.count() == 3
    assert Transition.objects.count() == 1


def test_only_a_village_is_handed_over():
    program = factories.ProgramFactory(kind="training")

    with pytest.raises(ValueError, match="Sister Village"):
        hand_over(program, on=date(2026, 5, 20), by=factories.StaffFactory())


@time_machine.travel("2026-11-22T03:00:00Z")
def test_hand_over_page_asks_for_the_day(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    village = a_village()
    form = reverse("admin:programs_program_change", args=[village.pk])
    page = reverse("admin:programs_program_hand_over", args=[village.pk])
    assert page in client.get(form).content.decode()

    assert filled(client.get(page))["on"] == ["2026-11-22"]
    for wrong in ("", "yesterday", "2026-11-23", "9999-12-31"):
        assert client.post(page, {"on": wrong}).status_code == 200
    assert not MonitoringVisit.objects.exists()
    client.post(page, {"on": "2026-11-20"})

    assert MonitoringVisit.objects.count() == 3
    assert page not in client.get(form).content.decode()


def test_hand_over_page_is_for_villages_and_for_those_who_may_change(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    training = factories.ProgramFactory(kind="training")
    page = reverse("admin:programs_program_hand_over", args=[training.pk])
    assert client.get(page).status_code == 404

    staff = factories.StaffFactory(is_superuser=False)
    staff.user_permissions.add(Permission.objects.get(codename="view_program"))
    sign_in_staff(client, staff)
    page = reverse("admin:programs_program_hand_over", args=[a_village().pk])
    assert client.post(page, {"on": "2026-01-01"}).status_code == 403


@time_machine.travel("2026-11-22T03:00:00Z")
def test_overdue_visits_are_counted_on_the_index_and_listed(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    late = factories.MonitoringVisitFactory(planned_on=date(2026, 11, 21))
    factories.MonitoringVisitFactory(planned_on=date(2026, 11, 22))
    factories.MonitoringVisitFactory(planned_on=date(2026, 1, 1), visited_on=date(2026, 1, 5))

    reminder = client.get(reverse("admin:index")).context["reminders"][0]

    assert "1" in reminder.sentence
    assert list(client.get(reminder.url).context["cl"].queryset) == [late]


def test_nobody_is_reminded_of_what_they_may_not_see(client: Client):
    factories.MonitoringVisitFactory(planned_on=date(2020, 1, 1))
    sign_in_staff(client, factories.StaffFactory(is_superuser=False))

    assert client.get(reverse("admin:index")).context["reminders"] == []
