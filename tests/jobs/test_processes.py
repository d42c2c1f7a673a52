"""Long work in real processes: two at one job, one killed in the middle, fifty starts at once."""

from __future__ import annotations

import csv
import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from news.models import Article
from oda_portal.accounts.models import User
from oda_portal.audit.models import Transition
from oda_portal.jobs import actions, tasks
from oda_portal.jobs.models import SILENCE, Job
from oda_portal.publishing import bulk
from oda_portal.publishing.models import Source, Status
from oda_portal.spreadsheets import exports
from tests.doors import sign_in_staff
from tests.factories import StaffFactory
from tests.faults.line import line
from tests.jobs.kinds import KIND, a_kind
from tests.processes import ROOT, database_url

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'", reason="a second process needs a second connection"
    ),
]
MANY = 50


def at_once(do: Callable[[], Any], many: int = MANY) -> list[Any]:
    """What each of many threads got, all let go at the same moment; errors are results too."""
    gate, results = threading.Barrier(many), []

    def work() -> None:
        try:
            gate.wait()
            results.append(do())
        except Exception as error:
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@contextmanager
def worker(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A real one on the test’s own database and broker; ended with the block."""
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "REDIS_URL": settings.REDIS_URL,
        "SECRET_KEY": settings.SECRET_KEY,
        "FIELD_KEYS": ",".join(settings.FIELD_KEYS),
        "VAR_DIR": str(folder),
        "PRIVATE_ROOT": str(settings.PRIVATE_ROOT),
    }
    command = [
        *(sys.executable, "-m", "celery", "--quiet", "-A", "oda_portal", "worker"),
        *("--pool", "threads", "--concurrency", "1", "--loglevel", "warning"),
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
        time.sleep(0.005)


def killed_in_the_middle(folder: Path, most: int) -> int:
    """A worker is killed as soon as something is done; then another one does the rest."""
    with worker(folder) as first:
        wait_for(lambda: Job.objects.get().done, folder)
        first.send_signal(signal.SIGKILL)
        first.wait(10)
    job = Job.objects.get()
    print(f"killed after {job.done} of {most}")
    assert 0 < job.done < most
    assert job.state == Job.State.RUNNING
    Job.objects.update(worked_at=timezone.now() - SILENCE)
    tasks.resume()
    with worker(folder):
        wait_for(lambda: Job.objects.get().is_over, folder)
    return job.done


def articles(count: int, **values: Any) -> list[int]:
    rows = [
        Article(slug=f"a-{number}", title_ko=f"소식 {number}", body_ko="<p>글</p>", **values)
        for number in range(count)
    ]
    return [row.pk for row in Article.objects.bulk_create(rows)]


# --- killed ------------------------------------------------------------------------------------


@pytest.mark.thorough
def test_a_worker_killed_in_the_middle_of_a_bulk_act_does_nothing_twice(tmp_path: Path):
    staff = StaffFactory()
    keys = articles(300, status=Status.DRAFT)
    bulk.start(bulk.PUBLISH, Article, keys, by=staff, title="Publish", values={})

    before = killed_in_the_middle(tmp_path, len(keys))

    job = Job.objects.get()
    assert (job.state, job.done, job.failed) == (Job.State.FINISHED, len(keys), 0)
    assert job.taken_over == 1
    assert before % 10 == 0  # whole parts, with their progress
    assert Article.objects.filter(status=Status.PUBLISHED).count() == len(keys)
    steps = Transition.objects.filter(to_state=Status.PUBLISHED)
    lost, more = len(keys) - job.done, steps.count() - len(keys)
    print(line(f"bulk act killed after {before}", len(keys), lost=lost, repeated=more, errors=1))
    assert sorted(steps.values_list("object_id", flat=True)) == sorted(keys)
    assert Article.history.count() == len(keys)


@pytest.mark.thorough
def test_a_worker_killed_in_the_middle_of_an_export_leaves_one_whole_file(
    client: Client, tmp_path: Path
):
    staff = StaffFactory()
    sign_in_staff(client, staff)
    many = 4 * exports.AT_ONCE
    articles(many, status=Status.PUBLISHED)
    client.post(
        reverse("admin:news_article_export"), {"sure": "yes", "format": "csv", "once": "one"}
    )

    killed_in_the_middle(tmp_path, many)

    job = Job.objects.get()
    assert (job.state, job.done, job.total) == (Job.State.FINISHED, many, many)
    file = client.get(reverse("admin:jobs_job_result", args=[job.uuid]))
    text = b"".join(file.streaming_content).decode()
    _heads, *rows = csv.reader(io.StringIO(text))
    assert len({row[0] for row in rows}) == len(rows) == many
    assert len(list(Path(job.result.path).parent.iterdir())) == 1


# --- at once -----------------------------------------------------------------------------------


def test_two_at_one_job_share_its_parts_and_do_none_twice():
    """Each number is a row with a name of its own: a second one would be an error of the job."""
    turns: list[str] = []

    def work() -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            job = Job.objects.get()
            if job.is_over:
                return
            if actions.work_off(job, seconds=0):
                turns.append(threading.current_thread().name)

    with a_kind():
        actions.start(KIND, by=StaffFactory(), total=40, arguments={}, title="Counting")
        assert at_once(work, 2) == [None, None]

    job = Job.objects.get()
    assert (job.state, job.done, job.error) == (Job.State.FINISHED, 40, "")
    assert Source.objects.count() == len(turns) == 40
    assert len(set(turns)) == 2
    assert Transition.objects.filter(object_id=job.pk).count() == 1


def test_fifty_who_take_one_job_are_one():
    with a_kind():
        job = actions.start(KIND, by=StaffFactory(), total=1, arguments={}, title="Counting")

        results = at_once(lambda: Job.objects.get(pk=job.pk).claim())

    assert sorted(results) == [False] * (MANY - 1) + [True]


def test_fifty_starts_of_one_form_are_one_job(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exports, "AT_ONCE", 2)
    staff = StaffFactory()
    articles(3)
    client = signed_in(staff)
    form = {"sure": "yes", "format": "xlsx", "once": "this-form"}

    def send() -> str:
        own = Client()
        own.cookies = client.cookies
        return str(own.post(reverse("admin:news_article_export"), form).url)

    results = at_once(send)

    job = Job.objects.get()
    assert set(results) == {job.get_admin_url()}
    assert [len(row.keys) for row in job.keys.all()] == [3]


def test_fifty_who_cancel_one_job_are_one():
    staff = StaffFactory()
    with a_kind():
        job = actions.start(KIND, by=staff, total=1, arguments={}, title="Counting")

        results = at_once(lambda: Job.objects.get(pk=job.pk).cancel(by=staff))

    assert sorted(results) == [False] * (MANY - 1) + [True]
    assert Transition.objects.filter(object_id=job.pk).count() == 1


def signed_in(staff: User) -> Client:
    client = Client()
    sign_in_staff(client, staff)
    return client
