"""What stands in the tables: how many rows each has, and a hash over all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.conf import settings


class Figure(NamedTuple):
    rows: int
    sha256: str


# How PostgreSQL writes values down, whatever the server or the role is set to.
_POSTGRES_WRITES = (
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL datestyle = 'ISO, YMD'",
    "SET LOCAL intervalstyle = 'iso_8601'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL statement_timeout = 0",
)
_POSTGRES_TABLES = """
    SELECT c.relname,
           (SELECT string_agg(quote_ident(a.attname), ', '
                              ORDER BY array_position(i.indkey, a.attnum))
              FROM pg_index i
              JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
             WHERE i.indrelid = c.oid AND i.indisprimary)
      FROM pg_class c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
     ORDER BY c.relname COLLATE "C"
"""
_SQLITE_TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
    " ORDER BY name"
)


def left_out() -> list[str]:
    """Tables that are not brought back: who was signed in, and what is only kept for speed.

    Whoever signed out since the backup must not be signed in again by it.
    """
    caches = [str(each["LOCATION"]) for each in settings.CACHES.values()]
    # The others are addresses.
    return ["django_session", *(name for name in caches if name.isidentifier())]


def postgres_figures(cursor: Any) -> Iterator[tuple[str, Figure]]:
    """Each table with its figure. Inside a transaction, which sees one state of them all."""
    for statement in _POSTGRES_WRITES:
        cursor.execute(statement)
    cursor.execute(_POSTGRES_TABLES)
    for table, key in cursor.fetchall():
        if table not in left_out():
            yield table, _postgres_figure(cursor, table, key or "1")


def _postgres_figure(cursor: Any, table: str, key: str) -> Figure:
    digest, rows = hashlib.sha256(), 0
    # Names come from the catalogue of the database.
    with cursor.copy(f'COPY (SELECT * FROM public."{table}" ORDER BY {key}) TO STDOUT') as lines:  # noqa: S608
        for line in lines:
            digest.update(line)
            rows += bytes(line).count(b"\n")  # within a row it is written \n
    return Figure(rows, digest.hexdigest())


def sqlite_figures(database: Any) -> Iterator[tuple[str, Figure]]:
    """Each table with its figure, of an open sqlite3 connection inside a transaction."""
    tables = [name for (name,) in database.execute(_SQLITE_TABLES)]
    for table in tables:
        if table in left_out():
            continue
        digest, rows = hashlib.sha256(), 0
        for row in database.execute(f'SELECT * FROM "{table}" ORDER BY rowid'):  # noqa: S608
            digest.update(f"{tuple(row)!r}\n".encode())
            rows += 1
        yield table, Figure(rows, digest.hexdigest())


def differences(wanted: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """Names whose figures are not equal, or that only one side has."""
    return sorted(
        name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name)
    )
