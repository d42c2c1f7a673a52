"""Timer and worker that are really stopped: what is dead is named, and what lives is not.

Real processes on the database of the test; minutes are aged rather than waited for.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.conf import settings
from django.db.models import F
from django.utils import timezone

from oda_portal.mail.tasks import deliver
from oda_portal.watching import ids, looking, signs
from oda_portal.watching.models import Sign
from tests.faults.line import line
from tests.ports import free_port
from tests.processes import database_url

TOP = Path(__file__).resolve().parents[2]
NUMBER = "0123456789abcdef0123456789abcdef"
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not settings.REDIS_URL, reason="another process sees no database in memory"),
]


class Machine:
    """Worker and timer as in production, on the Redis database of this process of the tests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.broker = settings.REDIS_URL
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.seconds: list[float] = []  # of each look at the state
        self.environment = {
            **os.environ,
            "VAR_DIR": str(folder),
            "DATABASE_URL": database_url(),
            "REDIS_URL": self.broker,
            "SECRET_KEY": settings.SECRET_KEY,
            "FIELD_KEYS": ",".join(settings.FIELD_KEYS),
            "STATIC_FROM_FINDERS": "true",
            "LOG_FORMAT": "json",
        }

    def start(self, name: str, *words: str, **more: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "oda_portal", *words, "--loglevel", "warning"],
                env={**self.environment, **more}, cwd=TOP, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def start_worker(self) -> None:
        port = str(self.port)
        self.start("worker", "worker", "--concurrency", "1", WORKER_METRICS_PORT=port)

    def start_another(self, name: str) -> None:
        self.start(name, "worker", "--hostname", f"{name}@here", "--concurrency", "1")

    def start_beat(self) -> None:
        self.start("beat", "beat", "--schedule", str(self.folder / "schedule"), "--pidfile=")

    def kill(self, name: str) -> None:
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
        print(f"{name}: pid {process.pid}, SIGKILL")

    def end(self, name: str) -> None:
        process = self.running.pop(name)
        process.terminate()
        assert process.wait(30) == 0
        print(f"{name}: pid {process.pid}, SIGTERM")

    def said(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def queue_what_fails(self) -> None:
        ids.begin(NUMBER)
        with deliver.app.connection_for_write(self.broker) as line:
            deliver.apply_async(("no number",), connection=line)
        ids.begin("")


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    found = Machine(tmp_path)
    with deliver.app.connection_for_write(found.broker) as line:
        line.default_channel.queue_purge("celery")
    yield found
    for name in list(found.running):
        found.kill(name)


def wait_for(what: Callable[[], object], machine: Machine, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, {name: machine.said(name) for name in machine.running}
        time.sleep(0.1)


def states(settings, machine: Machine) -> dict[str, str]:  # type: ignore[no-untyped-def]
    settings.CELERY_BROKER_URL = machine.broker
    begun = time.monotonic()
    found = {one.check.name: one.state for one in looking.look()}
    machine.seconds.append(time.monotonic() - begun)
    return found


def age_all_signs() -> None:
    """Five minutes pass; who lives gives a new sign within fifteen seconds."""
    passed = timedelta(minutes=5)
    Sign.objects.update(at=timezone.now() - passed, first_at=F("first_at") - passed)


def fresh(*names: str) -> bool:
    since = timezone.now() - timedelta(minutes=1)
    return Sign.objects.filter(name__in=names, at__gt=since).count() == len(names)


@pytest.mark.thorough
def test_whatever_is_killed_is_named_and_nothing_else(machine: Machine, settings):
    everybody = (signs.BEAT, signs.WORKER, signs.PULSE)
    machine.start_worker()
    machine.start_beat()
    wait_for(lambda: fresh(*everybody), machine)
    found = states(settings, machine)
    assert [found[name] for name in ("beat", "worker", "broker")] == ["ok", "ok", "ok"]

    machine.kill("beat")
    age_all_signs()
    wait_for(lambda: fresh(signs.WORKER), machine)
    found = states(settings, machine)
    assert [found[name] for name in ("beat", "worker", "broker")] == ["sick", "ok", "ok"]

    machine.start_beat()
    wait_for(lambda: fresh(*everybody), machine)
    machine.kill("worker")
    age_all_signs()
    wait_for(lambda: fresh(signs.BEAT), machine)
    found = states(settings, machine)
    assert [found[name] for name in ("beat", "worker", "broker")] == ["ok", "sick", "ok"]

    machine.start_worker()
    wait_for(lambda: fresh(*everybody), machine)
    assert set(states(settings, machine).values()) & {"sick"} == set()
    case, never = "timer killed, worker killed", {"lost": None, "repeated": None}
    print(line(case, 2, **never, seconds=machine.seconds))


def state_of_workers(settings, machine: Machine) -> tuple[str, int]:  # type: ignore[no-untyped-def]
    return states(settings, machine)["worker"], signs.workers(timedelta(minutes=1)).alive


@pytest.mark.thorough
def test_of_two_workers_a_killed_one_is_missed_and_one_that_was_told_to_end_is_not(
    machine: Machine, settings
):
    machine.start_worker()
    machine.start_another("second")
    wait_for(lambda: state_of_workers(settings, machine) == ("ok", 2), machine)

    machine.end("second")
    age_all_signs()
    wait_for(lambda: state_of_workers(settings, machine) == ("ok", 1), machine)

    machine.start_another("third")
    wait_for(lambda: state_of_workers(settings, machine) == ("ok", 2), machine)
    machine.kill("third")
    age_all_signs()
    wait_for(lambda: state_of_workers(settings, machine) == ("late", 1), machine)

    machine.start_another("fourth")
    wait_for(lambda: state_of_workers(settings, machine) == ("ok", 2), machine)
    case, never = "one of two workers killed", {"lost": None, "repeated": None}
    print(line(case, 1, **never, seconds=machine.seconds))


@pytest.mark.thorough
def test_a_worker_says_for_which_request_it_failed_and_counts_it(machine: Machine):
    machine.start_worker()
    machine.queue_what_fails()
    wait_for(lambda: NUMBER in machine.said("worker"), machine)

    lines = [json.loads(line) for line in machine.said("worker").splitlines() if NUMBER in line]
    figures = urlopen(f"http://127.0.0.1:{machine.port}/metrics", timeout=10).read().decode()

    assert {(line["level"], line["request"]) for line in lines} == {("ERROR", NUMBER)}
    assert "ValueError" in lines[0]["traceback"]
    assert 'oda_task_seconds_count{outcome="failed",task="mail.deliver"} 1.0' in figures
