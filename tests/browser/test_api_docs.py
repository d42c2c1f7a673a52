"""The page of the API in a browser: nothing to object to, and narrow enough for any screen."""

from __future__ import annotations

import pytest
from django.core.cache import caches
from playwright.sync_api import Browser

from tests.axe import violations
from tests.factories import OfficeFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_api_docs_has_room_and_no_violations(chromium: Browser, live_server, width: int):  # type: ignore[no-untyped-def]
    caches["pages"].clear()
    OfficeFactory()
    page = chromium.new_page(viewport={"width": width, "height": 900})

    page.goto(f"{live_server.url}/en/data/api/")

    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert violations(page) == []
    page.close()


@pytest.mark.thorough
def test_api_docs_long_example_scrolls_by_key(chromium: Browser, live_server):  # type: ignore[no-untyped-def]
    caches["pages"].clear()
    OfficeFactory()
    page = chromium.new_page(viewport={"width": 320, "height": 900})
    page.goto(f"{live_server.url}/en/data/api/")

    example = page.locator(".sample").first
    example.focus()
    page.keyboard.press("ArrowRight")

    page.wait_for_function("document.activeElement.scrollLeft > 0")
    page.close()
