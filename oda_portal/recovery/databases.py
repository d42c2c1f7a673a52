"""Which of the two databases it is."""

from __future__ import annotations

from types import ModuleType

from django.db import connection

from . import postgres, sqlite


def present() -> ModuleType:
    """The module that dumps, loads and counts what is connected: both offer the same."""
    return postgres if connection.vendor == "postgresql" else sqlite


def applied_migrations() -> list[tuple[str, str]]:
    """Of the tables as they are; none where there are no tables."""
    if "django_migrations" not in connection.introspection.table_names():
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        return [(app, name) for app, name in cursor.fetchall()]
