"""What many confirm at the same moment is confirmed once, and for what stands there."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client

from oda_portal.audit.models import Transition
from programs.models import Confirmation, CountryShare, Program
from programs.reporting.confirming import ChangedError, confirm, take_back
from programs.reporting.fingerprints import fingerprint
from tests.admin.forms import filled
from tests.doors import sign_in_staff
from tests.factories import OfficeFactory, StaffFactory
from tests.privacy.test_at_once import at_once
from tests.programs.reporting import ready_program, unconfirmed_program

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite has one writer and no row locks"
    ),
]


def test_the_page_sent_by_many_hands_confirms_once():
    OfficeFactory()
    program = unconfirmed_program(countries={"VN": None, "KH": None, "LA": None})
    Transition.objects.all().delete()
    client, page = Client(), f"/admin/programs/program/{program.pk}/confirm/shares/"
    sign_in_staff(client, StaffFactory())
    form = filled(client.get(page))

    def send() -> int:
        window = Client()
        window.cookies = client.cookies
        return window.post(page, form).status_code

    assert set(at_once(send)) == {302}
    assert Confirmation.objects.filter(program=program).count() == 1
    assert Transition.objects.filter(field="reporting_shares").count() == 1
    shares = CountryShare.objects.filter(program=program).values_list("percentage", flat=True)
    assert sum(shares) == 100


def test_what_changes_at_that_moment_is_not_confirmed_unseen():
    program = unconfirmed_program(countries={"VN": Decimal(50), "KH": Decimal(50)})
    seen = fingerprint(program, "shares")
    turns = iter(range(1000))

    def act() -> str:
        if next(turns) % 2:
            rows = CountryShare.objects.filter(program=program)
            rows.filter(country__code="VN").update(percentage=Decimal(60))
            return "changed"
        try:
            return "confirmed" if confirm(program, "shares", seen=seen, by=None) else "before"
        except ChangedError:
            return "refused"

    at_once(act)

    stored = Confirmation.objects.filter(program=program).first()
    assert stored is None or stored.fingerprint == seen
    assert fingerprint(Program.objects.get(pk=program.pk), "shares") != seen


def test_it_is_taken_back_once():
    program = ready_program()

    done = at_once(lambda: take_back(program, "roles", by=None))

    assert done.count(True) == 1
    assert Transition.objects.filter(from_state="confirmed", field="reporting_roles").count() == 1
