"""The list of news: order, filters, what it hides, and what it asks the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from oda_portal.publishing.models import Status
from tests.factories import ArticleFactory, CountryFactory, OfficeFactory, ProgramFactory
from tests.news.writing import LANGUAGES, add_one_of_everything, add_photo, article_of

pytestmark = pytest.mark.django_db


def listed(client: Client, address: str = "/news/") -> list[str]:
    return [article.slug for article in client.get(address).context["listing"].page]


@pytest.mark.parametrize(("prefix", "language"), LANGUAGES)
def test_article_list_speaks_the_language_of_its_address(
    client: Client, prefix: str, language: str
):
    OfficeFactory()
    article = article_of(3, kind="notice")

    page = client.get(f"{prefix}/news/").content.decode()

    column = f"title_{language.replace('-', '_')}"
    link = f'href="{prefix}/news/{article.slug}/">{getattr(article, column)}</a>'
    assert link in page
    assert '<time datetime="2024-05-03">' in page


def test_article_list_shows_pinned_ones_first_and_each_once(client: Client):
    OfficeFactory()
    for day in range(1, 15):
        article_of(day, slug=f"day-{day}", pinned=day == 1)

    first, second = listed(client), listed(client, "/news/?page=2")

    assert first[:2] == ["day-1", "day-14"]
    assert sorted(first + second) == sorted(f"day-{day}" for day in range(1, 15))
    assert (
        '<span class="badge badge-soon">Pinned</span>' in client.get("/en/news/").content.decode()
    )


def test_article_list_does_not_show_a_pinned_one_that_does_not_fit_the_filter(client: Client):
    OfficeFactory()
    article_of(1, slug="pinned", kind="notice", pinned=True)
    article_of(2, slug="story", kind="story")

    assert listed(client, "/news/?kind=story") == ["story"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=notice", ["notice"]),
        ("country=LA", ["abroad"]),
        ("program=course", ["abroad"]),
        ("year=2023", ["earlier"]),
        ("q=울란바토르", ["notice"]),
        ("q=울란바토르 없는말", []),
        ("year=2024&kind=story", ["abroad"]),
    ],
)
def test_article_list_filters(client: Client, query: str, found: list[str]):
    OfficeFactory()
    # In Seoul this is already 2024, in London it is not.
    new_year = datetime(2023, 12, 31, 16, tzinfo=UTC)
    abroad = ArticleFactory(slug="abroad", kind="story", registered_at=new_year)
    abroad.countries.add(CountryFactory(code="LA"))
    abroad.programs.add(ProgramFactory(code="course"))
    article_of(2, slug="notice", kind="notice", title_ko="울란바토르에서")
    ArticleFactory(slug="earlier", registered_at=datetime(2023, 3, 1, tzinfo=UTC))

    assert listed(client, f"/news/?{query}") == found


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("kind=gossip", "Kind"),
        ("year=9999", "Year"),
        ("year=%00", "Year"),
        ("year=٢٠٢٤", "Year"),
        ("country=XX", "Country or area"),
        ("program=nothing", "Programme"),
        ("program=' OR 1=1 --", "Programme"),
    ],
)
def test_article_list_names_and_leaves_out_what_it_does_not_know(
    client: Client, query: str, name: str
):
    OfficeFactory()
    article = article_of(1)

    response = client.get(f"/en/news/?{query}")

    assert response.context["listing"].ignored == [name]
    assert article.title_en in response.content.decode()


@pytest.mark.parametrize("words", ["%00", "a" * 10_000, "%ED%95%9C" * 101])
def test_article_list_answers_words_that_cannot_be_looked_for(client: Client, words: str):
    OfficeFactory()
    article_of(1)

    response = client.get(f"/en/news/?q={words}")

    assert response.status_code == 200
    assert response.context["listing"].words_refused


@pytest.mark.parametrize("words", ["'", '"', "%25", "_", "<b>", "   ", "&|!", "\\"])
def test_article_list_looks_for_odd_words(client: Client, words: str):
    OfficeFactory()
    article_of(1)

    assert client.get("/en/news/", {"q": words}).status_code == 200


@pytest.mark.parametrize("page", ["0", "2", "-1", "x", "9" * 30])
def test_article_list_has_no_other_pages_than_its_own(client: Client, page: str):
    OfficeFactory()
    article_of(1)

    assert client.get(f"/news/?page={page}").status_code == 404


def test_article_list_keeps_its_filters_in_the_links(client: Client):
    OfficeFactory()
    article = article_of(1, kind="story")

    page = client.get("/en/news/?kind=story&year=2024&utm=x&q=").content.decode()

    assert f'href="/en/news/{article.slug}/?kind=story&amp;year=2024"' in page


def test_article_list_of_photo_news_is_a_grid_of_pictures(client: Client):
    OfficeFactory()
    add_photo(article_of(1, kind="photo", title_en="With a caption"))
    article_of(2, kind="photo", title_en="Without one")
    article_of(3, kind="story", title_en="No photo news")

    page = client.get("/en/news/?kind=photo").content.decode()

    assert page.count('class="news-grid-title"') == 2
    assert page.count("Drawn: no photograph is available.") == 2
    assert "No photo news" not in page


def test_article_list_marks_the_news_of_partners_and_names_who_wrote_it(client: Client):
    OfficeFactory()
    article_of(1, ours=False, byline_en="After the Daily")

    page = client.get("/en/news/").content.decode()

    assert "Partner news" in page
    assert "After the Daily" in page


def test_article_list_that_is_empty_says_so(client: Client):
    OfficeFactory()

    assert "Nothing has been posted yet." in client.get("/en/news/").content.decode()
    assert "No results." in client.get("/en/news/?kind=story").content.decode()


@pytest.mark.every_case
@pytest.mark.parametrize(
    "fields",
    [{"status": Status.DRAFT}, {"status": Status.WITHDRAWN}, {"publish_at": 1}, {"expire_at": -1}],
)
def test_articles_that_are_not_public_are_in_no_list_choice_or_page(client: Client, fields: dict):
    OfficeFactory()
    for name in ("publish_at", "expire_at"):
        if name in fields:
            fields[name] = timezone.now() + timedelta(minutes=fields[name])
    article = article_of(1, kind="photo", **fields)
    add_one_of_everything(article)

    page = client.get("/en/news/")

    assert page.context["listing"].total == 0
    assert all(not choices_of(page, name) for name in ("country", "program", "year"))
    assert client.get(article.get_absolute_url()).status_code == 404
    for twin in (attachment := article.attachments.get()).files:
        assert client.get(twin[0]).status_code == 404
    assert article.title_en not in client.get("/en/").content.decode()
    assert article.slug not in client.get("/sitemap.xml").content.decode()
    assert attachment.title_en not in page.content.decode()


def choices_of(page, name: str) -> list:
    field = page.context["listing"].form.fields[name]
    return [value for value, _label in field.choices if value]


def test_articles_come_and_go_to_the_minute(client: Client):
    OfficeFactory()
    start = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as clock:
        article_of(
            1,
            slug="brief",
            publish_at=start + timedelta(minutes=1),
            expire_at=start + timedelta(minutes=2),
        )
        seen = []
        for seconds in (59, 1, 59, 1):
            clock.shift(seconds)
            caches["pages"].clear()
            seen.append(listed(client))

    assert seen == [[], ["brief"], ["brief"], []]


@pytest.mark.thorough
@pytest.mark.parametrize("path", ["/news/", "/en/news/?kind=photo", "/zh-hans/news/?year=2024"])
def test_article_list_asks_the_database_as_often_for_50_rows_as_for_1(
    client: Client, path: str, uncached_queries
):
    OfficeFactory()
    add_one_of_everything(article_of(1, kind="photo"))
    one = uncached_queries(client, path)
    for number in range(49):
        add_photo(article_of(1 + number % 28, kind="photo"), with_picture=True)

    assert uncached_queries(client, path) == one <= 8


def test_home_shows_the_latest_news_with_ten_questions_at_most(client: Client, uncached_queries):
    OfficeFactory()
    for day in range(1, 6):
        article_of(day, title_en=f"Day {day} in May")

    page = client.get("/en/").content.decode()

    assert [day for day in range(1, 6) if f"Day {day} in May" in page] == [3, 4, 5]
    assert uncached_queries(client, "/en/") <= 10
