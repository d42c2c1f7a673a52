"""What a database of PostgreSQL consists of, for comparing two."""

from __future__ import annotations

from typing import Any, Protocol

# Django calls the same rule `_key` where it makes the table, and `_uniq` where it adds the column;
# and in its own first migration this one number is longer than in its model.
ASKED = {
    "columns": """
        SELECT table_name, column_name, data_type, character_maximum_length, numeric_precision,
               is_nullable, column_default, identity_generation, generation_expression,
               collation_name
        FROM information_schema.columns
        WHERE table_schema = 'public'
          AND (table_name, column_name) != ('auth_group_permissions', 'id')
    """,
    "constraints": r"""
        SELECT conrelid::regclass::text, regexp_replace(conname, '_([0-9a-f]{8}_uniq|key)$', ''),
               pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    """,
    "indexes": r"""
        SELECT regexp_replace(indexdef, '_([0-9a-f]{8}_uniq|key) ON ', ' ON ')
        FROM pg_indexes WHERE schemaname = 'public'
    """,
    "triggers": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "functions": """
        SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    """,
    "applied": "SELECT app, name FROM django_migrations",
    "kinds": "SELECT app_label, model FROM django_content_type",
    "permissions": "SELECT codename FROM auth_permission",
}


class Cursor(Protocol):
    def execute(self, query: Any) -> Any: ...
    def fetchall(self) -> list[tuple[Any, ...]]: ...


def tables(cursor: Cursor) -> dict[str, set[tuple[Any, ...]]]:
    """Columns, constraints, indexes, triggers; what is noted as applied; kinds and permissions."""
    found = {}
    for part, question in ASKED.items():
        cursor.execute(question)
        found[part] = set(cursor.fetchall())
    return found
