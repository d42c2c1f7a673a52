"""Limits stay counted however many others are counted beside them."""

from __future__ import annotations

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection

from oda_portal.lasting_cache import LastingCache

pytestmark = pytest.mark.django_db


@pytest.fixture
def cache() -> LastingCache:
    call_command("createcachetable", "small_cache", verbosity=0)
    return LastingCache("small_cache", {"OPTIONS": {"MAX_ENTRIES": 10}})


def test_a_limit_outlives_whatever_is_made_to_push_it_out(cache: LastingCache):
    cache.set("00-limit", 9, timeout=300)

    for number in range(50):
        cache.set(f"other-{number}", 1, timeout=300)

    assert cache.get("00-limit") == 9
    assert cache.incr("00-limit") == 10


def test_what_is_over_makes_room(cache: LastingCache):
    for number in range(30):
        cache.set(f"old-{number}", 1, timeout=-1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM small_cache")
        assert cursor.fetchone()[0] <= 11


def test_the_portals_limits_stand_in_such_a_cache(settings):
    if settings.REDIS_URL:
        pytest.skip("in production Redis lets go of what is over")
    assert isinstance(caches["default"], LastingCache)
    assert not isinstance(caches["pages"], LastingCache)
