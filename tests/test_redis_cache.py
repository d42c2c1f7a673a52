"""The cache's connection to Redis: one, made again when it is lost."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from redis.exceptions import TimeoutError as NeverAnswered

from oda_portal.redis_cache import OneClientCache
from tests.faults.servers import Redis, on_servers, own_redis

pytestmark = on_servers


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    with own_redis(tmp_path) as server:
        yield server


def cache_at(url: str) -> OneClientCache:
    return OneClientCache(url, {"OPTIONS": {"socket_timeout": 0.2, "socket_connect_timeout": 0.2}})


def number_in(cache: Any) -> int:
    """Redis' own number of the connection by which it was asked."""
    return cache._cache.get_client().client_id()


def test_all_is_asked_by_one_connection(redis: Redis):
    cache = cache_at(redis.url)
    ours = number_in(cache)
    cache.set("word", "said")

    assert (cache.get("word"), number_in(cache)) == ("said", ours)
    assert len(cache._cache.get_client().client_list()) == 1


def test_each_thread_has_a_connection_of_its_own():
    def number() -> int:
        return number_in(caches["pages"])

    with ThreadPoolExecutor(1) as other:
        assert other.submit(number).result() != number()


def test_threads_that_share_one_are_each_told_what_they_asked(redis: Redis):
    cache = cache_at(redis.url)
    cache.set_many({str(number): number for number in range(500)})

    with ThreadPoolExecutor(8) as others:
        assert list(others.map(cache.get, map(str, range(500)))) == list(range(500))


def test_a_process_that_is_forked_asks_by_another(redis: Redis):
    cache = cache_at(redis.url)
    ours = number_in(cache)
    reading, writing = os.pipe()
    if not (child := os.fork()):
        os.write(writing, str(number_in(cache)).encode())
        os.kill(os.getpid(), signal.SIGKILL)  # nothing of the tests may end twice
    os.waitpid(child, 0)

    with os.fdopen(reading) as said:
        os.close(writing)
        assert int(said.read()) != ours
    assert number_in(cache) == ours


def test_a_lost_connection_is_made_again(redis: Redis):
    cache = cache_at(redis.url)
    cache.set("word", "said")
    redis.kill()
    redis.start()

    assert cache.get("word") is None  # it came back empty
    cache.set("word", "said again")
    assert cache.get("word") == "said again"


def test_redis_may_hang_for_a_while_and_gives_each_answer_to_its_own_question(redis: Redis):
    cache = cache_at(redis.url)
    cache.set_many({"one": 1, "two": 2})
    redis.send(signal.SIGSTOP)
    with pytest.raises(NeverAnswered):
        cache.get("one")
    redis.send(signal.SIGCONT)

    assert cache.get("two") == 2


def test_who_never_answers_is_asked_once():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(10)
        cache = cache_at(f"redis://127.0.0.1:{listening.getsockname()[1]}/0")
        with pytest.raises(NeverAnswered):
            cache.get("word")

        listening.settimeout(0)
        listening.accept()[0].close()
        with pytest.raises(BlockingIOError):
            listening.accept()
