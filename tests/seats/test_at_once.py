"""A crowd at ten places; and the same crowd with the guard off, which shows that there is a race."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from oda_portal.accounts.models import User
from oda_portal.seats import actions, waiting
from oda_portal.seats.models import Pool, Seat
from tests.factories import UserFactory

CROWD, PLACES = 50, 10

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'",
        reason="SQLite has one writer, and its test database in memory refuses instead of waiting",
    ),
]


def all_at_once(act: Callable[[Pool, User], Any], pool: Pool) -> list[Any]:
    """What each of the crowd got; all begin together, each on a connection of its own."""
    start = Barrier(CROWD)

    def one(person: User) -> Any:
        try:
            start.wait(timeout=30)
            return act(pool, person)
        finally:
            connection.close()

    with ThreadPoolExecutor(CROWD) as threads:
        return list(threads.map(one, UserFactory.create_batch(CROWD)))


def count_and_insert(pool: Pool, person: User) -> Seat | None:
    """What `take` would be without its condition: look first, write then."""
    with transaction.atomic():
        if pool.seats.filter(state=Seat.State.HELD).count() >= pool.capacity:
            return None
        return Seat.objects.create(
            pool=pool,
            content_type=ContentType.objects.get_for_model(person),
            object_id=person.pk,
            state=Seat.State.HELD,
        )


def test_take_by_a_crowd_gives_exactly_the_places_there_are():
    pool = Pool.objects.create(capacity=PLACES)

    given = all_at_once(actions.take, pool)

    pool.refresh_from_db()
    assert sum(seat is not None for seat in given) == pool.taken == PLACES
    assert Seat.objects.filter(state=Seat.State.HELD).count() == PLACES


def test_a_crowd_that_waits_when_it_is_full_stands_in_one_line():
    pool = Pool.objects.create(capacity=PLACES)

    all_at_once(lambda pool, person: actions.take(pool, person) or waiting.wait(pool, person), pool)

    positions = list(waiting.waiting_in(pool).values_list("position", flat=True))
    assert Seat.objects.filter(state=Seat.State.HELD).count() == PLACES
    assert positions == list(range(1, CROWD - PLACES + 1))


def test_counting_first_overbooks_with_the_same_crowd():
    pool = Pool.objects.create(capacity=PLACES)

    all_at_once(count_and_insert, pool)

    assert Seat.objects.filter(state=Seat.State.HELD).count() > PLACES


def test_release_by_a_crowd_gives_each_place_back_once():
    pool = Pool.objects.create(capacity=PLACES)
    person = UserFactory()
    actions.take(pool, person, size=4)

    freed = all_at_once(lambda pool, _other: actions.release(pool, person), pool)

    pool.refresh_from_db()
    assert freed.count(True) == 1
    assert pool.taken == 0
