"""Two workers at one object: the later one writes what it read later."""

from __future__ import annotations

from threading import Event, Thread

import pytest
from django.db import connection, transaction

from oda_portal.search import indexing
from oda_portal.search.models import SearchEntry
from oda_portal.search.registry import Searched, searched_of
from programs.models import Program
from tests.factories import ProgramFactory

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'",
        reason="SQLite has one writer, and its test database in memory refuses instead of waiting",
    ),
]


def test_the_later_worker_waits_and_reads_anew():
    program = ProgramFactory(title_ko="옛 이름")
    searched = searched_of("programs.program")
    assert isinstance(searched, Searched)
    began, done = Event(), Event()

    def other_worker() -> None:
        try:
            began.set()
            indexing.index(searched, [program.pk])
            done.set()
        finally:
            connection.close()

    thread = Thread(target=other_worker)
    with transaction.atomic():
        indexing.index(searched, [program.pk])
        thread.start()
        assert began.wait(10)
        assert not done.wait(0.5)  # while this one holds its turn
        Program.objects.filter(pk=program.pk).update(title_ko="새 이름")
    thread.join(10)

    assert done.is_set()
    assert SearchEntry.objects.get(object_id=program.pk, language="ko").title == "새 이름"
