"""Another database and other folders for what is brought back, and keys that open it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import override_settings

from oda_portal.recovery import bech32
from oda_portal.recovery.databases import present
from oda_portal.recovery.envelope import SECRET, Sealer
from oda_portal.recovery.making import back_up, quietly
from tests.recovery.test_envelope import KEY

on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="a second database, and PostgreSQL’s own programs"
)
PUBLIC = bech32.encode("age", KEY.public_key().public_bytes_raw())


def key_file(folder: Path) -> Path:
    path = folder / "backup.key"
    path.write_text(f"# opens backups\n{bech32.encode(SECRET, KEY.private_bytes_raw()).upper()}\n")
    return path


@contextmanager
def empty_database() -> Iterator[str]:
    """A new database on the server of the test; gone with the block."""
    name = f"brought_back_{uuid4().hex[:12]}"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    try:
        yield name
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    own = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own


@contextmanager
def empty_machine(folder: Path) -> Iterator[None]:
    """Nothing but the portal itself: a new database, empty folders."""
    folders = {"PRIVATE_ROOT": folder / "private", "MEDIA_ROOT": folder / "media"}
    with empty_database() as name, connected_to(name), override_settings(**folders):
        yield


def a_backup(folder: Path) -> Path:
    with override_settings(BACKUP_KEY=[PUBLIC]):
        return back_up(folder, quietly)


def bring_back(file: Path, folder: Path, *more: str) -> str:
    """What it said. Of a site that never destroyed anybody, unless there is a ledger."""
    more = ("--no-ledger", *more)
    out = StringIO()  # it must not meet the disk that some tests fill
    call_command("restore", file, "--key", key_file(folder), *more, stdout=out)
    return out.getvalue()


def files_below(*roots: Any) -> dict[str, bytes]:
    found = [path for root in roots for path in Path(root).rglob("*") if path.is_file()]
    return {path.name: path.read_bytes() for path in found}


def nothing_there() -> bool:
    return present().is_empty() and not files_below(settings.PRIVATE_ROOT, settings.MEDIA_ROOT)


def sealed(path: Path, write: Any) -> Path:
    """A file that is sealed as a backup is, with other contents."""
    with path.open("wb") as out:
        sealer = Sealer(out, [KEY.public_key()])
        write(sealer)
        sealer.close()
    return path
