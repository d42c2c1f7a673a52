"""Fills a database with invented programmes, part by part, each whole or not there at all.

Started again it makes what is missing, and nothing twice: keys and content follow from the place
of a programme alone.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.core.cache import caches
from django.db import connection, models, transaction
from django.db.models import F, IntegerField
from django.db.models.functions import Cast

from oda_portal.languages import CODES
from oda_portal.publishing.freshness import raise_generation
from oda_portal.search.models import SearchEntry
from oda_portal.search.registry import own
from oda_portal.search.windows import KEY
from programs.models import Program

from . import articles, programmes, surroundings
from .programmes import FIRST_KEY
from .surroundings import MARK
from .tables import write
from .texts import Pools

PART = 2_000
PROCESSES = 2

TABLES = {**programmes.TABLES, **articles.TABLES}
# The search's index is made at the end: word by word it takes many times as long.
LARGE_INDEX = next(index for index in SearchEntry._meta.indexes if index.name == "search_tokens")


class Progress(NamedTuple):
    done: int
    total: int
    rows: int
    seconds: float
    made: int  # since it was started

    def __str__(self) -> str:
        rate = self.made / self.seconds
        left = (self.total - self.done) / rate if rate else 0
        return (
            f"{self.done:,} of {self.total:,} programmes, {self.rows:,} rows, "
            f"{rate:,.0f} programmes a second, {left:,.0f} s left"
        )


def fill(total: int, *, processes: int = PROCESSES) -> Iterator[Progress]:
    """Have `total` invented programmes in the database."""
    _refuse_real_content()
    _refuse_another_total(total)
    surroundings.make()
    parts = _missing(total)
    done, rows, began = total - sum(last - first for first, last in parts), 0, time.perf_counter()
    before = done
    with _without_large_index(bool(parts)):
        for first, last, written in _made(parts, total, processes):
            done, rows = done + last - first, rows + written
            yield Progress(done, total, rows, time.perf_counter() - began, done - before)
    finish()


def finish() -> None:
    """What the database and the portal know of their rows: they were not told of these."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    caches["pages"].delete(KEY)
    raise_generation()


def _refuse_real_content() -> None:
    real = Program.objects.exclude(code__startswith=MARK)
    if not settings.DEMO and real.exists():
        raise SystemExit("This database has programmes of its own, and DEMO is off. Take another.")


def _refuse_another_total(total: int) -> None:
    """How rare a word is and on which day a programme begins follows from their number."""
    stated = Program.objects.filter(pk__gte=FIRST_KEY).order_by("pk").first()
    if stated is None:
        return
    made = programmes.Programmes(total, surroundings.load(), _pools()).rows(
        stated.pk - FIRST_KEY, stated.pk - FIRST_KEY + 1
    )
    columns = programmes.TABLES["program"].columns
    (expected,) = made["program"]
    kept = dict(zip(columns, expected, strict=False))
    if (stated.starts_on, own(stated, "title", "ko")) != (kept["starts_on"], kept["title_ko"]):
        raise SystemExit("It has invented programmes of another number. Remove them first.")


def _missing(total: int) -> list[tuple[int, int]]:
    part = Cast((F("pk") - FIRST_KEY) / PART, IntegerField())
    there = set(
        Program.objects.filter(pk__gte=FIRST_KEY).order_by().values_list(part, flat=True).distinct()
    )
    starts = [first for first in range(0, total, PART) if first // PART not in there]
    return [(first, min(first + PART, total)) for first in starts]


def _made(
    parts: list[tuple[int, int]], total: int, processes: int
) -> Iterator[tuple[int, int, int]]:
    if processes < 2 or len(parts) < 2:
        _begin(total)
        yield from map(_write, parts)
        return
    connection.close()  # a process of its own takes a connection of its own
    context = multiprocessing.get_context("fork")
    with context.Pool(processes, _begin, [total]) as pool:
        yield from pool.imap_unordered(_write, parts)


_makers: list[Any] = []


@cache
def _pools() -> dict[str, Pools]:
    return {code: Pools(code) for code in CODES}


def _begin(total: int) -> None:
    made = programmes.Programmes(total, surroundings.load(), _pools())
    _makers[:] = [made, articles.Articles(made)]


def _write(part: tuple[int, int]) -> tuple[int, int, int]:
    """One part in one transaction: the number of rows after its first and last place."""
    first, last = part
    rows = [maker.rows(first, last) for maker in _makers]
    with transaction.atomic(), connection.cursor() as cursor:
        # All rows that these lean on are made with them, or were looked up.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for made in rows:
            for name, of_table in made.items():
                write(TABLES[name], of_table)
    return first, last, sum(len(of_table) for made in rows for of_table in made.values())


@contextmanager
def _without_large_index(is_worth_it: bool) -> Iterator[None]:
    """However this ends, the index is there afterwards; after a kill the next start makes it."""
    if is_worth_it and _has_large_index():
        with connection.schema_editor() as editor:
            editor.remove_index(SearchEntry, LARGE_INDEX)
    try:
        yield
    finally:
        if not _has_large_index():
            with connection.cursor() as cursor:
                cursor.execute("SET maintenance_work_mem = '512MB'")
            with connection.schema_editor() as editor:
                editor.add_index(SearchEntry, LARGE_INDEX)


def _has_large_index() -> bool:
    with connection.cursor() as cursor:
        table = SearchEntry._meta.db_table
        return LARGE_INDEX.name in connection.introspection.get_constraints(cursor, table)


def remove() -> int:
    """Take everything invented out again; how many programmes there were."""
    number = Program.objects.filter(pk__gte=FIRST_KEY).count()
    entries = SearchEntry.objects.filter(pk__gte=FIRST_KEY)
    for rows in (entries, *(_invented(table.model) for table in reversed(TABLES.values()))):
        rows._raw_delete(rows.db)
    surroundings.remove()
    finish()
    return number


def _invented(model: type[models.Model]) -> models.QuerySet:
    return model._default_manager.filter(pk__gte=FIRST_KEY)
