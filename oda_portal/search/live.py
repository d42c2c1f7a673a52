"""Which objects are public at this moment: asked of the live tables, never of the index."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.utils import timezone

from .registry import searched_of

# Stands for the present moment in questions that are put together once.
SOME_MOMENT = datetime(1999, 12, 31, 12, 34, 56, tzinfo=UTC)


def public_objects(objects: Iterable[tuple[str, int]]) -> set[tuple[str, int]]:
    """Those of the objects, by model and key, that everybody may see now; one query."""
    by_model: dict[str, set[int]] = defaultdict(set)
    for name, pk in objects:
        by_model[name].add(pk)
    questions, values = [], []
    moment = _as_stored(timezone.now())
    for name, pks in sorted(by_model.items()):
        if searched_of(name):
            rule, params = _rule(name, connection.vendor)
            keys = ",".join(str(int(pk)) for pk in pks)
            questions.append(f"SELECT %s, live.id FROM ({rule}) live WHERE live.id IN ({keys})")  # noqa: S608
            stands_for_now = _as_stored(SOME_MOMENT)
            values += [name, *(moment if value == stands_for_now else value for value in params)]
    if not questions:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(questions), values)
        return set(cursor.fetchall())


@lru_cache
def _rule(name: str, vendor: str) -> tuple[str, tuple[Any, ...]]:
    """The question for what is public of a model, put into SQL once: that takes Django longer than
    the database takes to answer."""
    searched = searched_of(name)
    rows = searched.public(SOME_MOMENT) if searched else None
    return rows.order_by().values("id").query.sql_with_params() if rows is not None else ("", ())


def _as_stored(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)
