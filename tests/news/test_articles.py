"""The page of an article: what it says, where it leads, and what it asks the database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.cache import caches
from django.test import Client

from oda_portal.library.licences import Licence
from oda_portal.publishing.models import Status
from tests.factories import (
    ArticleFactory,
    CityFactory,
    CountryFactory,
    OfficeFactory,
    OrganisationFactory,
    PageFactory,
    PhotoFactory,
    ProgramFactory,
    SourceFactory,
)
from tests.news.writing import LANGUAGES, add_one_of_everything, add_photo, article_of, attach

pytestmark = pytest.mark.django_db


def shown(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(("prefix", "language"), LANGUAGES)
def test_article_detail_says_everything_in_the_reader_s_language(
    client: Client, prefix: str, language: str
):
    OfficeFactory()
    texts = {"ko": "본문", "en": "The text", "zh-hans": "正文"}
    article = article_of(
        1,
        **{f"body_{code.replace('-', '_')}": f"<p>{text}</p>" for code, text in texts.items()},
        **{f"byline_{code.replace('-', '_')}": f"({text})" for code, text in texts.items()},
    )

    page = shown(client, f"{prefix}{article.get_absolute_url()}")

    column = language.replace("-", "_")
    assert f"<h1>{getattr(article, f'title_{column}')}</h1>" in page
    assert getattr(article, f"summary_{column}") in page
    assert f"<p>{texts[language]}</p>" in page
    assert f"<dd>({texts[language]})</dd>" in page
    assert 'class="note note-info"' not in page


@pytest.mark.parametrize(
    ("precision", "said"),
    [
        ("time", '<time datetime="2025-08-25T16:52+09:00">25 August 2025 16:52</time>'),
        ("day", '<time datetime="2025-08-25">25 August 2025</time>'),
        ("month", '<time datetime="2025-08">August 2025</time>'),
    ],
)
def test_article_detail_says_when_it_was_posted_as_far_as_that_is_known(
    client: Client, precision: str, said: str
):
    OfficeFactory()
    at = datetime(2025, 8, 25, 7, 52, 47, tzinfo=UTC)
    article = ArticleFactory(registered_at=at, registered_precision=precision)

    assert f"<dt>Posted</dt><dd>{said}</dd>" in shown(client, f"/en{article.get_absolute_url()}")


def test_article_detail_marks_what_was_edited_and_says_what(client: Client):
    OfficeFactory()
    revised = datetime(2025, 8, 26, 0, 30, tzinfo=UTC)
    edited = article_of(1, revised_at=revised, revision_en="The number of people was wrong.")
    untouched = article_of(2)

    page = shown(client, f"/en{edited.get_absolute_url()}")

    assert "<dt>Edited</dt>" in page
    assert "26 August 2025 09:30</time> – The number of people was wrong." in page
    assert "<dt>Edited</dt>" not in shown(client, f"/en{untouched.get_absolute_url()}")


def test_article_detail_without_a_text_in_the_language_says_so(client: Client):
    OfficeFactory()
    article = article_of(1, title_ko="우리말", title_en="", title_zh_hans="")

    page = shown(client, f"/en{article.get_absolute_url()}")

    assert '<span lang="ko">우리말</span>' in page
    assert "This text is not yet available in English." in page
    address = f"http://localhost:8000{article.get_absolute_url()}"
    assert f'rel="canonical" href="{address}"' in page


def test_article_detail_shows_what_it_is_about_and_nothing_hidden(client: Client):
    OfficeFactory()
    article = article_of(1, licence=Licence.TYPE_4)
    program, hidden = ProgramFactory(), ProgramFactory(status=Status.DRAFT)
    city, secret = CityFactory(), CityFactory(status=Status.WITHDRAWN)
    body, unknown = OrganisationFactory(), OrganisationFactory(status=Status.DRAFT)
    country, source = CountryFactory(code="LA"), SourceFactory(what="Report of a report")
    article.programs.add(program, hidden)
    article.cities.add(city, secret)
    article.organisations.add(body, unknown)
    article.countries.add(country)
    article.sources.add(source)

    page = shown(client, f"/en{article.get_absolute_url()}")

    for row in (program, city, body):
        assert f'href="/en{row.get_absolute_url()}"' in page
    assert f'<a href="/en/news/?country=LA">{country.name_en}</a>' in page
    assert "Report of a report" in page
    assert "KOGL Type 4" in page
    for row in (hidden, secret, unknown):
        assert row.get_absolute_url() not in page
        assert (getattr(row, "title_en", "") or row.name_en) not in page


def test_article_detail_shows_pictures_with_caption_credit_and_what_is_drawn(client: Client):
    OfficeFactory()
    article = article_of(1)
    add_photo(article, with_picture=True, caption_en="In class", credit="The office", position=1)
    add_photo(article, caption_en="Nobody has it", position=2)

    page = shown(client, f"/en{article.get_absolute_url()}")

    assert "In class" in page
    assert "Photo: The office" in page
    drawn = page[page.index("Nobody has it") :]
    assert "No photograph is available." in drawn[:200]


def test_article_detail_gives_attachments_with_type_and_size_and_a_twin_of_hwp(client: Client):
    OfficeFactory()
    article = article_of(1)
    attachment = attach(article, "hwp", readable=True)

    page = shown(client, f"/en{article.get_absolute_url()}")

    pdf, hwp = attachment.files
    assert (pdf[1], hwp[1], hwp[2]) == ("PDF", "HWP", 7)
    assert page.index(f'href="{pdf[0]}"') < page.index(f'href="{hwp[0]}"')
    assert "Download (HWP, 7\xa0bytes)" in page
    given = client.get(pdf[0])
    assert b"".join(given.streaming_content).startswith(b"%PDF")
    assert given.headers["Content-Disposition"].endswith("%EB%B6%99%EC%9E%84.pdf")
    assert b"".join(client.get(hwp[0]).streaming_content) == b"content"


def test_article_detail_survives_a_file_that_is_gone(client: Client):
    OfficeFactory()
    attachment = attach(article_of(1))
    attachment.file.storage.delete(attachment.file.name)

    assert "Download (PDF)" in shown(client, f"/en{attachment.article.get_absolute_url()}")


def test_article_detail_leads_to_older_and_newer_ones_by_time_alone(client: Client):
    OfficeFactory()
    first, second, third = (article_of(1), article_of(2), article_of(3))
    article_of(4, status=Status.DRAFT)
    pinned = article_of(5, pinned=True)

    def beside(article) -> tuple:
        context = client.get(article.get_absolute_url()).context
        return context["older"], context["newer"]

    assert beside(first) == (None, second)
    assert beside(second) == (first, third)
    assert beside(third) == (second, pinned)
    assert beside(pinned) == (third, None)


def test_article_detail_of_the_same_moment_lead_on_in_the_order_of_the_list(client: Client):
    OfficeFactory()
    made = [article_of(1) for _number in range(4)]

    listed = list(client.get("/news/").context["listing"].page)
    walked, at = [], listed[0]
    while at:
        walked.append(at)
        at = client.get(at.get_absolute_url()).context["older"]

    assert walked == listed == made[::-1]


@pytest.mark.parametrize(
    ("prefix", "older"), [("", "korean"), ("/en", "english"), ("/zh-hans", None)]
)
def test_article_detail_skips_neighbours_that_lack_the_language(
    client: Client, prefix: str, older: str | None
):
    OfficeFactory()
    article_of(1, slug="english", title_zh_hans="")
    article_of(2, slug="korean", title_en="", title_zh_hans="")
    # Its own text is missing in Chinese too, which does not take it out of the row.
    article = article_of(3, title_zh_hans="")

    found = client.get(f"{prefix}{article.get_absolute_url()}").context["older"]

    assert (found.slug if found else None) == older


def test_article_detail_takes_the_filter_along(client: Client):
    OfficeFactory()
    older = article_of(1, kind="story")
    article_of(2, kind="notice")
    article = article_of(3, kind="story")

    page = shown(client, f"/en{article.get_absolute_url()}?kind=story&utm_source=x")

    assert f'href="/en{older.get_absolute_url()}?kind=story" rel="prev"' in page
    assert 'href="/en/news/?kind=story"' in page
    canonical = f'rel="canonical" href="http://localhost:8000/en{article.get_absolute_url()}"'
    assert canonical in page


def test_article_detail_at_an_end_of_a_filter_does_not_call_itself_newest_of_all(client: Client):
    OfficeFactory()
    article_of(1)
    article = article_of(2, kind="story")
    article_of(3)
    address = f"/en{article.get_absolute_url()}"
    without_filters = f'href="{address}#neighbours">All news</a>'

    page = shown(client, f"{address}?kind=story")

    assert "This is the newest of the articles chosen." in page
    assert "This is the oldest of the articles chosen." in page
    assert page.count(without_filters) == 2
    assert "This is the newest article." not in page
    assert "articles chosen" not in shown(client, address)


def test_article_detail_at_an_end_of_all_news_says_so(client: Client):
    OfficeFactory()

    page = shown(client, f"/en{article_of(1).get_absolute_url()}")

    assert "This is the newest article." in page
    assert "This is the oldest article." in page
    assert "#neighbours" not in page


@pytest.mark.parametrize(("licence", "marks"), [(0, 1), (1, 2), (2, 3), (3, 3), (4, 4)])
def test_article_detail_has_a_mark_for_each_condition_of_its_licence(
    client: Client, licence: int, marks: int
):
    OfficeFactory()
    page = shown(client, article_of(1, licence=licence).get_absolute_url())

    mark = page.partition('class="licence-mark" aria-hidden="true"')[2].partition("</span>")[0]
    assert mark.count("<svg") == marks


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_article_detail_leads_to_the_copyright_page_where_there_is_one(client: Client, prefix: str):
    OfficeFactory()
    article = article_of(1)
    page = PageFactory(slug="copyright", placement="footer", status=Status.DRAFT)

    def licence() -> str:
        body = shown(client, f"{prefix}{article.get_absolute_url()}")
        return body.partition('article-licence"')[2].partition("</p>")[0]

    assert "<a " not in licence()

    page.publish(by=None)
    caches["pages"].clear()
    assert f'<a href="{prefix}/about/copyright/">' in licence()


@pytest.mark.parametrize(
    "query", ["kind=gossip", "year=9999", "q=%00", "country=XX", "program=" + "a" * 9_000, "page=x"]
)
def test_article_detail_ignores_filters_that_mean_nothing(client: Client, query: str):
    OfficeFactory()
    older, article = article_of(1), article_of(2)

    response = client.get(f"/news/{article.slug}/?{query}")

    assert response.status_code == 200
    assert response.context["older"] == older
    assert response.context["query"] == ""


def test_article_detail_has_the_latest_and_photo_news_beside_it(client: Client):
    OfficeFactory()
    for day in range(1, 8):
        article_of(day, title_en=f"Day {day} in May", kind="photo" if day < 3 else "press")
    PhotoFactory(caption_en="A picture of a programme")
    article = article_of(1, kind="photo", title_en="It itself")

    context = client.get(f"/en{article.get_absolute_url()}").context

    assert [one.title_en[:5] for one in context["latest"]] == [f"Day {n}" for n in (7, 6, 5, 4, 3)]
    strip = [tile.article and tile.article.title_en for tile in context["strip"]]
    assert strip == ["Day 2 in May", "Day 1 in May", None]


@pytest.mark.thorough
def test_article_detail_asks_the_database_as_often_for_50_rows_as_for_1(
    client: Client, uncached_queries
):
    OfficeFactory()
    article = article_of(10, kind="photo")
    add_one_of_everything(article)
    article_of(9), article_of(11)
    path = f"/en{article.get_absolute_url()}?year=2024"
    one = uncached_queries(client, path)
    for number in range(49):
        add_one_of_everything(article)
        article_of(1 + number % 28)

    assert uncached_queries(client, path) == one <= 8


@pytest.mark.parametrize("slug", ["nothing", "a" * 300, "__", "%ED%95%9C"])
def test_article_detail_of_nothing_is_404(client: Client, slug: str):
    OfficeFactory()

    assert client.get(f"/news/{slug}/").status_code == 404


def test_sitemap_has_every_article_and_the_list_in_three_languages(client: Client):
    OfficeFactory()
    article = article_of(1)

    sitemap = client.get("/sitemap.xml").content.decode()

    for prefix, _language in LANGUAGES:
        assert f"<loc>http://localhost:8000{prefix}/news/</loc>" in sitemap
        assert f"<loc>http://localhost:8000{prefix}{article.get_absolute_url()}</loc>" in sitemap


def test_menu_leads_to_every_kind_of_news(client: Client):
    OfficeFactory()

    menu = client.get("/en/news/").context["chrome"]["menu"]

    news = next(section for section in menu if section["label"] == "News")
    assert news["current"]
    urls = [entry["url"] for entry in news["entries"]]
    kinds = [f"/en/news/?kind={kind}" for kind in ("notice", "press", "story", "photo")]
    assert urls[:5] == ["/en/news/", *kinds]
