"""Parts of pages that are drawn once: as old as the generation, in one language, for one value."""

from __future__ import annotations

from django.conf import settings
from django.template import Context, Template
from django.test import Client
from django.utils import translation

from oda_portal.previewing.looking import Look, looking
from oda_portal.publishing import freshness
from oda_portal.publishing.actions import withdraw
from tests.factories import OfficeFactory, ServiceFactory, UserFactory

PART = Template('{% load drawn %}{% drawn "test" by %}{{ said }}{% enddrawn %}')


def drawn(said: str, by: str = "") -> str:
    return PART.render(Context({"said": said, "by": by}))


def test_a_part_is_drawn_once_for_each_value_and_language(db):
    assert drawn("first") == "first"
    assert drawn("second") == "first"
    assert drawn("other value", by="x") == "other value"
    with translation.override("en"):
        assert drawn("other language") == "other language"


def test_a_part_is_drawn_anew_in_another_generation(db):
    drawn("before")

    freshness.raise_generation()

    assert drawn("after") == "after"


def test_a_preview_neither_sees_parts_nor_leaves_any(db):
    drawn("public")

    with looking(Look(stand_ins=lambda row: [])):
        assert drawn("draft") == "draft"

    assert drawn("anew") == "public"


def test_what_is_taken_down_stands_in_no_part_of_any_page(db, django_capture_on_commit_callbacks):
    OfficeFactory()
    service = ServiceFactory(title_en="A service of ours")
    # Past the page cache, so that only parts can be old.
    reader = Client()
    reader.cookies[settings.SESSION_COOKIE_NAME] = "nobody"
    paths = ["/en/", "/en/faq/"]
    assert all("A service of ours" in reader.get(path).text for path in paths)

    with django_capture_on_commit_callbacks(execute=True):
        withdraw(service, by=UserFactory())

    assert not any("A service of ours" in reader.get(path).text for path in paths)


def test_the_menu_marks_the_section_of_each_page(db):
    marked = '<a href="{}" aria-current="true">'

    programs, news = (Client().get(path).text for path in ("/en/programs/", "/en/news/"))

    assert programs.count(marked.format("/en/programs/")) == 2
    assert news.count(marked.format("/en/news/")) == 2
    assert marked.format("/en/news/") not in programs
    assert marked.format("/en/programs/") not in news
