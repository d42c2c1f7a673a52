"""What was destroyed, in the database and in a file beside it.

A restored database has forgotten what was destroyed since its backup; the file has not. It holds
no names: one JSON object a line with the kind of record, its number, the rule and the time.
"""

from __future__ import annotations

import errno
import json
import logging
import os
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from .models import DestructionLedger

log = logging.getLogger(__name__)


class Line(NamedTuple):
    uuid: UUID
    key: str
    object_id: int
    rule: str
    at: datetime


def write(key: str, object_id: int, *, rule: str) -> None:
    """Note a destruction, in the transaction that does it; in the file once that is over.

    Never before: a line of what was rolled back would destroy a living record after a restore.
    What a kill or a full disk keeps out of the file, `complete` puts there.
    """
    line = Line(uuid4(), key, object_id, rule[:200], timezone.now())
    DestructionLedger.objects.create(**line._asdict())
    transaction.on_commit(lambda: _append(line), robust=True)


def complete() -> int:
    """Put into the file what only the database knows; how many lines. Safe to repeat."""
    written = {line.uuid for line in _lines_of_file()}
    count = 0
    for line in _lines_of_database():
        if line.uuid not in written:
            _append(line)
            count += 1
    return count


def keep(line: Line) -> None:
    """See that the database knows it too."""
    values = {name: value for name, value in line._asdict().items() if name != "uuid"}
    DestructionLedger.objects.get_or_create(uuid=line.uuid, defaults=values)


def has_file() -> bool:
    """Whether there is a file. OSError: there is, and it cannot be read."""
    try:
        with open(settings.LEDGER_FILE, "rb"):
            return True
    except FileNotFoundError:
        return False


def lines() -> Iterator[Line]:
    """Every line of the file, then what only the database knows."""
    seen = set()
    for line in _lines_of_file():
        seen.add(line.uuid)
        yield line
    for line in _lines_of_database():
        if line.uuid not in seen:
            yield line


def _lines_of_database() -> Iterator[Line]:
    for row in DestructionLedger.objects.order_by("pk").iterator(chunk_size=1000):
        yield Line(row.uuid, row.key, row.object_id, row.rule, row.at)


def _lines_of_file() -> Iterator[Line]:
    try:
        with open(settings.LEDGER_FILE, encoding="utf-8") as file:
            for text in filter(str.strip, file):
                if line := _line(text):
                    yield line
    except FileNotFoundError:
        return


def _line(text: str) -> Line | None:
    try:
        entry = json.loads(text)
        at = datetime.fromisoformat(entry["at"])
        return Line(UUID(entry["uuid"]), entry["key"], entry["object_id"], entry["rule"], at)
    except (ValueError, TypeError, KeyError):
        # Cut by a full disk: the line is written anew from the database.
        log.exception("a line of the ledger cannot be read")
        return None


def _append(line: Line) -> None:
    """One write to a file that was opened for appending: lines of two processes do not mix."""
    path = settings.LEDGER_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    entry = {**line._asdict(), "uuid": str(line.uuid), "at": line.at.isoformat()}
    # The line before may have been cut: this one begins anew.
    text = f"\n{json.dumps(entry)}\n".encode()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        if os.write(handle, text) != len(text):
            raise OSError(errno.ENOSPC, "the ledger takes no more", str(path))
        os.fsync(handle)
    finally:
        os.close(handle)
