"""That what measures pages measures them; what they cost is for whoever runs it."""

import os
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from django.conf import settings
from django.db import connection

from benchmarks import scale
from benchmarks.generator import filling
from benchmarks.harness import Server, cost
from benchmarks.usage import postmaster
from tests import factories
from tests.processes import database_url

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="measured in its processes"),
]


class Served(NamedTuple):
    """A site of `benchmarks.scale` on the database of the test."""

    server: Server


@pytest.fixture
def site() -> Iterator[Served]:
    factories.OfficeFactory()
    for make in (factories.CountryFactory, factories.ThemeFactory, factories.SectorFactory):
        make()
    list(filling.fill(60, processes=1))
    surroundings = {
        "DATABASE_URL": database_url(),
        "REDIS_URL": settings.REDIS_URL,
        "SECRET_KEY": settings.SECRET_KEY,
        "FIELD_KEYS": ",".join(settings.FIELD_KEYS),
        "VAR_DIR": os.environ.get("VAR_DIR", ""),
        "STATIC_FROM_FINDERS": "true",
    }
    server = Server("benchmarks.asking:application", surroundings=surroundings)
    yield Served(server)
    server.end()


def test_every_row_of_the_table_is_told_with_its_samples(site: Served):
    for row in scale.rows(60, 60):
        if "page 500" in row.name or "country" in row.name:
            continue
        # The system counts by the hundredth of a second: one request could cost nothing.
        told, samples, _is_missed = scale._told(row, [site, site], rounds=2, requests=5)

        assert told.startswith(f"| {row.name} | ")
        assert told.count("|") == 8
        assert samples.startswith(f"{row.name}: ")
        assert samples.count("+") == 4


def test_a_bare_view_costs_something_and_asks_nothing():
    server = Server("benchmarks.bare:application", threads=1)
    try:
        paid = cost(server, ["/"], 400, postmaster())
        with pytest.raises(SystemExit, match="404"):
            cost(server, ["/nowhere"], 1, postmaster())
    finally:
        server.end()

    assert paid.server > 0
