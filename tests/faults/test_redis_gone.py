"""Redis is killed and comes back empty, or hangs, while applications are sent and mails go out."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from celery import Celery
from django.conf import settings
from django.contrib.contenttypes.models import ContentType

from oda_portal.mail.models import Message, State
from tests.faults.line import line
from tests.faults.load import crowd, wait_until
from tests.faults.servers import Redis, on_servers, own_redis
from tests.mail.server import Keeper, running
from tests.processes import ROOT, database_url, web

pytestmark = [on_servers, pytest.mark.thorough, pytest.mark.django_db(transaction=True)]
PEOPLE = 24
HANGS = 6.0  # seconds


class Worker:
    """Begun again when it ended by itself, as Docker does it (`restart` in docker-compose.yml): when
    Redis goes while a task is in its hands, Celery's library may trip over its own closed connection.
    """

    def __init__(self, folder: Path, redis: Redis, smtp: int) -> None:
        self.log, self.starts = folder / "worker.log", 0
        self.environment = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "REDIS_URL": redis.url,
            "EMAIL_URL": f"smtp://127.0.0.1:{smtp}",
            "SECRET_KEY": settings.SECRET_KEY,
            "FIELD_KEYS": ",".join(settings.FIELD_KEYS),
            "VAR_DIR": str(folder),
            "STATIC_FROM_FINDERS": "true",
        }
        self.start()

    def start(self) -> None:
        command = "-m celery --quiet -A oda_portal worker --pool threads --concurrency 2"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *command.split()],
                cwd=ROOT, env=self.environment, stdout=log, stderr=log,
            )  # fmt: skip
        self.starts += 1

    def start_if_it_ended(self) -> None:
        if self.process.poll() is not None:
            self.start()


@contextmanager
def worker(folder: Path, redis: Redis, smtp: int) -> Iterator[Worker]:
    running = Worker(folder, redis, smtp)
    try:
        yield running
    finally:
        running.process.kill()
        running.process.wait()


def ring(redis: Redis) -> None:
    """What the timer does every thirty seconds."""
    app = Celery(broker=redis.url, set_as_current=False)  # not that of the tests after it
    with app.connection_for_write() as connected:
        app.send_task("mail.sweep", connection=connected)


def all_are_sent(redis: Redis, sender: Worker) -> bool:
    sender.start_if_it_ended()
    ring(redis)
    time.sleep(1)
    return not Message.objects.exclude(state=State.SENT).exists()


def killed(redis: Redis) -> None:
    redis.kill()
    time.sleep(1)
    redis.start()


def hanging(redis: Redis) -> None:
    redis.send(signal.SIGSTOP)
    time.sleep(HANGS)
    redis.send(signal.SIGCONT)


@pytest.mark.parametrize("fault", [killed, hanging])
def test_applications_and_mails_arrive_once(tmp_path: Path, fault):  # type: ignore[no-untyped-def]
    ContentType.objects.clear_cache()
    keeper = Keeper()
    with (
        own_redis(tmp_path) as redis,
        running(keeper) as smtp,
        worker(tmp_path, redis, smtp) as sender,
        web(tmp_path, redis_url=redis.url) as portal,
    ):
        with crowd(PEOPLE, [portal.port]) as people:
            people.wait_for(PEOPLE // 4)
            fault(redis)
        found = people.tally(f"Redis {fault.__name__} under load")
        wait_until(lambda: all_are_sent(redis, sender), sender.log.read_text())
    arrived = Counter(keeper.ids)
    mails = Message.objects.count()
    more = arrived.total() - len(arrived)
    waited = [(mail.sent_at - mail.queued_at).total_seconds() for mail in Message.objects.all()]
    lost = mails - len(arrived)
    print(line(f"mails, Redis {fault.__name__}", mails, lost=lost, repeated=more, seconds=waited))
    print(f"the worker was started {sender.starts} times")

    assert (found.lost, found.repeated) == (0, 0)
    assert people.answered == PEOPLE
    assert set(arrived.values()) == {1}
    assert len(arrived) == mails
