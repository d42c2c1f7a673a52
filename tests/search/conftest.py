"""The demonstration, indexed; and an index that knows of what a test made."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import transaction

from oda_portal.demo.demonstration import load_demonstration
from oda_portal.publishing.tasks import settle
from oda_portal.search.indexing import rebuild


@pytest.fixture(scope="module")
def _indexed_once(django_db_setup, django_db_blocker) -> Iterator[None]:  # type: ignore[no-untyped-def]
    with django_db_blocker.unblock(), transaction.atomic():
        load_demonstration()
        for _done in rebuild():
            pass
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demonstration(_indexed_once: None, db: None) -> None:
    """The whole demonstration with its index, made once for the tests of a file."""


@pytest.fixture
def work_off(db: None) -> Callable[[], None]:
    """What the worker does every half a minute."""
    return settle
