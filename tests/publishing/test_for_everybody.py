"""A page that is declared public and looks at who reads is kept for nobody."""

from __future__ import annotations

import pytest
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.test import Client
from django.urls import path

from oda_portal.publishing import freshness
from oda_portal.publishing.freshness import public
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@public
def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse("the same")


@public
def curious(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.user.pk))


@public
def with_token(request: HttpRequest) -> HttpResponse:
    return HttpResponse(get_token(request))


urlpatterns = [
    path("plain/", plain),
    path("curious/", curious),
    path("with-token/", with_token),
]


def is_kept(client: Client, address: str) -> bool:
    client.get(address)
    return "ETag" in client.get(address).headers


def test_what_asks_for_nobody_is_kept(client: Client):
    assert is_kept(client, "/plain/")


@pytest.mark.parametrize("address", ["/curious/", "/with-token/"])
def test_what_asks_who_reads_is_not(client: Client, address: str):
    client.force_login(UserFactory())

    assert not is_kept(client, address)
    assert client.get(address).headers["Cache-Control"] == "private, no-cache"
    assert not freshness._near


def test_somebody_signed_in_never_gets_what_another_was_given():
    given = []
    for _person in range(2):
        reader = Client()
        reader.force_login(user := UserFactory())
        given.append((reader.get("/curious/").text, str(user.pk)))

    assert all(shown == own for shown, own in given)
    assert caches["pages"].get(freshness.GENERATION)
