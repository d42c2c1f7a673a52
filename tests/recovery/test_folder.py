"""Names of backups, how old the newest is, which are kept, and that one writes at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from oda_portal import recovery
from oda_portal.recovery import folder
from oda_portal.recovery.errors import RecoveryError

NOW = datetime(2026, 11, 23, 3, 40, tzinfo=UTC)


def made(place: Path, *moments: datetime) -> list[str]:
    for moment in moments:
        (place / folder.name_at(moment)).write_bytes(b"")
    return [folder.name_at(moment) for moment in moments]


def names(paths) -> set[str]:  # type: ignore[no-untyped-def]
    return {path.name for path in paths}


@time_machine.travel(NOW, tick=False)
def test_age_is_that_of_the_newest_whole_backup(settings, tmp_path: Path):
    settings.BACKUP_DIR = str(tmp_path)
    assert recovery.age() is None
    made(tmp_path, NOW - timedelta(hours=30), NOW - timedelta(days=3))
    (tmp_path / f"{folder.name_at(NOW)}{folder.UNFINISHED}").write_bytes(b"")

    assert recovery.age() == timedelta(hours=30)


def test_there_is_no_age_without_a_folder(settings, tmp_path: Path):
    settings.BACKUP_DIR = ""
    assert recovery.age() is None
    settings.BACKUP_DIR = str(tmp_path / "not there")
    assert recovery.age() is None


def test_the_newest_of_each_day_and_week_are_kept(tmp_path: Path):
    days = [NOW - timedelta(days=number) for number in range(40)]
    made(tmp_path, *days, *(day - timedelta(hours=1) for day in days))

    gone = names(folder.surplus(tmp_path, days=3, weeks=4))

    kept = names(folder.backups(tmp_path)) - gone
    # 23 November 2026 is a Monday: the weeks before end on the 22nd, 15th and 8th.
    wanted = [NOW, *(NOW - timedelta(days=number) for number in (1, 2, 8, 15))]
    assert kept == {folder.name_at(moment) for moment in wanted}


def test_after_a_long_silence_the_old_ones_stay(tmp_path: Path):
    old = made(tmp_path, *(NOW - timedelta(days=100 * number) for number in range(1, 4)))

    assert folder.surplus(tmp_path, days=3, weeks=2) == []
    assert names(folder.backups(tmp_path)) == set(old)


def test_only_one_writes_and_removes_what_a_killed_one_left(tmp_path: Path):
    left = tmp_path / f"{folder.name_at(NOW)}{folder.UNFINISHED}"
    left.write_bytes(b"half")

    with folder.sole_writer(tmp_path):
        assert not left.exists()
        with pytest.raises(RecoveryError, match="another backup"), folder.sole_writer(tmp_path):
            pytest.fail("two wrote at once")
