"""Crowds at interview slots, on real connections: never more in a slot than seats, nobody stuck."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from oda_portal.mail.models import Message
from oda_portal.seats.models import Seat
from tests.volunteers.applicants import person
from tests.volunteers.interviewed import REASON, held, invited, slots, taken
from volunteers import actions, interviews
from volunteers.models import Application, InterviewSlot

CROWD, PLACES = 50, 10

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'",
        reason="SQLite has one writer, and its test database in memory refuses instead of waiting",
    ),
]


def all_at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """What each returned or raised; all begin together, each on a connection of its own."""
    start = Barrier(len(acts))

    def one(act: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=30)
            return act()
        except interviews.InterviewError as refused:
            return type(refused)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(one, acts))


def choosing(application: Application, slot: InterviewSlot) -> Callable[[], bool]:
    user = application.volunteer.user
    return lambda: interviews.choose(application, slot, by=user)


def test_fifty_at_a_slot_of_ten_are_exactly_ten():
    [slot] = slots(PLACES)
    crowd = [invited(slot.call) for _one in range(CROWD)]

    got = all_at_once([choosing(one, slot) for one in crowd])

    assert got.count(True) == taken(slot) == PLACES
    assert got.count(interviews.SlotFilledError) == CROWD - PLACES
    assert sum(held(one) == slot for one in crowd) == PLACES
    assert Message.objects.filter(kind="interview_chosen").count() == PLACES


@pytest.mark.thorough
def test_twenty_who_swap_between_two_full_slots_stay_within_the_places_and_end():
    first, second = slots(PLACES, PLACES)
    people = [invited(first.call) for _one in range(2 * PLACES)]
    for place, one in enumerate(people):
        interviews.choose(one, (first, second)[place % 2], by=one.volunteer.user)

    for _round in range(3):
        acts = [choosing(one, second if held(one) == first else first) for one in people]
        got = all_at_once(acts)
        assert set(got) == {interviews.SlotFilledError}

    assert [taken(first), taken(second)] == [PLACES, PLACES]
    assert all(held(one) for one in people)


@pytest.mark.thorough
def test_twenty_who_swap_with_room_to_pass_never_exceed_and_never_lose_theirs():
    first, second = slots(PLACES + 2, PLACES + 2)
    people = [invited(first.call) for _one in range(2 * PLACES)]
    for place, one in enumerate(people):
        interviews.choose(one, (first, second)[place % 2], by=one.volunteer.user)

    for _round in range(3):
        before = {one.pk: held(one) for one in people}
        acts = [choosing(one, second if before[one.pk] == first else first) for one in people]
        got = all_at_once(acts)
        for one, result in zip(people, got, strict=True):
            assert (held(one) != before[one.pk]) == (result is True)
        assert taken(first) + taken(second) == 2 * PLACES
        assert max(taken(first), taken(second)) <= PLACES + 2


def test_twenty_clicks_of_one_person_leave_one_place():
    rows = slots(*[1] * 5)
    application = invited(rows[0].call)

    all_at_once([choosing(application, rows[click % 5]) for click in range(20)])

    assert Seat.objects.filter(state=Seat.State.HELD).count() == 1
    assert sum(taken(row) for row in rows) == 1
    assert held(application) in rows


@pytest.mark.thorough
def test_choosing_while_staff_move_remove_and_people_withdraw_ends_without_error():
    first, second, third = slots(PLACES, PLACES, PLACES)
    people = [invited(first.call) for _one in range(12)]
    staff = person()
    for one in people[:6]:
        interviews.choose(one, first, by=one.volunteer.user)
    later = interviews.Times(second.starts_at.replace(hour=15), second.ends_at.replace(hour=16))
    place = {"place_ko": second.place_ko}
    acts: list[Callable[[], Any]] = [choosing(one, second) for one in people[:8]]
    acts += [choosing(one, third) for one in people[8:]]
    acts += [
        lambda: interviews.put(people[0], third, by=staff, reason=REASON),
        lambda: interviews.move_slot(second, later, place=place, is_online=False),
        lambda: bool(interviews.remove_slots([third])),
        # Some of whom hold a place and choose another at the same moment.
        *[
            lambda one=one: actions.withdraw(one, by=one.volunteer.user)  # type: ignore[misc]
            for one in people[4:8]
        ],
    ]

    all_at_once(acts)

    left = InterviewSlot.objects.all()
    assert sum(taken(slot) for slot in left) == sum(bool(held(one)) for one in people)
    assert all(slot.pool.taken <= PLACES for slot in left)
    assert [held(one) for one in people[4:8]] == [None] * 4
