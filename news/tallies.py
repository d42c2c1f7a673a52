"""Counters in Redis, and how they get into the database: nothing lost, and nothing twice.

What was counted is taken over under a name of its own, in one step; written down together with
that name, in one transaction; and only then removed. A writer that is killed in between leaves a
tally that the next one finds, and finds written or not.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import lru_cache
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from .models import DailyViews, WrittenTally

PREFIX = "oda-readers"
# What is counted now: a hash of `<day> <article>` → readers.
COUNTS = f"{PREFIX}:counts"
# The names of tallies that were taken over, and each under its own.
TAKEN = f"{PREFIX}:taken"
TALLY = f"{PREFIX}:tally:%s"
SALT, READER = f"{PREFIX}:salt:%s", f"{PREFIX}:reader:%s"

# Nobody who reads waits for the counters longer than this; the task does.
HURRIED, PATIENT = 0.25, 5.0  # seconds
# After they did not answer, this process lets them be for so long.
SILENCE = 15.0  # seconds
# Names of written tallies are kept for longer than any writer can be under way.
KEPT = timedelta(days=1)

# A reader who is new today is counted in the same step in which they are remembered.
_COUNT_ONCE = """
if redis.call("SET", KEYS[1], 1, "NX", "EX", ARGV[1]) then
  redis.call("HINCRBY", KEYS[2], ARGV[2], 1)
  return 1
end
return 0
"""
_silent_until = 0.0


def salt_of(day: date, seconds: int) -> str:
    """The random number of the day, made by whoever comes first; empty where Redis is silent."""
    with _in_a_hurry() as redis:
        if redis is None:
            return ""
        key = SALT % day
        with redis.pipeline() as steps:
            steps.set(key, secrets.token_hex(32), nx=True, ex=seconds)
            steps.get(key)
            return steps.execute()[1]


def count(article: int, day: date, reader: str, seconds: int) -> bool:
    """Count this reader, whose hash is given; False when they were counted before."""
    with _in_a_hurry() as redis:
        if redis is None:
            return False
        keys = (READER % reader, COUNTS)
        return bool(redis.eval(_COUNT_ONCE, len(keys), *keys, seconds, f"{day} {article}"))


def write_down() -> int:
    """Add what was counted to `DailyViews`; the number of tallies that were new there."""
    redis = _line(_address(), PATIENT)
    _take_over(redis)
    names = sorted(map(str, redis.smembers(TAKEN)))
    written = sum(_write(redis, name) for name in names)
    # One that Redis still has must never be forgotten: it would be added again.
    old = WrittenTally.objects.filter(at__lt=timezone.now() - KEPT)
    old.exclude(name__in=names).delete()
    return written


def _take_over(redis: Redis) -> None:
    """Give what was counted its name; whoever is counted from now on begins the next one."""
    if not redis.exists(COUNTS):
        return
    name = uuid4().hex
    with redis.pipeline() as steps:
        steps.sadd(TAKEN, name)
        steps.rename(COUNTS, TALLY % name)
        # Another writer may have been faster: then this name has nothing, and is written empty.
        steps.execute(raise_on_error=False)


def _write(redis: Redis, name: str) -> bool:
    """Write one tally down, if that was not done, and remove it."""
    counts = {}
    for key, number in redis.hgetall(TALLY % name).items():
        day, article = str(key).split()
        counts[int(article), date.fromisoformat(day)] = int(number)
    with transaction.atomic():
        _row, is_new = WrittenTally.objects.get_or_create(name=name)
        if is_new:
            DailyViews.objects.add(counts)
    with redis.pipeline() as steps:
        steps.delete(TALLY % name)
        steps.srem(TAKEN, name)
        steps.execute()
    return is_new


@contextmanager
def _in_a_hurry() -> Iterator[Redis | None]:
    """Redis, or None for a while after it did not answer."""
    global _silent_until
    if time.monotonic() < _silent_until:
        yield None
        return
    try:
        yield _line(_address(), HURRIED)
    except RedisError:
        _silent_until = time.monotonic() + SILENCE
        raise


def _address() -> str:
    """The Redis of the cache, where the limits are counted too."""
    return str(settings.CACHES["default"]["LOCATION"])


@lru_cache(maxsize=8)
def _line(address: str, patience: float) -> Redis:
    """Connections that wait for so long, and try once."""
    return Redis.from_url(
        address,
        socket_timeout=patience,
        socket_connect_timeout=patience,
        retry=Retry(NoBackoff(), 0),
        decode_responses=True,
    )
