"""A backup and a restore are really killed half-way: nothing looks whole, and nothing has changed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from oda_portal.accounts.models import User
from oda_portal.recovery import folder, folders
from oda_portal.recovery.postgres import figures, is_empty
from oda_portal.recovery.tables import differences
from tests.factories import UserFactory
from tests.faults.line import line
from tests.processes import ROOT, database_url
from tests.recovery.places import (
    PUBLIC,
    a_backup,
    bring_back,
    empty_machine,
    key_file,
    on_postgresql,
)

pytestmark = [on_postgresql, pytest.mark.thorough, pytest.mark.django_db(transaction=True)]
MB = 1024 * 1024
LARGE = 120 * MB


def manage(*words: object) -> subprocess.Popen[bytes]:
    """A command of the portal in a process of its own, on what this test is connected to."""
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "BACKUP_KEY": PUBLIC,
        "PRIVATE_ROOT": str(settings.PRIVATE_ROOT),
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "LEDGER_FILE": str(settings.LEDGER_FILE),
        "SECRET_KEY": settings.SECRET_KEY,
        "FIELD_KEYS": ",".join(settings.FIELD_KEYS),
    }
    command = [sys.executable, "manage.py", *map(str, words)]
    return subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)


def restoring(backup: Path, folder: Path) -> subprocess.Popen[bytes]:
    return manage("restore", backup, "--key", key_file(folder), "--no-ledger")


def kill_when(holds: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """The command alone: what it has started finds out by itself."""
    until = time.monotonic() + 120
    while not holds():
        assert process.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < until
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    print(f"pid {process.pid}, signal {-process.returncode}")


def a_large_file() -> None:
    path = Path(settings.PRIVATE_ROOT) / "large.bin"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(os.urandom(MB) * (LARGE // MB))


def unfinished(place: Path) -> int:
    """How much a backup has written so far."""
    return sum(path.stat().st_size for path in place.glob(f"*{folder.UNFINISHED}"))


def test_a_killed_backup_leaves_nothing_that_looks_whole(tmp_path: Path):
    UserFactory()
    a_large_file()
    place = tmp_path / "backups"

    kill_when(lambda: unfinished(place) > 20 * MB, manage("backup", place))
    left = unfinished(place)

    assert folder.backups(place) == {}
    assert manage("backup", place).wait() == 0
    (whole,) = folder.backups(place)
    call_command("backup_verify", whole, "--key", key_file(tmp_path))
    assert unfinished(place) == 0
    print(line(f"backup killed after {left:,} bytes", 1, errors=1))


def tables_that_others_make() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()"
            " AND application_name = 'psql' AND query ILIKE '%CREATE TABLE%')"
        )
        return cursor.fetchone()[0]


def wait_until_alone() -> None:
    for _try in range(400):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            if not cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise TimeoutError


def test_a_killed_restore_changes_nothing_and_again_it_is_whole(tmp_path: Path):
    """psql finds itself alone in the middle of a transaction, and must not commit it."""
    UserFactory()
    a_large_file()
    before = figures()
    backup = a_backup(tmp_path / "backups")
    with empty_machine(tmp_path / "other"):
        kill_when(tables_that_others_make, restoring(backup, tmp_path))
        wait_until_alone()

        assert is_empty()
        bring_back(backup, tmp_path)
        lost = len(differences(before, figures()))
        print(line("restore killed inside its transaction", len(before), lost=lost, errors=1))
        assert figures() == before


def test_after_a_restore_that_was_killed_at_its_end_nothing_starts_until_it_is_whole(
    tmp_path: Path,
):
    """The database is back by then; who was destroyed since the backup is not gone again yet."""
    UserFactory()
    backup = a_backup(tmp_path / "backups")
    with empty_machine(tmp_path / "other"):
        kill_when(folders.mark_of_restore().exists, restoring(backup, tmp_path))
        wait_until_alone()

        # What `prepare`, worker and timer ask before they start.
        refused = manage("check", "--tag", "security").wait()
        bring_back(backup, tmp_path, "--replace")
        begins = manage("check", "--tag", "security").wait()
        lost = 1 - User.objects.count()
    assert (refused, begins, lost) == (1, 0, 0)
    print(line("restore killed at its end", 1, lost=lost, errors=refused + begins))
