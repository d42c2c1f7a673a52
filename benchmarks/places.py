"""Where a benchmark runs: Django, a folder for its files, and tables that go again."""

from __future__ import annotations

import argparse
import atexit
import os
import signal
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit, urlunsplit

import django


def numbered(told: str | None, number: int, of: str) -> argparse.ArgumentParser:
    """The argument that every benchmark takes: so many of what it measures; few make it brief."""
    parser = argparse.ArgumentParser(description=(told or "").partition("\n")[0])
    said = f"{number:,} unless said"
    parser.add_argument("number", type=int, nargs="?", default=number, metavar=of, help=said)
    return parser


def judge(missed: Collection[str]) -> None:
    """End the benchmark; with what missed its goal, if anything did."""
    if missed:
        raise SystemExit(f"missed: {', '.join(missed)}")


def end_tidily() -> None:
    """Told to end, a benchmark takes its servers and databases with it."""
    signal.signal(signal.SIGTERM, lambda *_told: sys.exit(143))


def set_up() -> None:
    """Django, with a folder of its own for files and what no benchmark needs to be told."""
    end_tidily()
    folder = TemporaryDirectory(prefix="benchmark-")
    atexit.register(folder.cleanup)
    os.environ["VAR_DIR"] = folder.name
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oda_portal.settings")
    os.environ.setdefault("SECRET_KEY", "for-the-benchmark-only")
    os.environ.setdefault("STATIC_FROM_FINDERS", "true")
    django.setup()


@contextmanager
def own_database() -> Iterator[None]:
    """Empty tables, which this process and those that it starts ask; they go again.

    On PostgreSQL in a database beside the one of DATABASE_URL: a copy of the one that
    TEST_TEMPLATE names, whose tables `./runtests` has made, or made here in one go. Otherwise in
    a file of SQLite. The caches are emptied, and with them the whole database of REDIS_URL, which
    is to be nobody else's: what they hold was read from other tables.
    """
    from django.conf import settings
    from django.core.cache import caches
    from django.db import connection

    if connection.vendor == "postgresql":
        with _beside():
            for name in settings.CACHES:
                caches[name].clear()
            yield
        return
    _make_tables()
    try:
        yield
    finally:
        connection.close()
        os.remove(connection.settings_dict["NAME"])


@contextmanager
def _beside() -> Iterator[None]:
    from django.db import connection

    given, url = connection.settings_dict["NAME"], os.environ["DATABASE_URL"]
    name, template = f"{given}_benchmark_{os.getpid()}", os.environ.get("TEST_TEMPLATE")
    create_database(name)
    _ask(name, address_of(name))
    try:
        if not template:
            _make_tables()
        yield
    finally:
        _ask(given, url)
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def create_database(name: str) -> None:
    """On the server of DATABASE_URL; empty, or a copy of the one that TEST_TEMPLATE names."""
    from django.db import connection

    copied = f' TEMPLATE "{template}"' if (template := os.environ.get("TEST_TEMPLATE")) else ""
    # From no database: one that somebody asks cannot be copied.
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"{copied}')


def address_of(name: str) -> str:
    """Of a database on the server of DATABASE_URL."""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def _ask(name: str, url: str) -> None:
    """From now on, in this process and in those that it starts."""
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = name
    os.environ["DATABASE_URL"] = url


def _make_tables() -> None:
    """As all migrations leave them, with what is made after those."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from oda_portal.migrating import make_at_once

    make_at_once(connection)
    call_command("migrate", verbosity=0)
    if not settings.REDIS_URL:
        call_command("createcachetable", verbosity=0)
