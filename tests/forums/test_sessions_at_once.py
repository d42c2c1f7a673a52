"""Many staff at one programme at once, on real connections: one act, one session in a room."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from forums.models import ForumSession
from forums.programme.actions import cancel_session
from oda_portal.audit.models import Transition
from tests.admin.forms import filled
from tests.doors import sign_in_staff
from tests.factories import OfficeFactory, RoomFactory, StaffFactory
from tests.forums.editions import a_session, an_edition, at

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'",
        reason="SQLite has one writer, and its test database in memory refuses instead of waiting",
    ),
]


def all_at_once(doings: list[Callable[[], Any]]) -> list[Any]:
    """What each returned; all begin together, each on its own connection."""
    start = Barrier(len(doings))

    def one(act: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=30)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(doings)) as threads:
        return list(threads.map(one, doings))


def test_session_that_fifty_cancel_is_cancelled_once():
    session, staff = a_session(an_edition(), at(9), at(10)), StaffFactory()
    mine = [ForumSession.objects.select_related("forum").get(pk=session.pk) for _ in range(50)]

    done = all_at_once([partial(cancel_session, one, by=staff) for one in mine])

    assert sorted(done) == [False] * 49 + [True]
    assert Transition.objects.filter(to_state="cancelled").count() == 1


def test_room_that_four_staff_give_away_at_once_goes_to_one_session():
    OfficeFactory()
    forum = an_edition()
    room = RoomFactory(forum=forum)
    sessions = [a_session(forum, at(9), at(10)) for _number in range(4)]
    doings = []
    for session in sessions:
        client = Client()
        sign_in_staff(client, StaffFactory())
        address = reverse("admin:forums_forumsession_change", args=[session.pk])
        data = filled(client.get(address), room=room.pk)
        doings.append(partial(client.post, address, data))

    answers = all_at_once(doings)

    # Whoever was late has the form again, with the sentence that says what is in the room.
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 302]
    assert ForumSession.objects.filter(room=room).count() == 1
