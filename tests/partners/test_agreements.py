"""Agreements: their text as a file, and a reminder before they end."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from oda_portal.accounts.models import User
from oda_portal.accounts.roles import set_up_roles
from oda_portal.library import uses
from oda_portal.mail.models import Message
from oda_portal.publishing.models import Status
from partners.meetings.reminders import remind_of_agreements, step_of
from partners.models import Agreement
from tests.admin.forms import filled
from tests.doors import sign_in_staff
from tests.factories import AgreementFactory, OfficeFactory, StaffFactory
from tests.files import samples
from tests.letters import delivered
from tests.library.samples import held_document

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


# --- its text from the library --------------------------------------------------------------------


def send(client: Client, agreement: Agreement, **fields: str) -> Any:
    page = reverse("admin:partners_agreement_change", args=[agreement.pk])
    return client.post(page, filled(client.get(page), **fields))


def test_a_document_of_the_library_is_chosen_and_the_agreement_keeps_its_title(client: Client):
    sign_in_staff(client, StaffFactory())
    held, agreement = held_document(), AgreementFactory(title_ko="항만 협약", title_en="")

    assert send(client, agreement, library=str(held.pk)).status_code == 302

    agreement.refresh_from_db()
    assert agreement.document.name == held.file.name
    assert (agreement.title_ko, agreement.title_en or "") == ("항만 협약", "")
    assert [place.record for place in uses.places(held)] == [agreement]


def test_a_number_that_the_library_does_not_have_changes_nothing(client: Client):
    sign_in_staff(client, StaffFactory())
    agreement = AgreementFactory()

    refused = send(client, agreement, library="4711")

    assert "library" in refused.context["adminform"].form.errors
    agreement.refresh_from_db()
    assert not agreement.document


def test_who_may_only_read_an_agreement_is_shown_it(client: Client):
    sign_in_staff(client, a_keeper("volunteer_coordinator"))
    agreement = AgreementFactory(title_ko="항만 협약")

    page = client.get(reverse("admin:partners_agreement_change", args=[agreement.pk]))

    assert "항만 협약" in page.content.decode()
    assert 'name="library"' not in page.content.decode()
