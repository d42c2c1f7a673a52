"""An edition is closed while others still work on it: each act is done before, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from forums.freezing import FrozenError, freeze
from forums.models import Forum, ForumSession
from forums.programme.actions import cancel_session
from oda_portal.audit.models import Transition
from tests.factories import StaffFactory
from tests.forums.editions import a_session, at
from tests.forums.test_frozen import past

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'",
        reason="SQLite has one writer, and its test database in memory refuses instead of waiting",
    ),
]


def all_at_once(doings: list[Callable[[], Any]]) -> list[Any]:
    """What each returned, or None for one that was refused; each on its own connection."""
    start = Barrier(len(doings))

    def one(act: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=30)
            return act()
        except FrozenError:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(len(doings)) as threads:
        return list(threads.map(one, doings))


def test_fifty_who_close_an_edition_close_it_once():
    forum, staff = past(), StaffFactory()

    closed = all_at_once([partial(freeze, Forum.objects.get(), by=staff) for _ in range(50)])

    assert sorted(closed) == [False] * 49 + [True]
    assert Transition.objects.filter(object_id=forum.pk, to_state="frozen").count() == 1


def test_sessions_are_cancelled_before_the_edition_is_closed_or_not_at_all():
    forum, staff = past(), StaffFactory()
    sessions = [a_session(forum, at(9), at(10), f"{number}") for number in range(24)]

    done = all_at_once(
        [
            *(partial(cancel_session, session, by=staff) for session in sessions),
            partial(freeze, forum, by=staff),
        ]
    )

    assert done.pop() is True
    frozen_at = Forum.objects.get().frozen_at
    cancelled = ForumSession.objects.exclude(cancelled_at=None)
    assert cancelled.count() == done.count(True)
    moves = Transition.objects.filter(object_id__in=[row.pk for row in cancelled])
    assert not [move for move in moves if move.field != "frozen" and move.at > frozen_at]
