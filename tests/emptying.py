"""On PostgreSQL the tables are emptied quickly after a test that commits.

Django truncates all of them, with new files for every index, and then writes every permission
anew. Here only tables that hold something are emptied; what Django itself wrote when it made the
database (kinds of content, permissions) is never touched, and need not be written again.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import TransactionTestCase

from oda_portal.privacy import triggers

KEPT = {Permission._meta.db_table, ContentType._meta.db_table}


def tables_with_rows() -> list[str]:
    tables = set(connection.introspection.django_table_names(only_existing=True)) - KEPT
    asked = (f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")" for table in sorted(tables))
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return [table for (table,) in cursor.fetchall()]


def empty(_test_case: TransactionTestCase) -> None:
    filled = tables_with_rows()
    # Their triggers let no row be deleted.
    guarded = [table for table in filled if table in triggers.LOG]
    with transaction.atomic(), connection.cursor() as cursor:
        if guarded:
            cursor.execute(f"TRUNCATE {', '.join(guarded)} CASCADE")
        # Foreign keys are looked at when all is done, so that any order will do.
        for table in filled:
            cursor.execute(f'DELETE FROM "{table}"')


@pytest.fixture(autouse=True, scope="session")
def _quick_emptying(django_test_environment: None) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        if connection.vendor == "postgresql":
            patch.setattr(TransactionTestCase, "_fixture_teardown", empty)
        yield
