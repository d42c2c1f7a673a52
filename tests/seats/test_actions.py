from __future__ import annotations

import pytest
from django.db import IntegrityError

from oda_portal.seats.actions import release, resize, take
from oda_portal.seats.models import Pool, Seat
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def taken(pool: Pool) -> int:
    pool.refresh_from_db()
    return pool.taken


def test_take_gives_as_many_as_there_are_and_then_none():
    pool = Pool.objects.create(capacity=2)

    given = [take(pool, person) for person in UserFactory.create_batch(3)]

    assert [bool(seat) for seat in given] == [True, True, False]
    assert taken(pool) == 2
    assert Seat.objects.filter(state=Seat.State.HELD).count() == 2


def test_take_twice_is_once():
    pool = Pool.objects.create(capacity=5)
    person = UserFactory()

    first, second = take(pool, person), take(pool, person, size=3)

    assert first == second
    assert second.size == 1
    assert taken(pool) == 1


def test_take_counts_a_party_whole_or_not_at_all():
    pool = Pool.objects.create(capacity=5)
    one, other = UserFactory.create_batch(2)

    assert take(pool, one, size=3)
    assert take(pool, other, size=3) is None
    assert taken(pool) == 3


def test_release_gives_back_what_was_taken_and_only_once():
    pool = Pool.objects.create(capacity=3)
    person = UserFactory()
    take(pool, person, size=2)

    assert [release(pool, person), release(pool, person)] == [True, False]
    assert taken(pool) == 0


def test_take_again_after_release_takes_the_new_number():
    pool = Pool.objects.create(capacity=3)
    person = UserFactory()
    take(pool, person, size=2)
    release(pool, person)

    assert take(pool, person).size == 1
    assert taken(pool) == 1
    assert Seat.objects.count() == 1


def test_release_without_a_seat_changes_nothing():
    pool = Pool.objects.create(capacity=3, taken=1)

    assert release(pool, UserFactory()) is False
    assert taken(pool) == 1


def test_pool_is_never_overbooked_by_whoever_writes_it():
    with pytest.raises(IntegrityError):
        Pool.objects.create(capacity=1, taken=2)


def test_seat_is_refused_twice_for_one_subject():
    pool = Pool.objects.create(capacity=3)
    seat = take(pool, UserFactory())
    seat.pk = None
    with pytest.raises(IntegrityError):
        seat.save(force_insert=True)


def test_seat_is_refused_for_nobody():
    pool = Pool.objects.create(capacity=3)
    with pytest.raises(IntegrityError):
        take(pool, UserFactory(), size=0)


def test_resize_takes_what_is_left_and_gives_back_what_is_not_needed():
    pool = Pool.objects.create(capacity=5)
    one, other = UserFactory.create_batch(2)
    take(pool, one)
    take(pool, other, size=2)

    assert resize(pool, one, 3)
    assert not resize(pool, other, 3)
    assert taken(pool) == 5
    assert resize(pool, one, 1)
    assert taken(pool) == 3
    assert not resize(pool, UserFactory(), 2)
    assert {seat.size for seat in pool.seats.filter(state=Seat.State.HELD)} == {1, 2}
