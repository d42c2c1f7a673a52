"""Fifty who ask for the same picture at once, and for many that nobody has asked for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from oda_portal.structured.pictures import keeping, views
from tests.factories import ArticleFactory, OfficeFactory

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'", reason="the embedded site has one writer at a time"
    ),
]


HOME = "/share/portal/home.ko.png"


def asked(path: str) -> bytes:
    """In a thread, with a connection of its own; the portal's picture, where it stands in."""
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
    asked(HOME)
    path = f"/share/article/{ArticleFactory().slug}.ko.png"

    with ThreadPoolExecutor(50) as threads:
        found = list(threads.map(asked, [path] * 50))

    own = asked(path)
    assert set(found) <= {own, asked(HOME)}
    assert kept() == [".png"] * 2


@pytest.mark.thorough
def test_of_fifty_pictures_at_once_nobody_gets_an_error_or_anothers(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(views, "MOST_DRAWN", 1000)
    OfficeFactory()
    portal = asked(HOME)
    paths = [f"/share/article/{each.slug}.ko.png" for each in ArticleFactory.create_batch(50)]

    with ThreadPoolExecutor(50) as threads:
        found = list(threads.map(asked, paths))

    own = [asked(path) for path in paths]
    assert len({portal, *own}) == 51
    assert all(first in (portal, now) for first, now in zip(found, own, strict=True))
    assert kept() == [".png"] * 51
