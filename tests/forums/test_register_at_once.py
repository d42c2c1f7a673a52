"""A crowd at an event with too few places: exactly as many get one, the others stand in line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from forums.models import Registration
from forums.models.registrations import State
from forums.registering import acts, places, sessions
from oda_portal.mail.models import Message
from oda_portal.seats import waiting
from oda_portal.seats.models import Pool, Seat
from tests.factories import UserFactory

from .registering import details, fresh, open_forum, registered, session_with

CROWD, PLACES = 50, 10

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'",
        reason="SQLite has one writer, and its test database in memory refuses instead of waiting",
    ),
]


def all_at_once(act: Callable[[Any], Any], on: Iterable[Any]) -> list[Any]:
    """What each got; all begin together, each on a connection of its own."""
    rows = list(on)
    start = Barrier(len(rows))

    def one(row: Any) -> Any:
        try:
            start.wait(timeout=60)
            return act(row)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(rows)) as threads:
        return list(threads.map(one, rows))


def counted(pool: Pool) -> int:
    """What the pool says is taken; it must be what the seats add up to."""
    pool.refresh_from_db()
    held = Seat.objects.filter(pool=pool, state__in=(Seat.State.HELD, Seat.State.OFFERED))
    assert sum(held.values_list("size", flat=True)) == pool.taken <= pool.capacity
    return pool.taken


def test_a_crowd_gets_exactly_the_places_there_are_and_stands_in_one_line():
    forum = open_forum(places=PLACES)
    session = session_with(3, forum)

    all_at_once(lambda n: registered(forum, f"{n}@example.org", chosen=[session]), range(CROWD))

    rows = Registration.objects.with_state()
    assert counted(forum.pool) == PLACES
    assert rows.confirmed().count() == PLACES
    line = sorted(row.place_in_line for row in rows.in_state(State.WAITING))
    assert line == list(range(1, CROWD - PLACES + 1))
    assert counted(session.pool) == 3
    assert Message.objects.filter(kind="registration_confirmed").count() == PLACES
    assert Message.objects.filter(kind="registration_waiting").count() == CROWD - PLACES
    # Each was told the number that it had.
    told = Message.objects.filter(kind="registration_waiting").values_list("context", flat=True)
    assert sorted(int(context["n"]) for context in told) == line


@pytest.mark.thorough
def test_parties_of_all_sizes_never_overbook():
    forum = open_forum(places=PLACES)

    all_at_once(lambda n: registered(forum, f"{n}@example.org", size=n % 5 + 1), range(CROWD))

    assert counted(forum.pool) <= PLACES
    assert Registration.objects.count() == CROWD


def test_the_same_form_many_times_at_once_is_one_registration():
    forum = open_forum()

    rows = all_at_once(lambda _n: registered(forum, "same@example.org"), range(20))

    assert len({row.pk for row in rows}) == 1
    assert counted(forum.pool) == 1
    assert Message.objects.count() == 1


def test_everybody_cancels_at_once_and_the_line_moves_up_without_a_deadlock():
    """With sessions, whose pools are locked after the event's."""
    forum = open_forum(places=PLACES)
    chosen = [session_with(PLACES, forum, hour=hour) for hour in (9, 11, 13)]
    held = [registered(forum, f"{n}@example.org", chosen=chosen) for n in range(PLACES)]
    line = [registered(forum, f"w{n}@example.org") for n in range(PLACES + 2)]

    all_at_once(lambda row: acts.cancel(fresh(row), by=None), held)

    assert counted(forum.pool) == PLACES
    states = [fresh(row).state for row in line]
    assert states == [State.OFFERED] * PLACES + [State.WAITING] * 2
    assert [counted(session.pool) for session in chosen] == [0, 0, 0]


@pytest.mark.thorough
def test_accepting_twice_and_cancelling_at_the_same_moment_leave_one_state():
    forum = open_forum(places=PLACES)
    held = [registered(forum, f"{n}@example.org") for n in range(PLACES)]
    line = [registered(forum, f"w{n}@example.org") for n in range(PLACES)]
    for row in held:
        acts.cancel(fresh(row), by=None)

    acted = [acts.accept, acts.accept, acts.cancel]
    jobs = [(act, row) for row in line for act in acted]
    all_at_once(lambda job: job[0](fresh(job[1]), by=None), jobs)

    confirmed = Registration.objects.confirmed().count()
    assert counted(forum.pool) == confirmed
    assert Message.objects.filter(kind="registration_cancelled").count() == 2 * PLACES - confirmed


@pytest.mark.thorough
def test_changing_sessions_sizes_and_places_at_once_keeps_every_count_right():
    forum, staff = open_forum(places=40), UserFactory(is_staff=True)
    rooms = [session_with(8, forum, hour=hour) for hour in (9, 11, 13, 15)]
    rows = [registered(forum, f"{n}@example.org", chosen=rooms[:2]) for n in range(16)]

    def act(job: tuple[int, Registration]) -> None:
        number, row = job
        try:
            if number % 4 == 0:
                places.set_capacity(rooms[number % 3], 10 + number, by=staff)
            elif number % 4 == 1:
                sessions.leave(fresh(row), rooms[0], by=None)
            else:
                size = number % 3 + 1
                acts.change(
                    fresh(row), details=details(size=size), chosen=rooms[number % 3 :], by=None
                )
        except acts.FullError:
            pass

    all_at_once(act, list(enumerate(rows)))

    counted(forum.pool)
    for room in rooms:
        counted(room.pool)
    for row in rows:
        sizes = Seat.objects.filter(object_id=row.pk).exclude(state=Seat.State.RELEASED)
        assert set(sizes.values_list("size", flat=True)) == {fresh(row).size}


@pytest.mark.thorough
def test_closing_while_a_crowd_registers_leaves_nothing_half_done():
    forum = open_forum(places=PLACES)

    def act(number: int) -> bool:
        if number == 0:
            type(forum).objects.filter(pk=forum.pk).update(registration_closes_at="2020-01-02 00:00Z",
                                                           registration_opens_at="2020-01-01 00:00Z")  # fmt: skip
            return False
        try:
            registered(forum, f"{number}@example.org")
        except acts.ClosedError:
            return False
        return True

    made = sum(all_at_once(act, range(30)))

    assert Registration.objects.count() == Message.objects.count() == made
    counted(forum.pool)
    assert waiting.waiting_in(forum.pool).count() == max(made - PLACES, 0)
