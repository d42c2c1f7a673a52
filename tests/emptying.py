"""On PostgreSQL the tables are emptied quickly after a test that commits.

Django truncates all of them, with new files for every index, and then writes every permission
anew. Here only tables that hold something are emptied; what was written when the database was made
(kinds of content, permissions, roles) is never touched, and need not be written again.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.db import connection, transaction
from django.test import TransactionTestCase

from oda_portal.accounts.roles import set_up_roles
from oda_portal.privacy import triggers
from programs.reporting.triggers import TABLE as IDENTIFIERS
from tests import in_hand

KEPT = {
    model._meta.db_table for model in (ContentType, Permission, Group, Group.permissions.through)
}


def tables_with_rows() -> list[str]:
    tables = set(connection.introspection.django_table_names(only_existing=True)) - KEPT
    asked = (f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")" for table in sorted(tables))
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return [table for (table,) in cursor.fetchall()]


def empty(_test_case: TransactionTestCase) -> None:
    in_hand.wait_for_the_last()
    filled = tables_with_rows()
    # Their triggers let no row be deleted.
    guarded = [table for table in filled if table in (*triggers.LOG, IDENTIFIERS)]
    with transaction.atomic(), connection.cursor() as cursor:
        if guarded:
            cursor.execute(f"TRUNCATE {', '.join(guarded)} CASCADE")
        # Foreign keys are looked at when all is done, so that any order will do.
        for table in filled:
            cursor.execute(f'DELETE FROM "{table}"')


_stock = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]


def _with_caches(test_case: TransactionTestCase) -> None:
    """The tables of the caches are no model's, and Django leaves them as they are."""
    _stock(test_case)
    for cache in (caches[name] for name in settings.CACHES):
        cache.clear()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Where ./runtests made the tables beforehand, those of this process are a copy of them."""
    if template := os.environ.get("TEST_TEMPLATE"):
        connection.settings_dict["TEST"]["TEMPLATE"] = template


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> None:  # type: ignore[no-untyped-def]
    """The roles are there once for all tests, as `prepare` makes them: a test in them is quicker."""
    with django_db_blocker.unblock():
        set_up_roles()
        if connection.vendor == "postgresql":
            # Else each question for somebody's permissions is answered by way of all of them.
            with connection.cursor() as cursor:
                cursor.execute(f"ANALYZE {', '.join(sorted(KEPT))}")


@pytest.fixture(autouse=True, scope="session")
def _quick_emptying(django_test_environment: None) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        if connection.vendor == "postgresql":
            patch.setattr(TransactionTestCase, "_fixture_teardown", empty)
        else:
            patch.setattr(TransactionTestCase, "_fixture_teardown", _with_caches)
        yield
