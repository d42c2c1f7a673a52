"""Agreements: their text as a file, and a reminder before they end."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.urls import reverse

from oda_portal.accounts.models import User
from oda_portal.accounts.roles import set_up_roles
from oda_portal.mail.models import Message
from oda_portal.publishing.models import Status
from partners.meetings.reminders import remind_of_agreements, step_of
from tests.factories import AgreementFactory, OfficeFactory, StaffFactory
from tests.files import samples
from tests.letters import delivered

pytestmark = pytest.mark.django_db

END = date(2027, 6, 30)


def at(days_before: int) -> time_machine.travel:
    day = END - timedelta(days=days_before)
    return time_machine.travel(
        datetime(day.year, day.month, day.day, 1), tick=False
    )  # 10:00 in Seoul


def a_keeper(role: str = "network_manager", language: str = "ko") -> User:
    if not Group.objects.exists():
        set_up_roles()
    user = StaffFactory(is_superuser=False, preferred_language=language)
    user.groups.set(Group.objects.filter(name=role))
    return user


@pytest.mark.parametrize(
    ("left", "step"), [(91, None), (90, 90), (31, 90), (30, 30), (8, 30), (7, 7), (0, 7)]
)
def test_a_reminder_has_its_days(left, step):
    assert step_of(END, END - timedelta(days=left)) == step


def test_keepers_are_reminded_once_for_each_step_and_again_after_it_was_extended():
    a_keeper()
    a_keeper("reviewer")
    agreement = AgreementFactory(signed_on=date(2020, 1, 1), valid_until=END, title_ko="우호 협약")
    with at(200):
        assert remind_of_agreements() == 0
    with at(90):
        assert (remind_of_agreements(), remind_of_agreements()) == (1, 0)
    with at(7):
        assert remind_of_agreements() == 1
    agreement.valid_until = END + timedelta(days=365)
    agreement.save()
    with at(-365 + 90):
        assert remind_of_agreements() == 1

    assert {message.kind for message in Message.objects.all()} == {"agreement_ends"}
    assert delivered()[0].subject == "협약 기간이 곧 끝납니다: 우호 협약"


def test_the_document_of_a_published_agreement_is_public(client):
    agreement = AgreementFactory(document=ContentFile(samples.pdf(), name="agreement.pdf"))
    address = reverse("files:download", args=[agreement.uuid])

    assert address in client.get(reverse("partners:agreement_list")).content.decode()
    assert client.get(address).status_code == 200
    agreement.withdraw(by=None)
    assert client.get(address).status_code == 404


def test_an_agreement_without_a_document_offers_none(client):
    AgreementFactory(status=Status.PUBLISHED, valid_until=END, signed_on=date(2020, 1, 1))

    page = client.get(f"/en{reverse('partners:agreement_list')}").content.decode()

    assert "/files/" not in page
    assert re.search(r"valid until <time[^>]*>30 June 2027", page)


def test_agreement_list_says_what_has_ended(client):
    OfficeFactory()
    AgreementFactory(title_en="Open-ended", valid_until=None)
    AgreementFactory(title_en="In force", signed_on=date(2020, 1, 1), valid_until=END)
    page = f"/en{reverse('partners:agreement_list')}"

    with at(0):
        assert ">Ended<" not in client.get(page).content.decode()
    with at(-1):
        assert client.get(page).content.decode().count(">Ended<") == 1
