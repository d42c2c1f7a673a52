"""A worker that is really killed in the middle of a batch: everybody gets one, nobody two."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from oda_portal.certificates import actions, tasks
from oda_portal.certificates.models import Batch, Certificate
from oda_portal.mail.models import Message
from tests.certificates.samples import KIND, a_holder, a_kind
from tests.factories import OfficeFactory, StaffFactory
from tests.processes import ROOT, database_url

PEOPLE = 12
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'", reason="a second process needs a second connection"
    ),
]


@contextmanager
def worker(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A real one on the test’s own database and broker; ended with the block."""
    assert connection.vendor == "postgresql"
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "REDIS_URL": settings.REDIS_URL,
        "SECRET_KEY": settings.SECRET_KEY,
        "FIELD_KEYS": ",".join(settings.FIELD_KEYS),
        "VAR_DIR": str(folder),
    }
    command = [
        *(sys.executable, "-m", "celery", "--quiet", "-A", "oda_portal", "worker"),
        *("--pool", "threads", "--concurrency", "1", "--loglevel", "warning"),
        *("--include", "tests.certificates.kinds"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    ]
    with (folder / "worker.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


def wait_for(what: Callable[[], Any], folder: Path, seconds: float = 180) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, (folder / "worker.log").read_text()
        time.sleep(0.02)


def done(batch: Batch) -> int:
    return Batch.objects.with_counts().get(pk=batch.pk).done


@pytest.mark.thorough
def test_a_worker_killed_in_the_middle_of_a_batch_makes_nothing_twice(tmp_path: Path):
    OfficeFactory()
    with a_kind():
        batch = actions.start_batch(
            KIND, [a_holder() for _turn in range(PEOPLE)], by=StaffFactory()
        )
    with worker(tmp_path) as first:
        wait_for(lambda: done(batch) >= 3, tmp_path)
        first.send_signal(signal.SIGKILL)
        first.wait(10)
    before = done(batch)
    print(f"killed after {before} of {PEOPLE}")
    assert before < PEOPLE
    Batch.objects.update(worked_at=timezone.now() - timedelta(minutes=2))

    tasks.resume()
    with worker(tmp_path):
        wait_for(lambda: Batch.objects.get().state == Batch.State.FINISHED, tmp_path)

    assert done(batch) == PEOPLE
    assert Certificate.objects.count() == Message.objects.count() == PEOPLE
    assert Certificate.objects.values("user").distinct().count() == PEOPLE
