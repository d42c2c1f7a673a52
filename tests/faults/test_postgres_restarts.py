"""PostgreSQL is restarted in order, and killed, while many send their applications."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.contenttypes.models import ContentType

from tests.faults.load import crowd
from tests.faults.servers import on_servers, own_postgres
from tests.processes import web

pytestmark = [on_servers, pytest.mark.thorough, pytest.mark.django_db(transaction=True)]
PEOPLE = 24


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_every_application_arrives_once(tmp_path: Path, mode: str):
    """Those who see an error press again, and none is there twice."""
    ContentType.objects.clear_cache()
    with own_postgres() as server, web(tmp_path) as portal:
        with crowd(PEOPLE, [portal.port]) as people:
            people.wait_for(PEOPLE // 4)
            server.control("restart", mode)
            people.wait_for(PEOPLE // 2)
            server.control("restart", mode)
        found = people.tally(f"PostgreSQL restarted twice under load ({mode})")

    assert (found.lost, found.repeated) == (0, 0)
    assert people.answered == PEOPLE
