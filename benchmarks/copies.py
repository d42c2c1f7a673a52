"""Many rows like one, written by PostgreSQL itself."""

from __future__ import annotations

from typing import Any

from django.db import connection


def copy(row: Any, number: int, **columns: str) -> None:
    """So many rows with this one, which differ in these columns: what SQL makes of `n`."""
    quoted = connection.ops.quote_name
    names = [field.column for field in row._meta.concrete_fields if not field.primary_key]
    values = [columns.get(name, quoted(name)) for name in names]
    table, key = quoted(row._meta.db_table), quoted(row._meta.pk.column)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(map(quoted, names))})"
            f" SELECT {', '.join(values)} FROM {table}, generate_series(2, {number}) AS n"
            f" WHERE {key} = {row.pk}"
        )
