"""How a page looks when it is shared, and the feeds and calendars that its head names."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.test import Client
from icalendar import Calendar

from tests.factories import (
    ArticleFactory,
    CallFactory,
    CountryFactory,
    ForumFactory,
    ForumSessionFactory,
    OfficeFactory,
    ProgramFactory,
)

from .reading import head_of, page_at
from .samples import PAGES

pytestmark = pytest.mark.django_db

LOCALES = {"": "ko_KR", "/en": "en_US", "/zh-hans": "zh_CN"}


@pytest.mark.parametrize("prefix", LOCALES)
@pytest.mark.parametrize("name", PAGES)
def test_shared_page_has_its_own_words_and_address(client: Client, name: str, prefix: str):
    OfficeFactory()
    path = prefix + PAGES[name][0]()

    page = page_at(client, path)

    head = head_of(page)
    title = unescape(re.search(r"<title>(.*?) \| [^|]*</title>", page, re.DOTALL)[1])
    assert head["og:title"] == title
    assert head["og:description"] == head["description"]
    assert head["og:url"] == re.search(r'<link rel="canonical" href="([^"]+)"', page)[1]
    assert head["og:type"] == ("article" if name == "article" else "website")
    assert head["og:locale"] == LOCALES[prefix]
    others = set(re.findall(r'og:locale:alternate" content="(\w+)"', page))
    assert others == set(LOCALES.values()) - {LOCALES[prefix]}
    assert head["twitter:card"] == "summary_large_image"
    image = client.get(head["og:image"])
    assert (image.status_code, image.headers["Content-Type"]) == (200, "image/png")


def test_home_is_shared_under_the_name_of_the_portal(client: Client):
    OfficeFactory(hero_title_en="From one city|to another")

    head = head_of(page_at(client, "/en/"))

    assert head["og:title"] == "Test portal"
    assert "/share/portal/home.en.png?v=" in head["og:image"]
    assert head["og:image:alt"] == "From one city to another"


def test_list_is_shared_with_the_picture_of_the_portal(client: Client):
    OfficeFactory()

    head = head_of(page_at(client, "/en/programs/?kind=training"))

    assert "/share/portal/home.en.png" in head["og:image"]
    assert head["og:url"].endswith("/en/programs/")


def test_address_of_the_picture_changes_with_the_title(
    client: Client, django_capture_on_commit_callbacks
):
    OfficeFactory()
    article = ArticleFactory()
    before = head_of(page_at(client, article.get_absolute_url()))["og:image"]
    article.title_ko = "다른 제목"
    with django_capture_on_commit_callbacks(execute=True):
        article.save()

    after = head_of(page_at(client, article.get_absolute_url()))["og:image"]

    assert before != after
    assert urlsplit(before).path == urlsplit(after).path


def test_long_description_is_cut(client: Client):
    OfficeFactory()
    program = ProgramFactory(summary_ko="가" * 600)

    head = head_of(page_at(client, program.get_absolute_url()))

    assert len(head["og:description"]) == 300
    assert head["og:description"].endswith("가…")


def linked(page: str, kind: str) -> list[str]:
    """Addresses in the head of alternatives of this media type."""
    found = re.findall(rf'<link rel="alternate" type="{kind}" title="[^"]+" href="([^"]+)">', page)
    return [unescape(address) for address in found]


@pytest.mark.parametrize("prefix", LOCALES)
def test_every_page_leads_to_news_and_calendar_in_its_language(client: Client, prefix: str):
    OfficeFactory()

    page = page_at(client, f"{prefix}/about/site-map/")

    assert linked(page, r"application/atom\+xml") == [f"{prefix}/feeds/news.atom"]
    assert linked(page, "text/calendar") == [f"{prefix}/calendar.ics"]


@pytest.mark.parametrize(
    ("path", "calendar"),
    [
        ("/forums/", "/calendar.ics?kind=forum"),
        ("/volunteers/", "/calendar.ics?kind=call"),
        ("/volunteers/calls/", "/calendar.ics?kind=call"),
        ("/programs/?kind=training", "/calendar.ics?kind=training"),
        ("/programs/?kind=%22%3E", "/calendar.ics"),
        ("/partners/network/meetings/", "/calendar.ics?kind=meeting"),
    ],
)
def test_section_leads_to_the_calendar_of_its_kind(client: Client, path: str, calendar: str):
    OfficeFactory()

    (address,) = linked(page_at(client, path), "text/calendar")

    assert address == calendar
    Calendar.from_ical(client.get(address).content)


def test_news_lead_to_the_feed_of_what_is_chosen(client: Client):
    OfficeFactory()
    article = ArticleFactory(kind="press")
    country = CountryFactory()
    article.countries.add(country)

    page = page_at(client, f"/news/?kind=press&country={country.code}")

    query = f"?kind=press&country={country.code}"
    (atom,) = linked(page, r"application/atom\+xml")
    assert atom == f"/feeds/news.atom{query}"
    assert linked(page, r"application/rss\+xml") == [f"/feeds/news.rss{query}"]
    assert article.title_ko in client.get(atom).content.decode()


def test_unknown_choices_lead_to_the_feed_of_all_news(client: Client):
    OfficeFactory()

    page = page_at(client, "/news/?kind=nothing&country=ZZ")

    assert linked(page, r"application/atom\+xml") == ["/feeds/news.atom"]


def test_what_has_a_day_leads_to_its_own_calendar(client: Client):
    OfficeFactory()
    forum = ForumFactory(program__starts_on="2099-05-01", program__ends_on="2099-05-02")
    session, call = ForumSessionFactory(forum=forum), CallFactory()

    for row in (forum, session, call):
        own = linked(page_at(client, row.get_absolute_url()), "text/calendar")[-1]
        assert client.get(own).content.startswith(b"BEGIN:VCALENDAR")
        assert own.startswith(row.get_absolute_url().rstrip("/"))
