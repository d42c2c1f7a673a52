"""Passport, health and emergency contact: how soon they go, and what a person gets of them."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import time_machine
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oda_portal.audit.models import Transition
from oda_portal.mail.models import Message
from oda_portal.privacy import retention
from oda_portal.privacy.archive import archive_of
from oda_portal.privacy.closing import close_account
from oda_portal.privacy.models import Consent, DestructionLedger, RetentionRule
from tests.files.samples import pdf, upload
from tests.privacy.test_at_once import at_once
from tests.volunteers.applicants import person, sent
from tests.volunteers.departures import (
    TYPED,
    departure,
    going,
    only,
    opening_in,
    with_checklist,
)
from volunteers.models import (
    Application,
    ChecklistItem,
    EmergencyContact,
    HealthNote,
    InsuranceCertificate,
    Opening,
    Readiness,
    State,
    TravelDocument,
)
from volunteers.readiness import acts, reminders

pytestmark = pytest.mark.django_db

Kind = ChecklistItem.Kind
KEPT = (TravelDocument, HealthNote, EmergencyContact, InsuranceCertificate)


def ready(client: Client, days: int = 30) -> Application:
    """Somebody who has handed everything in."""
    application = going(with_checklist(opening_in(days)))
    client.force_login(application.volunteer.user)
    for kind, typed in TYPED.items():
        assert client.post(departure(application, kind), typed).status_code == 302
    client.post(departure(application, Kind.INSURANCE), {"file": upload("보험.pdf", pdf())})
    return application


def counts() -> list[int]:
    return [model.objects.count() for model in KEPT]


def files() -> list[Path]:
    folder = Path(settings.PRIVATE_ROOT) / "insurancecertificate"
    return [path for path in folder.rglob("*") if path.is_file()]


def night_of(day: Any) -> None:
    """Three in the morning of this day in Korea."""
    with time_machine.travel(f"{day - timedelta(days=1)}T18:00:00+00:00", tick=False):
        retention.destroy_due()


@pytest.mark.parametrize("state", [State.CONFIRMED, State.DEPLOYED, State.COMPLETED])
def test_thirty_days_after_the_return_all_of_it_goes_and_the_application_stays(
    client: Client, state: State
):
    application = ready(client)
    Application.objects.filter(pk=application.pk).update(state=state)
    returns = application.opening.returns_on

    night_of(returns + timedelta(days=29))
    assert counts() == [1, 1, 1, 1]
    assert len(files()) == 1
    night_of(returns + timedelta(days=30))

    assert counts() == [0, 0, 0, 0]
    assert files() == []
    assert Application.objects.filter(pk=application.pk).exists()
    assert Readiness.objects.filter(application=application).count() == 5
    assert set(DestructionLedger.objects.values_list("key", flat=True)) == {
        "volunteers.passport", "volunteers.health", "volunteers.emergency", "volunteers.insurance",
    }  # fmt: skip


def test_how_many_days_is_staffs_to_say(client: Client):
    application = ready(client)
    retention.load_rules()
    RetentionRule.objects.filter(key="volunteers.passport").update(days=7)

    night_of(application.opening.returns_on + timedelta(days=7))

    assert counts() == [0, 1, 1, 1]


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.DECLINED, State.RESERVE])
def test_of_who_does_not_go_it_goes_the_same_night_whatever_happened(client: Client, state: State):
    application = ready(client)
    Application.objects.filter(pk=application.pk).update(state=state)

    night_of(timezone.localdate() + timedelta(days=1))

    assert counts() == [0, 0, 0, 0]


def test_forgetting_takes_all_of_it_at_once(client: Client):
    application = ready(client)
    other = ready(client)
    Readiness.objects.filter(application=application).update(state="returned")
    Transition.objects.filter(field="state").update(reason="words")

    acts.forget(application)
    acts.forget(application)

    assert counts() == [1, 1, 1, 1]
    assert len(files()) == 1
    assert set(Readiness.objects.values_list("application", flat=True)) == {other.pk}


def test_closing_the_account_takes_all_of_it(client: Client):
    application = ready(client)

    close_account(application.volunteer.user)

    assert counts() == [0, 0, 0, 0]
    assert files() == []
    assert not Readiness.objects.exists()


def test_a_person_gets_their_own_and_nobody_elses(client: Client):
    application = ready(client)
    stranger = person()

    with ZipFile(archive_of(application.volunteer.user)) as archive:
        own = {name: archive.read(name).decode(errors="replace") for name in archive.namelist()}
    with ZipFile(archive_of(stranger)) as archive:
        other = "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())

    whole = "".join(own.values())
    for text in ("M123A4567", "peanuts", "+82 10 9876 5432", "2031-08-31", "handed_in"):
        assert text in whole, text
        assert text not in other
    assert any(name.endswith("보험.pdf") for name in own)
    assert any(json.loads(text) for name, text in own.items() if name.endswith(".json"))


def test_stepping_back_on_ones_own_page_destroys_it_at_once(client: Client):
    application = ready(client)

    client.post(reverse("volunteers:withdraw", args=[application.uuid]))

    application.refresh_from_db()
    assert application.state == State.WITHDRAWN
    assert counts() == [0, 0, 0, 0]
    assert not Readiness.objects.exists()
    assert client.get(departure(application)).status_code == 404


def test_who_comes_first_is_served_with_a_checklist_too(client: Client):
    opening = opening_in(60, mode=Opening.Mode.FIRST_COME)

    application = sent(opening.call, opening)

    assert Message.objects.filter(kind="departure_checklist", about_id=application.pk).count() == 1
    client.force_login(application.volunteer.user)
    assert len(client.get(departure(application)).context["rows"]) == 6


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="SQLite has one writer and no row locks"
)
def test_the_same_form_sent_twenty_times_at_once_is_kept_once(client: Client):
    application = going(with_checklist(opening_in(30)))
    client.force_login(application.volunteer.user)
    cookies, path = client.cookies, departure(application, Kind.PASSPORT)

    def send() -> int:
        own = Client()
        own.cookies = cookies
        return own.post(path, TYPED[Kind.PASSPORT]).status_code

    assert at_once(send) == [302] * 20
    assert TravelDocument.objects.count() == Consent.objects.count() == 1
    assert Readiness.objects.count() == 1
    assert Transition.objects.filter(field="state", to_state="handed_in").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="SQLite has one writer and no row locks"
)
def test_reminders_of_twenty_clocks_at_once_are_one_mail():
    opening = with_checklist(opening_in(60), insurance=timezone.localdate() + timedelta(days=3))
    only(opening, Kind.INSURANCE)
    going(opening)

    assert sorted(at_once(reminders.remind)) == [0] * 19 + [1]
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="SQLite has one writer and no row locks"
)
def test_a_checklist_that_twenty_begin_at_once_is_made_once():
    opening = opening_in(60)
    people = [going(opening) for _n in range(20)]
    waiting = iter(people)

    def begin() -> bool:
        return acts.begin(next(waiting))

    assert at_once(begin) == [True] * 20
    assert opening.checklist.count() == 7
    assert Readiness.objects.count() == 140


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="SQLite has one writer and no row locks"
)
def test_who_takes_a_consent_back_waits_for_what_is_being_handed_in():
    application = going(with_checklist(opening_in(30)))
    follow, is_done = acts.take_back(Kind.PASSPORT), threading.Event()

    def take_back() -> None:
        follow(application)
        is_done.set()
        connection.close()

    other = threading.Thread(target=take_back)
    with transaction.atomic():
        Application.objects.select_for_update().get(pk=application.pk)
        other.start()
        assert not is_done.wait(1)
        TravelDocument.objects.create(
            application=application, number="M1", name="HONG", nationality="KR",
            expires_text="2031-08-31",
        )  # fmt: skip
    other.join(timeout=30)

    assert is_done.is_set()
    assert not TravelDocument.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="SQLite has one writer and no row locks"
)
def test_who_steps_back_while_handing_in_leaves_nothing_behind(client: Client):
    """Whichever comes first: either it is refused, or it is destroyed."""
    application = going(with_checklist(opening_in(30)))
    client.force_login(application.volunteer.user)
    begin = threading.Barrier(2)

    def step_back() -> None:
        begin.wait()
        mine = Application.objects.get(pk=application.pk)
        mine.withdraw(by=mine.volunteer.user)
        acts.forget(mine)
        connection.close()

    other = threading.Thread(target=step_back)
    other.start()
    begin.wait()
    client.post(departure(application, Kind.PASSPORT), TYPED[Kind.PASSPORT])
    other.join(timeout=30)

    assert not TravelDocument.objects.exists()
