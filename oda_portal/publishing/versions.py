"""A record and what stands below it, as they were at a moment or as they are now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Max

from . import histories
from .histories import Change

# Models below a record, each with its foreign key to it.
Below = Sequence[tuple[type[models.Model], str]]


@dataclass(frozen=True)
class Version:
    """`rows` are those below the record, by model and key; `record` is None before there was one.

    Rows of a history, or of the table itself; all have `links` and `link_keys`.
    """

    record: Any | None
    rows: dict[tuple[type[models.Model], Any], Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """What differs in one row between two versions."""

    model: type[models.Model]
    key: Any
    act: str  # "~", "+" or "-"
    about: str  # empty for the record itself
    changes: list[Change]
    row: Any | None = None  # as it is in the second version


def version_at(model: type[models.Model], key: Any, below: Below, at: datetime) -> Version:
    found = _newest(model, at, **{model._meta.pk.attname: key})
    rows = {
        (other, pk): row
        for other, link in below
        for pk, row in _newest(other, at, **{f"{link}_id": key}).items()
    }
    return Version(found.get(key), rows)


def _newest(model: type[models.Model], at: datetime, **match: Any) -> dict[Any, Any]:
    """By key the newest row of the history at that moment, without what was deleted by then."""
    name = model._meta.pk.attname
    kept = model.history.filter(**match, history_date__lte=at)  # type: ignore[attr-defined]
    numbers = dict(kept.order_by(name).values_list(name).annotate(Max("history_id")))
    rows = histories.records(model, list(numbers.values()))
    return {
        key: row for key, number in numbers.items() if (row := rows[number]).history_type != "-"
    }


def version_now(record: models.Model, below: Below) -> Version:
    """As the tables have it: not everything that writes leaves a row of history."""
    rows: dict[tuple[type[models.Model], Any], Any] = {}
    for other, link in below:
        for row in with_links(other, other._base_manager.filter(**{f"{link}_id": record.pk})):
            rows[other, row.pk] = row
    (now,) = with_links(type(record), type(record)._base_manager.filter(pk=record.pk))
    return Version(now, rows)


def with_links(model: type[models.Model], rows: models.QuerySet) -> list[Any]:
    """Rows of the table with what the rows of a history have."""
    fields = [
        model._meta.get_field(kept.name)
        for kept in model.history.model._history_m2m_fields  # type: ignore[attr-defined]
    ]
    found = list(rows.prefetch_related(*[kept.name for kept in fields]))
    for row in found:
        row.links, row.link_keys = defaultdict(list), defaultdict(list)
        for kept in fields:
            there = list(getattr(row, kept.name).all())
            row.links[kept.name] = [str(other) for other in there]
            row.link_keys[kept.name] = [other.pk for other in there]
    return found


def between(old: Version, new: Version, model: type[models.Model]) -> list[Part]:
    """What leads from one to the other: the record first, then what stands below it."""
    parts = []
    if found := histories.changes(model, old.record, new.record):
        parts.append(
            Part(model, getattr(new.record, model._meta.pk.attname), "~", "", found, new.record)
        )
    for (other, key), row in new.rows.items():
        before = old.rows.get((other, key))
        found = histories.changes(other, before, row)
        if before is None or found:
            act = "+" if before is None else "~"
            parts.append(Part(other, key, act, histories.about(row, other), found, row))
    parts += [
        Part(other, key, "-", histories.about(row, other), [], None)
        for (other, key), row in old.rows.items()
        if (other, key) not in new.rows
    ]
    return parts
