"""Fifty who ask for the same picture at once, and for many that nobody has asked for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from oda_portal.structured.pictures import keeping
from tests.factories import ArticleFactory, OfficeFactory

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'", reason="the embedded site has one writer at a time"
    ),
]


def asked(path: str) -> bytes:
    """In a thread, with a connection of its own."""
    try:
        response = Client().get(path)
        assert response.status_code == 200
        return response.content
    finally:
        connection.close()


def kept() -> list[str]:
    return [path.suffix for path in (Path(settings.PRIVATE_ROOT) / keeping.FOLDER).iterdir()]


def test_fifty_at_once_get_the_same_picture():
    OfficeFactory()
    path = f"/share/article/{ArticleFactory().slug}.ko.png"

    with ThreadPoolExecutor(50) as threads:
        found = list(threads.map(asked, [path] * 50))

    assert len(set(found)) == 1
    assert kept() == [".png"]


def test_fifty_pictures_at_once_are_all_drawn():
    OfficeFactory()
    articles = ArticleFactory.create_batch(50)

    with ThreadPoolExecutor(50) as threads:
        found = list(threads.map(asked, [f"/share/article/{a.slug}.ko.png" for a in articles]))

    assert len(set(found)) == 50
    assert kept() == [".png"] * 50
