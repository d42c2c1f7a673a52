"""The access log is sealed every hour: whoever changes a row breaks the chain of hashes."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from . import triggers
from .models import AccessRecord, AccessSubject, Seal

log = logging.getLogger(__name__)

BEGINNING = "0" * 64
KEPT_YEARS = 2
# Twice the beat's hour, and then a little.
LONGEST_UNSEALED = timedelta(hours=2, minutes=15)
_BATCH = 2000


def seal() -> Seal | None:
    """Seal the looks since the last seal; None when there are none. Safe at once and twice."""
    with transaction.atomic():
        _wait_for_writers()
        before = Seal.objects.order_by("-number").first()
        after_id = before.last_id if before else 0
        newest = AccessRecord.objects.filter(pk__gt=after_id).aggregate(
            last_id=Max("pk"), newest_at=Max("at")
        )
        if newest["last_id"] is None:
            return None
        fresh = Seal(
            number=before.number + 1 if before else 1,
            after_id=after_id,
            last_id=newest["last_id"],
            newest_at=newest["newest_at"],
            previous=before.sha256 if before else BEGINNING,
        )
        fresh.sha256, fresh.count = digest(fresh)
        fresh.save(force_insert=True)
    # A copy outside the database: a chain made anew from its beginning differs from it.
    log.info("access log sealed: %s %s, %s looks", fresh.number, fresh.sha256, fresh.count)
    return fresh


def _wait_for_writers() -> None:
    """No look with a lower number may be committed after the seal.

    SQLite has one writer at a time. PostgreSQL waits for those that are writing, and lets nobody
    begin meanwhile; should one be stuck, the seal gives up rather than hold everybody.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '5s'")
            cursor.execute("LOCK TABLE privacy_accessrecord IN SHARE ROW EXCLUSIVE MODE")


def digest(of: Seal) -> tuple[str, int]:
    """The hash of the seal before and of the rows that this one covers, and how many those are."""
    total = hashlib.sha256(f"{of.previous}:{of.number}:{of.after_id}:{of.last_id}\n".encode())
    count = 0
    for line in _lines(of):
        total.update(line)
        count += 1
    return total.hexdigest(), count


def _lines(of: Seal) -> Iterator[bytes]:
    """One line a look, with whom it showed; in the order of their numbers."""
    rows = AccessRecord.objects.within(of).order_by("pk").values().iterator(chunk_size=_BATCH)
    shown = groupby(_subjects(of), key=lambda row: row[0])
    pending = next(shown, None)
    for row in rows:
        subjects: list[tuple[str, int]] = []
        while pending is not None and pending[0] <= row["id"]:
            subjects += [(label, pk) for _record, label, pk in pending[1]]
            pending = next(shown, None)
        yield _line({**row, "subjects": subjects})


def _subjects(of: Seal) -> Iterator[tuple[int, str, int]]:
    covered = AccessSubject.objects.filter(record_id__gt=of.after_id, record_id__lte=of.last_id)
    rows = covered.order_by("record_id", "pk").values_list("record_id", "label", "object_id")
    return rows.iterator(chunk_size=_BATCH)


def _line(row: dict[str, Any]) -> bytes:
    plain = {
        name: value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
        for name, value in row.items()
    }
    return json.dumps(plain, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def problems() -> Iterator[str]:
    """What is wrong with the log: a broken chain, changed or missing rows, rows left unsealed."""
    for trigger in triggers.missing(connection):
        yield f"trigger {trigger} is missing or switched off"
    previous, number, last_id = BEGINNING, 0, 0
    for one in Seal.objects.order_by("number").iterator(chunk_size=_BATCH):
        number += 1
        if (one.number, one.previous, one.after_id) != (number, previous, last_id):
            yield f"seal {one.number}: it does not follow the seal before it"
        number = one.number
        if not _is_over(one) and digest(one) != (one.sha256, one.count):
            yield f"seal {one.number}: looks {one.after_id + 1} to {one.last_id} were changed"
        previous, last_id = one.sha256, one.last_id
    unsealed = AccessRecord.objects.filter(
        pk__gt=last_id, at__lt=timezone.now() - LONGEST_UNSEALED
    ).count()
    if unsealed:
        yield f"{unsealed} looks wait for a seal since more than two hours: is the beat running?"


def _is_over(one: Seal) -> bool:
    """Whether its rows were rightly destroyed: all of them, and old enough."""
    return one.newest_at < oldest_kept() and not AccessRecord.objects.within(one).exists()


def oldest_kept() -> datetime:
    now = timezone.now()
    try:
        return now.replace(year=now.year - KEPT_YEARS)
    except ValueError:  # 29 February
        return now.replace(year=now.year - KEPT_YEARS, day=28)


def destroy_old() -> int:
    """Delete the looks of whole sealed periods older than two years; how many. The seals stay.

    The triggers let nothing else through.
    """
    deleted = 0
    for one in Seal.objects.filter(newest_at__lt=oldest_kept()).order_by("number"):
        rows = AccessRecord.objects.within(one)
        with transaction.atomic():
            subjects = AccessSubject.objects.filter(
                record_id__gt=one.after_id, record_id__lte=one.last_id
            )
            # Past Django's collector, which would read every row first.
            subjects._raw_delete(subjects.db)
            deleted += rows._raw_delete(rows.db)
    return deleted
