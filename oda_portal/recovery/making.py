"""Making a backup: database and files, sealed on the way, whole under its name or not there."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from oda_portal.privacy.ciphers import encrypt

from . import databases, envelope, folder, folders
from .archive import ABOUT, DATABASE, FILES, MANIFEST, Sum, Writer
from .errors import RecoveryError
from .streams import chunks_of

FORMAT = 1
Show = Callable[[str, int], None]  # what is being done, how much of it is done


def quietly(what: str, number: int) -> None:
    """For whom nobody watches."""


def recipients() -> list[Any]:
    """The public keys of those who can open a backup."""
    if not settings.BACKUP_KEY:
        raise RecoveryError(
            "Set BACKUP_KEY, the key with which backups are closed."
            " `python manage.py backup_keys` makes a pair."
        )
    return [envelope.public_key(word) for word in settings.BACKUP_KEY]


def back_up(place: Path, show: Show) -> Path:
    """Write a backup into this folder; the file has its name only when it was found whole."""
    keys = recipients()
    if connection.vendor == "postgresql":
        databases.present().check_tools("pg_dump")
    now = timezone.now()
    with folder.sole_writer(place):
        target = place / folder.name_at(now)
        draft = target.with_name(target.name + folder.UNFINISHED)
        try:
            handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w+b") as file:
                _write(file, keys, now, show)
            os.replace(draft, target)
            _sync(place)
        except OSError as error:
            raise RecoveryError(f"the backup could not be written: {error}") from error
        finally:
            draft.unlink(missing_ok=True)
    return target


def rotate(place: Path) -> list[Path]:
    """Remove backups that are no longer kept."""
    gone = folder.surplus(place, days=settings.BACKUP_KEEP_DAYS, weeks=settings.BACKUP_KEEP_WEEKS)
    for path in gone:
        path.unlink(missing_ok=True)
    return gone


def _write(file: IO[bytes], keys: list[Any], now: datetime, show: Show) -> None:
    out = _Hashing(file)
    sealer = envelope.Sealer(out, keys)
    with Writer(sealer) as writer:
        writer.put_json(ABOUT, about(now))
        manifest = {**_database(writer, show), "files": _files(writer, show)}
        writer.put_json(MANIFEST, manifest)
    sealer.close()
    file.flush()
    os.fsync(file.fileno())
    _read_again(file, out.digest.digest())


def about(now: datetime) -> dict[str, Any]:
    """What whoever brings it back has to know before anything else."""
    return {
        "format": FORMAT,
        "made_at": now.isoformat(),
        "database": connection.vendor,
        "server": databases.present().server_version(),
        "migrations": databases.applied_migrations(),
        # Opened by the keys that personal columns were encrypted with, and by no others.
        "field_keys": encrypt("backup"),
    }


def _database(writer: Writer, show: Show) -> dict[str, Any]:
    with databases.present().snapshot() as (figures, dump):
        tables = {}
        for name, figure in figures:
            tables[name] = figure
            show("tables counted", len(tables))
        written = writer.put_parts(DATABASE, _counted(dump, show))
    return {"tables": tables, DATABASE: written}


def _counted(chunks: Any, show: Show) -> Any:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        show("bytes of the database", size)
        yield chunk


def _files(writer: Writer, show: Show) -> dict[str, Sum]:
    """After the database: a file that goes meanwhile was destroyed, and is not wanted back."""
    sums: dict[str, Sum] = {}
    for room in FILES:
        store = folders.rooms()[room]
        for name in store.names():
            try:
                with store.open(name) as file:
                    # All of it is there then, wherever it comes from.
                    size = file.seek(0, os.SEEK_END)
                    file.seek(0)
                    sums[f"{room}/{name}"] = writer.put(f"{room}/{name}", file, size)
            except FileNotFoundError:
                continue
            show("files", len(sums))
    return sums


def _read_again(file: IO[bytes], wanted: bytes) -> None:
    """A disk that does not give back what it took is noticed now."""
    file.seek(0)
    digest = hashlib.sha256()
    for chunk in chunks_of(file):
        digest.update(chunk)
    if digest.digest() != wanted:
        raise RecoveryError("the disk gives back something else than was written")


def _sync(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class _Hashing:
    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        return self._file.write(data)
