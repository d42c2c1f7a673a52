"""The library with many people at once, on PostgreSQL: SQLite has one writer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from oda_portal.library import actions
from oda_portal.library.models import Document, Picture
from tests.files.samples import upload
from tests.library.samples import DETAILS, document_file, held_document, picture_file

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'", reason="SQLite has one writer and no row locks"
    ),
]


def at_once(act: Any, given: list[Any]) -> list[Any]:
    def closing(one: Any) -> Any:
        try:
            return act(one)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(given)) as people:
        return list(people.map(closing, given))


def test_the_same_file_sent_by_many_is_there_once():
    content = picture_file().read()

    def send(name: str) -> int:
        taken = actions.take(upload(name, content), details=DETAILS, by=None)
        return taken.row.pk

    found = at_once(send, [f"{number}.png" for number in range(20)])

    assert set(found) == {Picture.objects.get().pk}


def test_versions_uploaded_by_many_get_a_number_each():
    held = held_document()

    def add(file: Any) -> None:
        actions.add_version(held, file, note="", by=None)  # type: ignore[arg-type]

    at_once(add, [document_file() for _number in range(12)])

    assert sorted(held.versions.values_list("number", flat=True)) == list(range(1, 14))
    newest = held.versions.first()
    assert newest
    assert Document.objects.get().file.name == newest.file.name
