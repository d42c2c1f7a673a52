"""What only shows how the site works is told to no machine as if it took place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import (
    CallFactory,
    ForumFactory,
    ForumSessionFactory,
    OfficeFactory,
    OpeningFactory,
    PhotoFactory,
    ProgramFactory,
)

from .reading import graph_of, head_of, kinds_in, page_at

pytestmark = pytest.mark.django_db

COMMON = {"Organization", "WebSite", "BreadcrumbList"}


def a_call(**fields: Any) -> str:
    return OpeningFactory(call=CallFactory(**fields)).call.get_absolute_url()


def a_session(**fields: Any) -> str:
    program = ProgramFactory(kind="forum", **fields)
    return ForumSessionFactory(forum=ForumFactory(program=program)).get_absolute_url()


def a_forum(**fields: Any) -> str:
    program = ProgramFactory(kind="forum", **fields)
    return ForumSessionFactory(forum=ForumFactory(program=program)).forum.get_absolute_url()


def its_programme(**fields: Any) -> str:
    program = ProgramFactory(kind="forum", **fields)
    return reverse("forums:programme", args=[ForumFactory(program=program).slug])


def a_programme(**fields: Any) -> str:
    return ProgramFactory(**fields).get_absolute_url()


def a_photo(**fields: Any) -> str:
    return PhotoFactory(program=ProgramFactory(**fields)).get_absolute_url()


def in_the_gallery(**fields: Any) -> str:
    photo = PhotoFactory(program=ProgramFactory(**fields))
    return reverse("gallery:photo_detail", args=["program", photo.pk])


PAGES = [a_call, a_forum, a_session, its_programme, a_programme, a_photo, in_the_gallery]


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
@pytest.mark.parametrize("make", PAGES)
def test_demonstration_says_only_where_it_stands(
    client: Client, make: Callable[..., str], prefix: str
):
    OfficeFactory()

    page = page_at(client, prefix + make(is_demonstration=True))

    assert set(kinds_in(graph_of(page))) == COMMON
    assert head_of(page)["robots"] == "noindex"
    assert 'rel="canonical"' in page


@pytest.mark.parametrize("make", PAGES)
def test_real_ones_are_for_search_engines(client: Client, make: Callable[..., str]):
    OfficeFactory()

    assert "robots" not in head_of(page_at(client, make()))


def test_site_map_is_without_demonstrations(client: Client):
    OfficeFactory()
    shown = [a_call(), a_programme(kind="training")]
    left_out = [a_call(is_demonstration=True), a_programme(is_demonstration=True)]

    page = client.get("/sitemap.xml").content.decode()

    assert [path in page for path in shown + left_out] == [True, True, False, False]
