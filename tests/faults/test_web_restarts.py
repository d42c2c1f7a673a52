"""A new version comes while many send their applications: one web server after the other."""

from __future__ import annotations

import signal
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from tests.faults.load import crowd
from tests.processes import Web, web

pytestmark = [
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="other processes see the database"
    ),
    pytest.mark.thorough,
    pytest.mark.django_db(transaction=True),
]
PEOPLE = 24


def stop(server: Web, how: signal.Signals) -> None:
    """In order: told as `docker stop` tells it, by its first process."""
    if how is signal.SIGKILL:
        server.kill()
    else:
        server.process.send_signal(how)
        server.process.wait(60)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=["in order", "killed"])
def test_every_application_arrives_once(tmp_path: Path, how: signal.Signals):
    """Who is let go in order ends what it has begun, so that nobody sees an error."""
    ContentType.objects.clear_cache()
    with ExitStack() as stack:
        old = [stack.enter_context(web(tmp_path)) for _one in range(2)]
        with crowd(PEOPLE, [each.port for each in old]) as people:
            for number, server in enumerate(old, 1):
                people.wait_for(number * PEOPLE // 4)
                stop(server, how)
                new = stack.enter_context(web(tmp_path))
                people.ports[people.ports.index(server.port)] = new.port
        found = people.tally(f"two web servers replaced under load ({how.name})")

    assert (found.lost, found.repeated) == (0, 0)
    assert people.answered == PEOPLE
    if how is signal.SIGTERM:
        assert found.errors == 0
