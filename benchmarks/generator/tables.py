"""Rows into a table by COPY, with the models' own defaults in the columns that nobody names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import connection, models
from django.utils import timezone


class Table(NamedTuple):
    """A model, the columns that are written, and what stands alike in all others."""

    model: type[models.Model]
    columns: tuple[str, ...]
    constants: tuple[Any, ...]


def table(model: type[models.Model], *columns: str) -> Table:
    """`columns` are written row by row: names of columns in the database."""
    known = {field.column: field for field in model._meta.concrete_fields}
    if unknown := set(columns) - set(known):
        raise ValueError(f"{model._meta.label} has no {sorted(unknown)}")
    others = {name: field for name, field in known.items() if name not in columns}
    return Table(model, (*columns, *map(str, others)), tuple(map(_default, others.values())))


def _default(field: Any) -> Any:
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return timezone.now()
    return field.get_prep_value(field.get_default())


def write(into: Table, rows: Iterable[tuple[Any, ...]]) -> None:
    quote, constants = connection.ops.quote_name, into.constants
    columns = ", ".join(map(quote, into.columns))
    with connection.cursor() as cursor:
        name = quote(into.model._meta.db_table)
        with cursor.cursor.copy(f"COPY {name} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row + constants)
