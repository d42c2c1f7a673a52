"""The archive of forums in a real browser: the list, an edition to come and a closed one, for axe."""

from __future__ import annotations

import pytest
from django.conf import settings
from playwright.sync_api import Page

from forums.models import Forum
from tests import factories
from tests.axe import violations
from tests.forums.editions import a_session, an_edition, at, spoken
from tests.forums.registering import open_forum

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def a_corrected_edition() -> Forum:
    """With one of everything that its page shows, closed and put right once."""
    forum = an_edition()
    session = a_session(forum, at(10), at(11), room=factories.RoomFactory(forum=forum))
    spoken(session, "en", interpreted=True)
    factories.AppearanceFactory(session=session)
    factories.MaterialFactory(forum=forum, session=session)
    factories.PhotoFactory(program=forum.program)
    factories.RoleFactory(program=forum.program)
    forum.freeze(by=factories.StaffFactory())
    texts = {code: "https://www.a-long-name.example.org/" for code, _name in settings.LANGUAGES}
    forum.correct(texts=texts, by=factories.StaffFactory())
    return forum


@pytest.mark.thorough
@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_pages_of_the_archive_are_right_for_axe(page: Page, live_server, prefix: str, width: int):
    factories.OfficeFactory()
    editions = [open_forum(), a_corrected_edition()]
    page.set_viewport_size({"width": width, "height": 900})

    found = {}
    for path in ("/forums/", *(forum.get_absolute_url() for forum in editions)):
        response = page.goto(prefix + path)
        assert response is not None
        assert response.ok
        is_wide = page.evaluate("document.documentElement.scrollWidth") > width
        found[path] = violations(page, colours=not prefix) + ["too wide"] * is_wide

    assert page.get_by_text("www.a-long-name.example.org").count() == 1
    assert {path: bad for path, bad in found.items() if bad} == {}
