"""The database with PostgreSQL's own tools: pg_dump out, pg_restore and psql in.

Nothing is written to the disk in between: what pg_dump says is read from a pipe, and what is
brought back goes through pg_restore into psql, in one transaction that ends with the last byte.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from django.db import connection, transaction

from .errors import RecoveryError
from .streams import chunks_of
from .tables import Figure, left_out, postgres_figures

# What the tools are told by their surroundings; a password has no place in a list of processes.
_NAMES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "connect_timeout": "PGCONNECT_TIMEOUT",
}
_DUMP = ("--format=custom", "--no-owner", "--no-privileges", "--no-password")
_RESTORE = ("--exit-on-error", "--no-owner", "--no-privileges", "--file=-")
_PSQL = ("--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", "--file=-")

# Everything of ours goes, also what the backup has not; what belongs to an extension (e) or goes
# with its column (a, i) is left to those. Who holds a table is waited for a little.
_DROP = """
SET lock_timeout = '10s';
DO $$ DECLARE statement text; BEGIN
  FOR statement IN
    SELECT format('DROP %s IF EXISTS public.%I CASCADE', CASE relkind WHEN 'v' THEN 'VIEW'
             WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, relname)
      FROM pg_class c
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
       AND NOT EXISTS (SELECT FROM pg_depend d
                        WHERE d.objid = c.oid AND d.deptype IN ('e', 'a', 'i'))
    UNION ALL
    SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', p.oid::regprocedure)
      FROM pg_proc p
     WHERE pronamespace = 'public'::regnamespace
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
  LOOP EXECUTE statement; END LOOP;
END $$;
"""


def server_version() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0])


def is_empty() -> bool:
    return not connection.introspection.table_names()


def check_tools(*names: str) -> str:
    """The version of these programs; RecoveryError where one is missing or does not fit."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        server = int(cursor.fetchone()[0]) // 10000
    found = ""
    for name in names:
        if shutil.which(name) is None:
            raise RecoveryError(
                f"{name} is not installed. Install PostgreSQL’s client programs, version {server}."
            )
        asked = [name, "--version"]
        done = subprocess.run(asked, capture_output=True, text=True, check=True)  # noqa: S603
        found = _version(done.stdout)
        if not fits(name, int(found.split(".")[0]), server):
            raise RecoveryError(
                f"{name} {found} does not fit the server, which is {server}."
                f" Install PostgreSQL’s client programs, version {server}."
            )
    return found


def fits(name: str, program: int, server: int) -> bool:
    """Not older than the server; from 17 on, pg_restore sets what a server before does not know."""
    return program >= server and not (name == "pg_restore" and program >= 17 > server)


def _version(said: str) -> str:
    match = re.search(r"\d+(\.\d+)*", said)
    if match is None:
        raise RecoveryError(f"a client program says no version, but: {said.strip()[:100]}")
    return match[0]


@contextmanager
def snapshot() -> Iterator[tuple[Iterator[tuple[str, Figure]], Iterator[bytes]]]:
    """Figures of the tables and the dump, both of the same instant; taken in this order."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        name = cursor.fetchone()[0]
        yield postgres_figures(cursor), _dump(name)


def figures() -> dict[str, Figure]:
    with transaction.atomic(), connection.cursor() as cursor:
        return dict(postgres_figures(cursor))


def _dump(snapshot_name: str) -> Iterator[bytes]:
    data = [f"--exclude-table-data=public.{table}" for table in left_out()]
    command = ["pg_dump", *_DUMP, f"--snapshot={snapshot_name}", *data]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, env=surroundings(), stdout=subprocess.PIPE, stderr=said)  # noqa: S603
        try:
            assert process.stdout is not None  # noqa: S101  (it was asked for)
            yield from chunks_of(process.stdout)
        finally:
            if process.poll() is None and process.stdout:
                process.stdout.close()
            status = process.wait()
        if status:
            raise RecoveryError(f"pg_dump ended with {status}: {_first_error(said)}")


class Load:
    """A database that is being brought back: all of it is there at the commit, or none."""

    def __init__(self, *, replace: bool) -> None:
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  (closed with the block that holds us)
        out, self._hold = os.pipe()
        self._psql = self._start(["psql", *_PSQL], out, subprocess.DEVNULL)
        os.close(out)
        # Only we end the transaction: where we are killed, psql finds no COMMIT at the end.
        os.write(self._hold, f"BEGIN;\n{_DROP if replace else ''}\n".encode())
        self._restore = self._start(["pg_restore", *_RESTORE], subprocess.PIPE, self._hold)

    def _start(self, command: list[str], stdin: Any, stdout: Any) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603
            command, env=surroundings(), stdin=stdin, stdout=stdout, stderr=self._said
        )

    def write(self, chunk: bytes) -> None:
        try:
            self._restore.stdin.write(chunk)  # type: ignore[union-attr]
        except BrokenPipeError as error:
            raise self._failed() from error

    def end(self) -> None:
        """The last byte was written; the transaction stays open."""
        try:
            self._restore.stdin.close()  # type: ignore[union-attr]
        except BrokenPipeError as error:
            raise self._failed() from error
        if self._restore.wait():
            raise self._failed()

    def commit(self) -> None:
        try:
            os.write(self._hold, b"\nCOMMIT;\n")
        except BrokenPipeError as error:
            raise self._failed() from error
        os.close(self._hold)
        self._hold = -1
        if self._psql.wait():
            raise self._failed()

    def _failed(self) -> RecoveryError:
        self._psql.poll()
        return RecoveryError(f"the database could not be brought back: {_first_error(self._said)}")

    def close(self) -> None:
        """What is not committed by now never will be."""
        for process in (self._psql, self._restore):
            if process.poll() is None:
                process.kill()
            process.wait()
        if self._hold != -1:
            os.close(self._hold)
        self._said.close()


@contextmanager
def loading(*, replace: bool) -> Iterator[Load]:
    load = Load(replace=replace)
    try:
        yield load
    finally:
        load.close()


def surroundings() -> dict[str, str]:
    """What PostgreSQL’s own programs need to come to this database."""
    given = connection.get_connection_params()
    own = {env: str(given[name]) for name, env in _NAMES.items() if given.get(name)}
    return {**os.environ, **own}


def _first_error(said: IO[bytes]) -> str:
    """What went wrong, without the lines below it: they quote rows."""
    said.seek(0)
    lines = said.read(100_000).decode(errors="replace").splitlines()
    errors = [line for line in lines if re.search(r"error|fatal", line, re.IGNORECASE)]
    return (errors or lines or ["it said nothing"])[0][:300]
