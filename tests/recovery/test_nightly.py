"""The nightly backup, and what the start of the portal refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.checks import Error

from oda_portal import recovery
from oda_portal.celery import app
from oda_portal.recovery import checks, folder, postgres, tasks
from oda_portal.recovery.errors import RecoveryError
from tests.recovery.places import PUBLIC, on_postgresql


def complaints() -> list[str]:
    found = checks.check_backups(None)
    assert all(isinstance(each, Error) for each in found)
    return [each.id for each in found]


def test_the_timer_calls_it_at_night():
    assert app.conf.beat_schedule["recovery.back_up"]["task"] == tasks.back_up.name


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_one_a_day_and_old_ones_go(settings: Any, tmp_path: Path):
    settings.BACKUP_DIR, settings.BACKUP_KEY = str(tmp_path), [PUBLIC]
    settings.BACKUP_KEEP_DAYS = settings.BACKUP_KEEP_WEEKS = 1
    old = tmp_path / "oda-portal-20200101T000000Z.tar.age"
    old.write_bytes(b"")

    tasks.back_up()
    first = list(folder.backups(tmp_path))
    tasks.back_up()

    assert list(folder.backups(tmp_path)) == first
    assert len(first) == 1
    assert not old.exists()
    assert recovery.age().total_seconds() < 600


def test_without_a_folder_there_is_none(settings: Any, tmp_path: Path):
    settings.BACKUP_DIR, settings.BACKUP_KEY = "", [PUBLIC]

    tasks.back_up()

    assert recovery.age() is None


def test_a_folder_without_a_key_is_refused(settings: Any, tmp_path: Path):
    settings.BACKUP_DIR, settings.BACKUP_KEY = str(tmp_path), []
    assert complaints() == ["recovery.E001"]
    settings.BACKUP_KEY = ["age1nonsense"]
    assert complaints() == ["recovery.E001"]
    settings.BACKUP_KEY = [PUBLIC]
    assert complaints() == []


def test_a_folder_among_the_files_is_refused(settings: Any, tmp_path: Path):
    settings.BACKUP_DIR, settings.BACKUP_KEY = str(tmp_path / "private" / "backups"), [PUBLIC]
    settings.PRIVATE_ROOT = tmp_path / "private"

    assert complaints() == ["recovery.E002"]


def test_a_ledger_among_the_files_is_refused(settings: Any, tmp_path: Path):
    """It would come back with them, as it was before the last were destroyed."""
    settings.BACKUP_DIR, settings.BACKUP_KEY = "", []
    settings.LEDGER_FILE = settings.PRIVATE_ROOT / "destroyed.jsonl"

    assert complaints() == ["recovery.E003"]


def test_nothing_is_refused_where_no_backups_are_wanted(settings: Any):
    settings.BACKUP_DIR, settings.BACKUP_KEY = "", []

    assert complaints() == []


FITS = {
    ("pg_dump", 15, 15): True,
    ("pg_dump", 17, 16): True,
    ("pg_dump", 15, 16): False,
    ("pg_restore", 16, 15): True,
    ("pg_restore", 17, 17): True,
    ("pg_restore", 17, 16): False,
}


@pytest.mark.parametrize("case", FITS, ids=lambda case: " ".join(map(str, case)))
def test_programs_that_do_not_fit_the_server_are_known(case: tuple[str, int, int]):
    assert postgres.fits(*case) is FITS[case]


@on_postgresql
@pytest.mark.django_db
def test_a_program_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(RecoveryError, match="pg_dump is not installed"):
        postgres.check_tools("pg_dump")
