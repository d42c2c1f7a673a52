"""Parts of pages that are drawn once: as old as the generation, in one language, for one value."""

from __future__ import annotations

import re

from django.conf import settings
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from django.utils import translation

from oda_portal.pages.templatetags.frame import satisfaction
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


def test_the_question_below_a_page_asks_about_that_page(db):
    asked = re.compile(r'href="/en/satisfaction/\?page=([^"]*)&amp;score=\d"')

    first, other = (asked.findall(Client().get(path).text) for path in ("/en/programs/", "/en/"))
    with translation.override("en"):
        strange = asked.findall(satisfaction('/en/a "(here)"&<b>/'))

    assert (first, other) == (["/en/programs/"] * 5, ["/en/"] * 5)
    assert strange == ["/en/a%20%22%28here%29%22%26%3Cb%3E/"] * 5


def test_who_is_signed_in_and_who_is_not_find_their_own_links(db):
    member = Client()
    member.force_login(UserFactory())
    sign_out, sign_in = (f'href="{reverse(f"account_{name}")}"' for name in ("logout", "login"))

    for reader, own, not_own in ((member, sign_out, sign_in), (Client(), sign_in, sign_out)) * 2:
        page = reader.get("/programs/").text
        assert page.count(own) == 2
        assert not_own not in page
