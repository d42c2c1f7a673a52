"""What many do at the same moment happens once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection

from oda_portal.accounts import areas
from oda_portal.accounts.models import User
from oda_portal.accounts.roles import set_up_roles
from oda_portal.audit.models import Transition
from oda_portal.mail.models import Message
from oda_portal.privacy import actions, consent_texts, consents, reporting
from oda_portal.privacy.closing import close_account
from oda_portal.privacy.models import Consent, DestructionLedger, Kind, PrivacyRequest
from tests.factories import OfficeFactory, StaffFactory, UserFactory

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'", reason="SQLite has one writer and no row locks"
    ),
]
MANY = 20


def at_once(do: Callable[[], Any]) -> list[Any]:
    """What each of MANY threads got, all let go at the same moment; errors are results too."""
    gate, results = threading.Barrier(MANY), []

    def work() -> None:
        try:
            gate.wait()
            results.append(do())
        except Exception as error:
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(MANY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_one_request_and_one_mail():
    person = UserFactory()

    results = at_once(lambda: actions.ask(by=person, kind="see", text="x"))

    assert sorted(is_new for _request, is_new in results) == [False] * (MANY - 1) + [True]
    assert PrivacyRequest.objects.count() == 1
    assert Message.objects.count() == 1


def test_one_withdrawal_of_a_consent():
    consent_texts.load(in_force=True)
    person = UserFactory()
    given = consents.give(person, consents.current_texts(["photo"])[0], given=True, by=person)

    results = at_once(lambda: consents.take_back(given, by=person))

    assert sum(result is not None for result in results) == 1
    assert Consent.objects.count() == 2


def test_an_account_is_closed_once_and_told_once():
    OfficeFactory()
    person = UserFactory()

    results = at_once(lambda: close_account(User.objects.get(pk=person.pk)))

    # Who came after the end did not even find the account.
    assert results.count(True) == 1
    assert all(
        result in (True, False) or isinstance(result, User.DoesNotExist) for result in results
    )
    assert not User.objects.exists()
    assert Message.objects.count() == 1
    assert DestructionLedger.objects.count() == 1


def test_a_consent_text_is_loaded_once():
    results = at_once(lambda: consent_texts.load(in_force=True))

    assert sum(results) == len(Kind)


def test_one_report_to_each_officer():
    OfficeFactory()
    set_up_roles()
    for _number in range(2):
        officer = StaffFactory(is_superuser=False)
        officer.groups.add(Group.objects.get(name=reporting.ROLE))

    results = at_once(reporting.tell_officers)

    assert sum(results) == 2
    assert Message.objects.filter(kind="access_report").count() == 2


def test_one_step_for_each_kind_that_somebody_is_limited_to():
    person, boss = StaffFactory(is_superuser=False), StaffFactory()

    results = at_once(lambda: areas.limit(person, ["training"], by=boss))

    assert results == [None] * MANY
    assert Transition.objects.filter(field=areas.FIELD).count() == 1
    assert areas.areas_of(User.objects.get(pk=person.pk)) == {"training"}
