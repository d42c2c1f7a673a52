"""The database of the embedded site with SQLite's online backup, out and in."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import mkstemp
from typing import IO

from django.db import connection

from .errors import RecoveryError
from .streams import READ, chunks_of
from .tables import Figure, sqlite_figures

# Bytes 18 and 19 say how the file is written to. A copy says: not through a log beside it, so
# that reading it makes no second file.
_MODE_AT, _PLAIN = 18, b"\x01\x01"


def server_version() -> str:
    return sqlite3.sqlite_version


def is_empty() -> bool:
    return not connection.introspection.table_names()


@contextmanager
def snapshot() -> Iterator[tuple[Iterator[tuple[str, Figure]], Iterator[bytes]]]:
    """Figures of the tables and the database, both of the same instant; taken in this order."""
    path = connection.settings_dict["NAME"]
    with closing(sqlite3.connect(path, timeout=20, isolation_level=None)) as database:
        database.execute("BEGIN")
        yield sqlite_figures(database), _copy(database)


def figures() -> dict[str, Figure]:
    connection.ensure_connection()
    path = connection.settings_dict["NAME"]
    with closing(sqlite3.connect(path, timeout=20, isolation_level=None)) as database:
        database.execute("BEGIN")
        return dict(sqlite_figures(database))


def _copy(database: sqlite3.Connection) -> Iterator[bytes]:
    with _nameless() as (copy, file):
        database.backup(copy)
        file.seek(0)
        first = file.read(READ)
        yield first[:_MODE_AT] + _PLAIN + first[_MODE_AT + len(_PLAIN) :]
        yield from chunks_of(file)


@contextmanager
def _nameless() -> Iterator[tuple[sqlite3.Connection, IO[bytes]]]:
    """An empty database beside the real one, in a file whose name is gone at once.

    Whoever is killed leaves no copy behind: the room is free again when the process is gone.
    """
    folder = Path(connection.settings_dict["NAME"]).parent
    handle, name = mkstemp(prefix=".recovery-", dir=folder)
    with (
        os.fdopen(handle, "r+b") as file,
        closing(sqlite3.connect(name, isolation_level=None)) as copy,
    ):
        copy.execute("PRAGMA journal_mode = MEMORY")
        os.unlink(name)
        yield copy, file


class Load:
    """A database that is being brought back: all of it is there at the commit, or none."""

    def __init__(self, copy: sqlite3.Connection, file: IO[bytes]) -> None:
        self._copy, self._file = copy, file

    def write(self, chunk: bytes) -> None:
        self._file.write(chunk)

    def end(self) -> None:
        self._file.flush()

    def commit(self) -> None:
        connection.close()
        path = connection.settings_dict["NAME"]
        try:
            with closing(sqlite3.connect(path, timeout=20)) as live:
                self._copy.backup(live)
        except sqlite3.Error as error:
            raise RecoveryError(f"the database could not be brought back: {error}") from error


@contextmanager
def loading(*, replace: bool) -> Iterator[Load]:
    """`replace` changes nothing here: the whole file takes the place of the other."""
    with _nameless() as (copy, file):
        yield Load(copy, file)
