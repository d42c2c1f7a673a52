"""Who asks for a picture never holds up the pages: what cannot be drawn now has a stand-in."""

from __future__ import annotations

import pytest
from django.test import Client

from oda_portal.structured.pictures import keeping, views
from tests.factories import ArticleFactory, OfficeFactory

from .pictured import address, kept

pytestmark = pytest.mark.django_db

HOME = "/share/portal/home.ko.png"


def test_others_that_are_drawn_are_hardly_waited_for(client: Client):
    OfficeFactory()
    path = address("article", ArticleFactory())

    with keeping._one_at_a_time:  # for as long as anybody waits for it
        response = client.get(path)

    assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
    assert client.get(path).status_code == 200


def test_portals_picture_stands_in_and_nobody_keeps_it(client: Client):
    OfficeFactory()
    path, portal = address("article", ArticleFactory()), client.get(HOME).content

    with keeping._one_at_a_time:
        response = client.get(path)

    assert (response.status_code, response.content) == (200, portal)
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    after = client.get(path)
    assert after.content != portal
    assert after.headers["Cache-Control"] == "public, no-cache"


def test_one_address_has_only_so_many_drawn(client: Client, monkeypatch: pytest.MonkeyPatch):
    OfficeFactory()
    monkeypatch.setattr(views, "MOST_DRAWN", 2)
    portal, path = client.get(HOME).content, address("article", ArticleFactory())
    own = client.get(path).content

    refused = client.get(address("article", ArticleFactory()))

    assert (refused.content, refused.headers["Cache-Control"]) == (portal, "no-store")
    assert len(kept()) == 2
    other = client.get(address("article", ArticleFactory()), REMOTE_ADDR="192.0.2.7")
    assert other.headers["Cache-Control"] == "public, no-cache"
    # What is kept costs nothing, and is given to everybody.
    assert {client.get(path).content for _time in range(5)} == {own}


def test_what_is_not_public_has_no_stand_in(client: Client):
    OfficeFactory()
    client.get(HOME)

    with keeping._one_at_a_time:
        assert client.get(address("article", ArticleFactory(status="draft"))).status_code == 404
