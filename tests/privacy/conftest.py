"""The triggers, where tables are made without migrations."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from oda_portal.privacy import triggers


class _Editor:
    """What `triggers` needs of a schema editor; SQLite's own refuses to work in a transaction."""

    connection = connection

    def execute(self, statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.fixture(autouse=True)
def _triggers(request: pytest.FixtureRequest) -> Iterator[None]:
    """On SQLite, also for tests whose tables are emptied row by row afterwards."""
    marker = request.node.get_closest_marker("django_db")
    if marker is None or connection.vendor != "sqlite":
        yield
        return
    request.getfixturevalue("transactional_db" if marker.kwargs.get("transaction") else "db")
    triggers.install(_Editor())
    yield
    triggers.remove(_Editor())
