"""Many doors at once, on real connections: nobody is counted twice, and nobody without a place."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from forums.doors import acts
from forums.doors.certificates import KIND
from forums.models import Arrival, Registration
from forums.registering import acts as registering
from oda_portal.audit.models import Transition
from oda_portal.certificates import actions
from oda_portal.certificates.models import Certificate
from oda_portal.certificates.refusals import NotYetError
from tests.factories import OfficeFactory, StaffFactory
from tests.forums.test_check_in import edition, with_place

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'",
        reason="SQLite has one writer, and its test database in memory refuses instead of waiting",
    ),
]

REFUSALS = (acts.RefusedError, NotYetError)


def all_at_once(doings: list[Callable[[], Any]]) -> list[Any]:
    """What each returned or how it was refused; all begin together, each on its own connection."""
    start = Barrier(len(doings))

    def one(act: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=30)
            return act()
        except REFUSALS as refused:
            return type(refused)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(doings)) as threads:
        return list(threads.map(one, doings))


def came(registration: Registration) -> int:
    return Registration.objects.get(pk=registration.pk).arrived


def test_fifty_who_scan_one_ticket_let_it_in_once():
    registration, staff = with_place(edition(), size=5), StaffFactory()

    let_in = all_at_once(
        [partial(acts.check_in, registration, key=uuid4(), by=staff) for _one in range(50)]
    )

    assert sorted(found.people for found in let_in) == [*[0] * 49, 5]
    assert came(registration) == 5
    assert Transition.objects.filter(field="people in").count() == 1


def test_one_act_that_is_sent_fifty_times_at_once_counts_once():
    registration, staff, key = with_place(edition(), size=5), StaffFactory(), uuid4()

    all_at_once(
        [partial(acts.check_in, registration, key=key, by=staff, people=1) for _one in range(50)]
    )

    assert came(registration) == 1
    assert Arrival.objects.count() == 1


def test_parts_of_a_party_at_different_doors_add_up_to_the_party():
    registration, staff = with_place(edition(), size=5), StaffFactory()

    let_in = all_at_once(
        [
            partial(acts.check_in, registration, key=uuid4(), by=staff, people=2)
            for _one in range(10)
        ]
    )

    assert let_in.count(acts.RefusedError) == 8
    assert came(registration) == 4


def test_cancelling_and_coming_in_at_once_leave_one_of_them():
    forum, staff = edition(), StaffFactory()
    people = [with_place(forum) for _one in range(10)]

    all_at_once(
        [
            *(partial(acts.check_in, one, key=uuid4(), by=staff) for one in people),
            *(partial(registering.cancel, one, by=None) for one in people),
        ]
    )

    for one in Registration.objects.all():
        assert (one.arrived == 1) != (one.cancelled_at is not None)


def test_no_certificate_outlives_a_check_in_that_was_undone():
    OfficeFactory()
    forum, staff = edition(), StaffFactory()
    people = [with_place(forum, name="김하늘") for _one in range(10)]
    for one in people:
        acts.check_in(one, key=uuid4(), by=staff)

    all_at_once(
        [
            *(partial(actions.issue, KIND, one, by=staff) for one in people),
            *(partial(acts.undo, one, by=staff, reason="mistake") for one in people),
        ]
    )

    certified = set(Certificate.objects.valid().values_list("object_id", flat=True))
    inside = set(Registration.objects.filter(arrived=1).values_list("pk", flat=True))
    assert certified == inside
