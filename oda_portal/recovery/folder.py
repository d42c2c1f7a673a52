"""The folder with backups: names, how old the newest is, which are kept, who may write."""

from __future__ import annotations

import fcntl
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from .errors import RecoveryError

NAME = re.compile(r"oda-portal-(\d{8}T\d{6}Z)\.tar\.age")
UNFINISHED = ".unfinished"
_STAMP = "%Y%m%dT%H%M%SZ"


def name_at(moment: datetime) -> str:
    return f"oda-portal-{moment.astimezone(UTC):{_STAMP}}.tar.age"


def backups(folder: Path) -> dict[Path, datetime]:
    """The whole backups of a folder with the times at which they were begun, newest first."""
    if not folder.is_dir():
        return {}
    found = {}
    for path in sorted(folder.iterdir(), reverse=True):
        if match := NAME.fullmatch(path.name):
            found[path] = datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC)
    return found


def age() -> timedelta | None:
    """Of the newest backup in BACKUP_DIR; None where there is no such setting, or no backup."""
    if not settings.BACKUP_DIR:
        return None
    times = backups(Path(settings.BACKUP_DIR)).values()
    return timezone.now() - max(times) if times else None


def surplus(folder: Path, *, days: int, weeks: int) -> list[Path]:
    """What may go: all but the newest of each of the last days and weeks that have one."""
    kept: set[Path] = set()
    for number, period in ((days, "%Y-%j"), (weeks, "%G-%V")):
        newest: dict[str, Path] = {}
        for path, moment in backups(folder).items():
            newest.setdefault(f"{timezone.localtime(moment):{period}}", path)
        kept |= set(list(newest.values())[:number])
    return [path for path in backups(folder) if path not in kept]


@contextmanager
def sole_writer(folder: Path) -> Iterator[None]:
    """One backup at a time; what a killed one left behind is removed. Else RecoveryError."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RecoveryError(f"another backup is being written into {folder}") from error
        for left in folder.glob(f"*{UNFINISHED}"):
            left.unlink()
        yield
