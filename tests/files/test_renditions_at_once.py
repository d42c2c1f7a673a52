"""Two processes at the same picture: PostgreSQL has the row locks that decide."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from oda_portal.files import renditions
from oda_portal.files.models import Rendition
from programs.models import Photo, Program
from tests.files.test_renditions import photo
from tests.storing.places import MOSTLY_IN_FOLDERS, stored

pytestmark = [
    *MOSTLY_IN_FOLDERS,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'", reason="SQLite has one writer and no row locks"
    ),
]


def make(pk: int) -> list[Rendition]:
    """In a thread, with a connection of its own."""
    try:
        return renditions.make_renditions(Photo.objects.get(pk=pk))
    finally:
        connection.close()


def test_make_renditions_by_four_at_once_makes_each_once():
    picture = photo((300, 200))

    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(make, [picture.pk] * 4))

    assert sorted(map(len, made)) == [0, 0, 0, 3]
    assert Rendition.objects.count() == len(stored("media")) == 3


def test_make_renditions_waits_for_a_withdrawal_under_way():
    picture = photo((300, 200))

    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            Program.objects.get().withdraw(by=None)
            maker = threads.submit(make, picture.pk)
            # It has encoded everything by then and asks for the row.
            with pytest.raises(TimeoutError):
                maker.result(timeout=2)
        assert maker.result(timeout=20) == []

    assert not Rendition.objects.exists()
    assert stored("media") == []
