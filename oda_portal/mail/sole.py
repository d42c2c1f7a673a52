"""One sender at a time, in the whole portal: what a crash interrupts is then one mail.

The lock goes with its process: a killed sender leaves none behind.
"""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

LOCK = 0x6D61696C  # "mail"; advisory locks of PostgreSQL are numbers, each database has its own


@contextmanager
def sole_sender() -> Iterator[bool]:
    """True for whoever may send; False, at once, while somebody else does."""
    if connection.vendor == "postgresql":
        with _advisory_lock() as locked:
            yield locked
    else:
        with _file_lock() as locked:
            yield locked


@contextmanager
def _advisory_lock() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        locked = cursor.fetchone()[0]
    try:
        yield locked
    finally:
        # A connection that broke meanwhile took its lock along.
        if locked and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


@contextmanager
def _file_lock() -> Iterator[bool]:
    """SQLite: all processes are on one machine."""
    name = hashlib.sha256(str(connection.settings_dict["NAME"]).encode()).hexdigest()[:12]
    folder = Path(settings.VAR_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"mail.{name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
