"""Kept pages that stand in the process as well: given while the generation lasts, and no longer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import caches
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from oda_portal.publishing import freshness
from programs import views
from programs.models import Program
from tests.factories import OfficeFactory, ProgramFactory

pytestmark = pytest.mark.django_db

LIST = "/programs/"


@pytest.fixture(autouse=True)
def _near(client: Client) -> None:
    """The list is made, and given once more from the cache; then its title changes unseen."""
    OfficeFactory()
    ProgramFactory(title_ko="항만 연수")
    for _time in range(2):
        assert "항만 연수" in client.get(LIST).text
    Program.objects.update(title_ko="수산 연수")


def test_a_page_that_is_near_is_not_fetched(client: Client):
    caches["pages"].delete_many(freshness._near)

    assert "항만 연수" in client.get(LIST).text


def test_a_change_in_another_process_is_seen_at_once(client: Client):
    caches["pages"].set(freshness.GENERATION, "another", timeout=None)

    assert "수산 연수" in client.get(LIST).text


def test_a_page_that_is_near_ends_with_its_time(client: Client):
    with time_machine.travel(timezone.now() + freshness.LIFETIME + timedelta(seconds=1)):
        assert "수산 연수" in client.get(LIST).text


def test_what_another_process_has_made_anew_is_taken(client: Client):
    caches["pages"].set(freshness.GENERATION, "another", timeout=None)
    client.get(LIST)  # made, and not near yet

    fetched = client.get(LIST)

    assert "수산 연수" in fetched.text
    assert [page.generation for page in freshness._near.values()] == ["another"]


def test_there_is_an_end_to_them(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(freshness, "MOST_NEAR", 2)
    for page in ("/en/programs/", "/zh-hans/programs/", "/en/", "/zh-hans/"):
        client.get(page)
        client.get(page)

    assert len(freshness._near) <= 2


def test_a_page_that_was_begun_before_a_change_ends_with_it(client: Client, monkeypatch):
    """However long it took to make."""
    begun = timezone.now()
    Program.objects.update(expire_at=begun + timedelta(seconds=1))
    freshness.raise_generation()
    with time_machine.travel(begun, tick=False) as clock:
        rendered = views.render

        def slowly(*args: Any) -> HttpResponse:
            page = rendered(*args)
            clock.shift(timedelta(seconds=2))
            return page

        monkeypatch.setattr(views, "render", slowly)
        assert "수산 연수" in client.get(LIST).text

        assert "수산 연수" not in client.get(LIST).text


def test_what_is_old_leaves_the_process_with_the_next_page(client: Client):
    caches["pages"].set(freshness.GENERATION, "another", timeout=None)
    assert freshness._near

    client.get("/news/")

    assert not freshness._near
