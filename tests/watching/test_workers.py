"""Of several workers a dead one is missed (real ones: test_processes.py)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from oda_portal.watching import looking, signs, tasks
from oda_portal.watching.models import Sign
from oda_portal.watching.registry import Found, State

pytestmark = pytest.mark.django_db

FIRST, SECOND, THIRD = (f"{signs.EACH_WORKER}celery@one:{pid}" for pid in (11, 12, 13))


def give(*names: str) -> None:
    for name in (*names, signs.WORKER):
        signs.give(name)


def worker() -> Found:
    return {one.check.name: one.found for one in looking.look()}["worker"]


def told() -> tuple[State, object]:
    found = worker()
    return found.state, found.figures["oda_workers"]


def after(minutes: float) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=False)


def test_of_two_workers_a_dead_one_is_missed_until_another_comes():
    give(FIRST, SECOND)
    assert told() == (State.OK, 2)

    with after(2):
        give(FIRST)
        assert told() == (State.LATE, 1)
        assert "1" in str(worker().note)

    with after(3):
        give(FIRST, THIRD)
        assert told() == (State.OK, 2)


def test_one_that_dies_again_and_again_and_always_comes_back_is_not_missed():
    give(FIRST)
    for minutes, pid in ((2, 21), (4, 22), (6, 23)):
        with after(minutes):
            give(f"{signs.EACH_WORKER}celery@one:{pid}")
            assert told() == (State.OK, 1)


def test_where_all_are_dead_the_worker_is_sick():
    give(FIRST, SECOND)

    with after(4):
        assert told() == (State.SICK, 0)


def test_after_a_day_one_that_is_dead_is_forgotten():
    give(FIRST, SECOND)

    with after(60 * 23):
        give(FIRST)
        tasks.look()
        assert (told(), Sign.objects.filter(name=SECOND).count()) == ((State.LATE, 1), 1)
    with after(60 * 25):
        give(FIRST)
        tasks.look()
        assert (told(), Sign.objects.filter(name=SECOND).count()) == ((State.OK, 1), 0)
