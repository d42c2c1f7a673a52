"""The waiting list: in order, whatever frees a place, and nobody passed over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from oda_portal.accounts.models import User
from oda_portal.audit.models import Transition
from oda_portal.seats import registry
from oda_portal.seats.actions import accept, expire_due, offer, release, set_capacity, take
from oda_portal.seats.models import Pool, Seat
from oda_portal.seats.registry import Queue
from oda_portal.seats.rows import find
from oda_portal.seats.waiting import place_of, put_at, wait, waiting_in
from tests.factories import StaffFactory, UserFactory

pytestmark = pytest.mark.django_db

offered: list[User] = []
freed: list[User] = []
AN_HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _people_may_wait(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Rules for accounts, which wait for nothing in the portal itself."""
    rules = Queue(
        until=lambda seat: timezone.now() + AN_HOUR,
        on_offer=lambda seat: offered.append(seat.subject),
        on_freed=lambda seat: freed.append(seat.subject),
    )
    monkeypatch.setitem(registry._queues, "accounts.user", rules)
    yield
    offered.clear()
    freed.clear()


def full(places: int, waiting: int) -> tuple[Pool, list[User], list[User]]:
    """A pool without a free place, who holds them, and who waits, in order."""
    pool = Pool.objects.create(capacity=places)
    holding, queue = UserFactory.create_batch(places), UserFactory.create_batch(waiting)
    for person in holding:
        assert take(pool, person)
    for person in queue:
        wait(pool, person)
    return pool, holding, queue


def state_of(pool: Pool, person: User) -> str:
    seat = find(pool, person)
    return seat.state if seat else ""


def counted(pool: Pool) -> bool:
    """Whether `taken` is what the seats say, and within the capacity."""
    pool.refresh_from_db()
    rows = Seat.objects.filter(pool=pool, state__in=("held", "offered"))
    return pool.taken == sum(row.size for row in rows) <= pool.capacity


def test_who_waits_has_a_place_in_line_that_moves_up():
    pool, _holding, queue = full(1, 3)
    assert [place_of(pool, person) for person in queue] == [1, 2, 3]

    release(pool, queue[1])

    assert [place_of(pool, person) for person in queue] == [1, None, 2]


def test_wait_twice_keeps_the_number():
    pool, _holding, queue = full(0, 2)

    wait(pool, queue[0])

    assert [place_of(pool, person) for person in queue] == [1, 2]


def test_a_freed_place_is_offered_to_the_next_and_to_nobody_else():
    pool, holding, queue = full(1, 2)

    release(pool, holding[0])

    assert offered == [queue[0]]
    assert [state_of(pool, person) for person in queue] == ["offered", "waiting"]
    assert take(pool, UserFactory()) is None
    assert counted(pool)


def test_more_places_go_to_those_who_wait_in_order():
    pool, _holding, queue = full(0, 3)

    assert set_capacity(pool, 2)

    assert offered == queue[:2]
    assert counted(pool)


def test_fewer_places_than_taken_are_refused():
    pool, *_rest = full(2, 0)

    assert not set_capacity(pool, 1)
    pool.refresh_from_db()
    assert pool.capacity == 2


def test_yes_holds_the_place_and_no_passes_it_on():
    pool, holding, queue = full(1, 3)
    release(pool, holding[0])

    release(pool, queue[0])
    assert accept(pool, queue[1])

    assert [state_of(pool, person) for person in queue] == ["released", "held", "waiting"]
    assert counted(pool)


def test_an_offer_that_ran_out_is_told_and_goes_to_the_next():
    pool, holding, queue = full(1, 2)
    release(pool, holding[0])

    with time_machine.travel(timezone.now() + AN_HOUR, tick=False):
        assert not accept(pool, queue[0])
        assert [expire_due(), expire_due()] == [1, 0]

    assert freed == [queue[0]]
    assert find(pool, queue[0]).reason == Seat.Reason.EXPIRED
    assert offered == queue
    assert counted(pool)


def test_an_offer_without_an_end_stays():
    pool, holding, _queue = full(1, 0)
    offer(pool, holding[0], until=None)

    with time_machine.travel(timezone.now() + timedelta(days=999), tick=False):
        assert expire_due() == 0
        assert accept(pool, holding[0])


def test_a_larger_party_is_not_passed_over():
    pool = Pool.objects.create(capacity=2)
    holding, party, single = UserFactory.create_batch(3)
    take(pool, holding, size=2)
    wait(pool, party, size=2)
    wait(pool, single)

    set_capacity(pool, 3)
    assert offered == []
    assert take(pool, UserFactory()) is None  # nor by somebody new

    release(pool, holding)
    assert offered == [party, single]
    assert counted(pool)


def test_where_nothing_is_offered_any_more_the_place_stays_free(monkeypatch: pytest.MonkeyPatch):
    over = Queue(until=lambda seat: None, on_offer=offered.append, on_freed=freed.append)
    monkeypatch.setitem(registry._queues, "accounts.user", over)
    pool, holding, queue = full(1, 1)

    release(pool, holding[0])

    assert offered == []
    assert state_of(pool, queue[0]) == "waiting"
    assert counted(pool)


@pytest.mark.parametrize(
    ("place", "order"), [(1, [2, 0, 1]), (2, [0, 2, 1]), (3, [0, 1, 2]), (99, [0, 1, 2])]
)
def test_staff_change_the_order_and_say_why(place: int, order: list[int]):
    pool, _holding, queue = full(0, 3)
    staff = StaffFactory()

    assert put_at(pool, queue[2], place, by=staff, reason="착오 정정")

    assert [seat.subject for seat in waiting_in(pool)] == [queue[number] for number in order]
    row = Transition.objects.get(field="place in line")
    assert (row.by, row.reason, row.subject) == (staff, "착오 정정", queue[2])


def test_who_does_not_wait_cannot_be_moved():
    pool, holding, _queue = full(1, 1)

    assert not put_at(pool, holding[0], 1, by=StaffFactory(), reason="x")
    assert not Transition.objects.exists()


def test_newcomers_stand_behind_everybody_also_after_the_order_was_changed():
    pool, _holding, queue = full(0, 2)
    put_at(pool, queue[1], 1, by=StaffFactory(), reason="x")
    last = UserFactory()

    wait(pool, last)

    assert [place_of(pool, person) for person in (queue[1], queue[0], last)] == [1, 2, 3]
