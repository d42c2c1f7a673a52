"""A page on the live server, and a way to be signed in on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page

from oda_portal.accounts.models import User
from tests.doors import sign_in_staff


@pytest.fixture
def page(chromium: Browser, live_server) -> Iterator[Page]:  # type: ignore[no-untyped-def]
    """A page of its own context; addresses are those of the live server."""
    context = chromium.new_context(
        base_url=live_server.url, viewport={"width": 1280, "height": 900}
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def sign_in(page: Page, live_server) -> Callable[[User], None]:  # type: ignore[no-untyped-def]
    def with_cookie(user: User) -> None:
        client = Client()
        sign_in_staff(client, user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
        )

    return with_cookie
