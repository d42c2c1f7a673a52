"""Which disks are watched: of volumes that stand on disks of their own, each."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from django.test import Client

from oda_portal.watching.checks import MEGABYTE, ask_disk
from oda_portal.watching.registry import State
from tests.watching.figures import value_of


class Usage(NamedTuple):
    free: int


@pytest.fixture
def places(settings, tmp_path: Path) -> dict[str, Path]:
    folders = {"LEDGER_FILE": tmp_path / "ledger", "BACKUP_DIR": tmp_path / "backups"}
    for folder in folders.values():
        folder.mkdir()
    settings.LEDGER_FILE = folders["LEDGER_FILE"] / "destroyed.jsonl"
    settings.BACKUP_DIR = str(folders["BACKUP_DIR"])
    settings.LEAST_FREE_MB = 1024
    return folders


@pytest.mark.parametrize("name", ["LEDGER_FILE", "BACKUP_DIR"])
@pytest.mark.django_db
def test_a_disk_of_ledger_or_backups_that_fills_is_named(
    monkeypatch, places: dict[str, Path], client: Client, name: str
):
    """That one alone has half of the least that there should be."""
    megabytes = {True: 512, False: 100_000}
    monkeypatch.setattr(
        shutil, "disk_usage", lambda folder: Usage(megabytes[folder == places[name]] * MEGABYTE)
    )

    found = ask_disk()

    assert (found.state, name in str(found.note)) == (State.SICK, True)
    assert value_of(client, "oda_disk_free_bytes", place=name) == 512 * MEGABYTE
    assert value_of(client, "oda_disk_free_bytes", place="VAR_DIR") == 100_000 * MEGABYTE


@pytest.mark.usefixtures("places")
def test_backups_that_are_there_for_reading_alone_are_in_order(settings, tmp_path: Path):
    """Only the worker writes them. To a file in the place of a folder not even root can write."""
    file = tmp_path / "in-the-way"
    file.write_text("")

    settings.BACKUP_DIR = str(file)
    assert ask_disk().state == State.OK

    settings.LEDGER_FILE = file / "destroyed.jsonl"
    assert ask_disk().state == State.SICK


@pytest.mark.usefixtures("places")
def test_without_backups_nobody_looks_for_their_disk(settings):
    settings.BACKUP_DIR = ""

    assert set(ask_disk().figures["oda_disk_free_bytes"]) == {
        "VAR_DIR", "MEDIA_ROOT", "PRIVATE_ROOT", "LEDGER_FILE",
    }  # fmt: skip
