"""The command ./run: what it starts works together, and nothing of it stays behind."""

import os
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from .crawler import Crawler
from .site import Site

pytestmark = pytest.mark.embedded


def wait_for(what: Callable[[], bool], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while not (done := what()) and time.monotonic() < until:
        time.sleep(0.2)
    return done


def waiting_changes(site: Site) -> int:
    with closing(sqlite3.connect(site.folder / "db.sqlite3", timeout=20)) as database:
        return database.execute("SELECT count(*) FROM publishing_dirty").fetchone()[0]


def test_change_shows_at_once_and_the_worker_works_it_off(site: Site, crawler: Crawler) -> None:
    change = (
        "from programs.models import Program; "
        "program = Program.objects.published().order_by('pk').first(); "
        "program.title_en = 'A title that nobody has seen before'; "
        "program.save(); print(program.code)"
    )
    assert wait_for(lambda: waiting_changes(site) == 0, 60), "nothing runs the timed tasks"

    code = site.manage("shell", "--no-imports", "-c", change).strip()

    page = crawler.fetch(f"/en/programs/{code}/")
    assert "A title that nobody has seen before" in page.body.decode()
    assert wait_for(lambda: waiting_changes(site) == 0, 60), "the worker left a change waiting"


def test_taken_port_is_refused(site: Site, folder: Path) -> None:
    second = Site(folder, port=site.port)
    assert second.launch().wait(timeout=60) == 1
    assert f"port {site.port} is taken" in second.said()
    assert second.processes() == []


def test_second_copy_on_the_same_data_is_refused(site: Site) -> None:
    second = Site(site.folder)
    assert second.launch().wait(timeout=60) == 1
    assert f"another ./run uses {site.folder}" in second.said()
    assert Crawler(site.url).fetch("/healthz").status == 200


@pytest.mark.thorough
def test_two_copies_do_not_disturb_each_other(site: Site, folder: Path) -> None:
    second = Site(folder).start()
    assert Crawler(second.url).fetch("/readyz").status == 200

    status = second.stop(signal.SIGINT)

    assert status == 130
    assert second.processes() == []
    assert Crawler(site.url).fetch("/readyz").status == 200


@pytest.mark.thorough
@pytest.mark.parametrize(("victim", "name"), [("celery", "worker"), ("granian", "web server")])
def test_what_is_left_ends_when_one_is_killed(folder: Path, victim: str, name: str) -> None:
    site = Site(folder).start()

    os.kill(site.processes(victim)[0], signal.SIGKILL)

    assert site.process.wait(timeout=60) == 1
    assert f"the {name} has ended" in site.said()
    assert site.processes() == []
