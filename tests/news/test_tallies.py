"""Readers counted in Redis and written down: with real kills between the steps."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as portal
from django.core.cache import caches
from django.db import transaction
from django.test import Client
from django.utils import timezone
from redis import Redis

from news import tallies
from news.models import Article, DailyViews, WrittenTally
from news.tasks import write_down_readers
from tests.factories import ArticleFactory
from tests.news.reading import DESK, look, readers
from tests.processes import ROOT, database_url, silent_broker
from tests.volunteers.pressing import on_postgresql, wait_for_lock, wait_until_alone

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not portal.REDIS_URL, reason="the embedded site has no Redis"),
]


@pytest.fixture(autouse=True)
def _heard() -> Iterator[None]:
    """What one test found silent, the next finds anew."""
    tallies._silent_until = 0.0
    yield
    tallies._silent_until = 0.0


@pytest.fixture
def redis(settings) -> Redis:  # type: ignore[no-untyped-def]
    return Redis.from_url(settings.CACHES["default"]["LOCATION"], decode_responses=True)


def test_readers_wait_in_redis_and_are_written_down_once(client: Client, redis: Redis):
    article, other = ArticleFactory(), ArticleFactory()
    for number in range(3):
        look(client, article, at=f"203.0.113.{number}")
        look(client, article, at=f"203.0.113.{number}")
    look(client, other)
    assert not DailyViews.objects.exists()

    write_down_readers()
    write_down_readers()

    assert (readers(article), readers(other)) == (3, 1)
    assert redis.keys(f"{tallies.PREFIX}:tally:*") == redis.keys(tallies.TAKEN) == []


def test_the_next_tally_is_added_to_the_day(client: Client):
    article = ArticleFactory()
    look(client, article)
    write_down_readers()

    look(client, article)
    look(client, article, agent=DESK)
    write_down_readers()

    (row,) = DailyViews.objects.filter(article=article)
    assert (row.day, row.count) == (timezone.localdate(), 2)


def test_no_name_and_no_address_is_in_redis_and_all_of_it_ends(client: Client, redis: Redis):
    look(client, ArticleFactory(), at="203.0.113.77")

    keys = redis.keys(f"{tallies.PREFIX}:*")
    kept = " ".join(keys) + str(redis.hgetall(tallies.COUNTS))
    assert "203.0.113" not in kept
    assert "Mozilla" not in kept
    ending = [key for key in keys if key != tallies.COUNTS]
    assert len(ending) == 2
    assert all(0 < redis.ttl(key) <= 24 * 60 * 60 for key in ending)


def test_readers_of_an_article_that_is_gone_are_left_out(client: Client):
    article, other = ArticleFactory(), ArticleFactory()
    look(client, article)
    look(client, other)
    article.delete()

    write_down_readers()

    assert readers(other) == 1
    assert DailyViews.objects.count() == 1


def test_a_tally_that_cannot_be_written_waits(client: Client, monkeypatch):
    article = ArticleFactory()
    look(client, article)

    with monkeypatch.context() as broken:
        broken.setattr("django.db.models.query.QuerySet.bulk_create", _full_disk)
        with pytest.raises(OSError, match="full"):
            write_down_readers()
    assert readers(article) == WrittenTally.objects.count() == 0
    look(client, article, agent=DESK)
    write_down_readers()

    assert readers(article) == 2


def _full_disk(*_args: object, **_kwargs: object) -> None:
    raise OSError("the disk is full")


def test_names_of_written_tallies_go_after_a_day_unless_redis_has_them(
    client: Client, redis: Redis
):
    old = timezone.now() - timedelta(days=2)
    for name in ("gone", "there"):
        WrittenTally.objects.create(name=name)
    WrittenTally.objects.update(at=old)
    redis.sadd(tallies.TAKEN, "there")
    redis.hset(tallies.TALLY % "there", f"{timezone.localdate()} {ArticleFactory().pk}", 5)

    tallies.write_down()

    assert not DailyViews.objects.exists()
    assert list(WrittenTally.objects.values_list("name", flat=True)) == ["there"]
    tallies.write_down()
    assert not WrittenTally.objects.exists()


# --- Redis is away -----------------------------------------------------------------------------


def at(address: str, settings) -> None:  # type: ignore[no-untyped-def]
    settings.CACHES = {
        name: {**rules, "LOCATION": address} for name, rules in settings.CACHES.items()
    }


def test_the_picture_comes_quickly_from_a_redis_that_hangs(client: Client, settings):
    article = ArticleFactory()
    with silent_broker() as hanging:
        at(hanging, settings)
        first = look(client, article)
        silent_until = tallies._silent_until
        second = look(client, article, agent=DESK)

    assert (first.status_code, second.status_code) == (200, 200)
    # Having found it silent, the process does not ask for a while.
    assert tallies._silent_until == silent_until > time.monotonic()


def test_the_picture_comes_when_redis_is_not_there(client: Client, settings):
    article = ArticleFactory()
    at("redis://127.0.0.1:1/0", settings)

    assert look(client, article).status_code == 200
    write_down_readers()

    assert not DailyViews.objects.exists()


# --- killed between the steps ------------------------------------------------------------------


class Writer:
    """A process of its own that writes down once, on the data of this test."""

    def __init__(self, folder: Path) -> None:
        environment = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "REDIS_URL": caches.settings["default"]["LOCATION"],
            "SECRET_KEY": portal.SECRET_KEY,
            "FIELD_KEYS": ",".join(portal.FIELD_KEYS),
            "VAR_DIR": str(folder),
            "STATIC_FROM_FINDERS": "true",
        }
        code = "import django; django.setup(); from news import tallies; tallies.write_down()"
        self.process = subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**environment, "DJANGO_SETTINGS_MODULE": "oda_portal.settings"},
        )

    def kill(self) -> None:
        assert self.process.poll() is None
        self.process.kill()
        self.process.wait(10)


def wait_until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if true():
            return
        time.sleep(0.02)
    raise TimeoutError


def counted(client: Client, number: int) -> Article:
    article = ArticleFactory()
    for last in range(number):
        look(client, article, at=f"203.0.113.{last}")
    return article


@pytest.mark.thorough
@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_killed_before_it_is_written_nothing_is_lost(client: Client, redis: Redis, tmp_path: Path):
    article = counted(client, 3)
    today = timezone.localdate()
    DailyViews.objects.create(article=article, day=today, count=10)

    with transaction.atomic():
        # Taken over, its name written, and not committed: it waits for this row.
        DailyViews.objects.select_for_update().get(article=article)
        writer = Writer(tmp_path)
        wait_until(lambda: redis.smembers(tallies.TAKEN))
        wait_for_lock()
        assert not redis.exists(tallies.COUNTS)
        look(client, article, agent=DESK)
        writer.kill()
    wait_until_alone()
    assert readers(article) == 10

    write_down_readers()
    write_down_readers()

    assert readers(article) == 14


@pytest.mark.thorough
@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_killed_after_it_is_written_nothing_counts_twice(
    client: Client, redis: Redis, tmp_path: Path
):
    article = counted(client, 3)
    tallies._take_over(redis)

    # Redis answers questions and removes nothing.
    redis.execute_command("CLIENT", "PAUSE", 20_000, "WRITE")
    try:
        writer = Writer(tmp_path)
        wait_until(lambda: readers(article) == 3)
        writer.kill()
    finally:
        redis.execute_command("CLIENT", "UNPAUSE")
    assert redis.scard(tallies.TAKEN) == 1

    write_down_readers()

    assert readers(article) == 3
    assert redis.scard(tallies.TAKEN) == 0


@pytest.mark.thorough
@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_three_writers_at_once_write_each_tally_once(client: Client, redis: Redis, tmp_path: Path):
    articles = []
    for _tally in range(3):
        articles.append(counted(client, 2))
        tallies._take_over(redis)

    writers = [Writer(tmp_path) for _writer in range(3)]

    assert [writer.process.wait(60) for writer in writers] == [0, 0, 0]
    assert [readers(article) for article in articles] == [2, 2, 2]
