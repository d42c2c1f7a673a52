"""The page of the search, asked as readers ask it, over entries that were really made."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client

from oda_portal.publishing.models import Status
from oda_portal.search import queries
from tests.factories import CityFactory, CountryFactory, ProgramFactory

from .samples import PREFIXES, indexed, links_of, main_of, mongolia

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("prefix", "words"),
    [("", "울란바토르"), ("/en", "ulaanbaatar"), ("/zh-hans", "乌兰巴托")],
)
def test_search_finds_a_city_and_what_is_of_it(client: Client, prefix: str, words: str):
    mongolia()
    indexed()

    page = client.get(f"{prefix}/search/", {"q": words}).content.decode()

    assert links_of(page) == [
        f"{prefix}/partners/cities/ulaanbaatar/",
        f"{prefix}/programs/kindergartens/",
    ]
    assert page.lower().count(f"<mark>{words}</mark>") >= 2
    assert f'value="{words}"' in page


def test_search_says_how_many_and_what_kind(client: Client):
    mongolia()
    indexed()

    page = client.get("/en/search/?q=Ulaanbaatar").content.decode()

    assert "2 results for “Ulaanbaatar”" in page
    assert '<span class="badge badge-plain">Programme</span>' in page
    assert '<time datetime="2019-03-01">1 March 2019</time>' in page
    assert re.findall(r'aria-current="true">([^<]+)<span>(\d+)', main_of(page)) == [
        ("Everything", "2")
    ]


def test_search_marks_a_text_in_another_language(client: Client):
    only_korean = {
        f"{name}_{code}": "" for name in ("title", "summary") for code in ("en", "zh_hans")
    }
    ProgramFactory(code="old", title_ko="옛 기록", **only_korean)
    indexed()

    page = client.get("/en/search/?q=옛 기록").content.decode()

    assert '<h3><a href="/en/programs/old/" lang="ko">' in page
    assert "In Korean" in page


def test_search_names_the_other_languages_of_the_same_words(client: Client):
    ProgramFactory(
        code="koica", title_ko="KOICA 연수", title_en="KOICA course", title_zh_hans="研修"
    )
    indexed()

    page = client.get("/en/search/?q=KOICA").content.decode()

    assert '<a href="/programs/koica/" hreflang="ko">Korean</a>' in page
    assert "Simplified Chinese</a>" not in main_of(page)


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("kind=program", ["kindergartens"]),
        ("kind=city", ["ulaanbaatar"]),
        ("country=MN", ["kindergartens", "ulaanbaatar"]),
        ("country=MN&kind=program&year=2019", ["kindergartens"]),
        ("year=2019", ["kindergartens"]),
        ("year=2018", []),
    ],
)
def test_search_is_narrowed_by_kind_country_and_year(client: Client, query: str, codes: list[str]):
    mongolia()
    indexed()

    page = client.get(f"/en/search/?q=Ulaanbaatar&{query}").content.decode()

    assert sorted(url.split("/")[-2] for url in links_of(page)) == codes


def test_search_names_each_chosen_filter_with_its_way_out(client: Client):
    mongolia()
    indexed()

    page = client.get("/en/search/?q=Ulaanbaatar&kind=program&country=MN&page=1").context["page"]

    assert [(chip.label, chip.url) for chip in page.chips] == [
        ("Kind: Programme", "/en/search/?q=Ulaanbaatar&country=MN"),
        ("Country or area: Mongolia", "/en/search/?q=Ulaanbaatar&kind=program"),
    ]
    assert page.clear_url == "/en/search/?q=Ulaanbaatar"


def test_search_goes_along_to_the_other_languages_and_onto_paper(client: Client, settings):
    mongolia()
    indexed()

    page = client.get("/en/search/?q=Ulaanbaatar&kind=city&year=9999").content.decode()

    understood = "/search/?q=Ulaanbaatar&amp;kind=city"
    assert f'href="{understood}"' in page
    assert f'href="/zh-hans{understood}"' in page
    assert f"Source: Test portal, {settings.SITE_URL}/en{understood}" in page


def test_search_offers_the_countries_and_years_that_were_found(client: Client):
    mongolia()
    CountryFactory(code="LA", name_en="Laos")
    indexed()

    form = client.get("/en/search/?q=Ulaanbaatar").context["page"].form

    assert form.fields["country"].choices == [("", "All"), ("MN", "Mongolia")]
    assert form.fields["year"].choices[0] == ("", "All")
    assert ("2019", "2019") in form.fields["year"].choices


def test_search_leads_from_page_to_page(client: Client):
    for number in range(12):
        ProgramFactory(code=f"port-{number}", title_en=f"Harbour {number}")
    indexed()

    first = client.get("/en/search/?q=harbour&kind=program").content.decode()
    second = client.get("/en/search/?q=harbour&kind=program&page=2").content.decode()

    assert "?q=harbour&amp;kind=program&amp;page=2" in first
    assert len(links_of(first)) == 10
    assert len(links_of(second)) == 2
    assert not set(links_of(first)) & set(links_of(second))
    assert "Page 2 of 2" in second.partition("</title>")[0]


def test_search_says_more_than_where_it_stops_counting(client: Client, monkeypatch):
    monkeypatch.setattr(queries, "MOST", 11)
    for number in range(13):
        ProgramFactory(title_en=f"Harbour {number}")
    indexed()

    assert (
        "More than 11 results for “harbour”" in client.get("/en/search/?q=harbour").content.decode()
    )


@pytest.mark.parametrize("prefix", PREFIXES)
def test_search_for_nothing_begins_with_what_can_be_searched(client: Client, prefix: str):
    indexed()

    for query in ("", "?q=", "?q=+++"):
        page = main_of(client.get(f"{prefix}/search/{query}").content.decode())
        assert f'href="{prefix}/programs/"' in page
        assert f'href="{prefix}/contact/"' in page
        assert "note-warn" not in page


def test_search_without_a_hit_helps_on(client: Client):
    mongolia()
    indexed()

    page = client.get("/en/search/?q=nowhere").content.decode()

    assert "Nothing was found for “nowhere”." in page
    assert "Check the spelling." in page
    assert 'href="/en/programs/"' in main_of(page)
    assert 'href="/en/contact/"' in main_of(page)


def test_search_without_a_hit_says_what_there_is_without_filters(client: Client):
    mongolia()
    indexed()

    page = client.get("/en/search/?q=Ulaanbaatar&year=1999").content.decode()

    assert "See 2 results without filters" in page
    assert '<a class="btn btn-go" href="/en/search/?q=Ulaanbaatar">' in page


def test_search_does_not_find_what_was_just_taken_down(client: Client):
    program = ProgramFactory(title_en="Harbour")
    indexed()
    assert links_of(client.get("/en/search/?q=harbour").content.decode())

    # Past every signal and queue.
    type(program).objects.filter(pk=program.pk).update(status=Status.WITHDRAWN)

    page = client.get("/en/search/?q=harbour").content.decode()
    assert "Nothing was found" in page
    assert client.get("/en/search/suggest/?q=harbour").json()["found"] == []


def test_search_asks_the_database_as_often_for_50_rows_as_for_1(client: Client, uncached_queries):
    ProgramFactory(title_en="Harbour", starts_on=date(2019, 1, 1))
    indexed()
    one = uncached_queries(client, "/en/search/?q=harbour")
    for number in range(49):
        ProgramFactory(title_en=f"Harbour {number}").cities.add(CityFactory())
    indexed()

    assert uncached_queries(client, "/en/search/?q=harbour") == one <= 4
    assert uncached_queries(client, "/en/search/?q=harbour&year=1999") <= 4
    assert uncached_queries(client, "/en/search/suggest/?q=harb") <= 4


def test_answers_are_not_kept_and_the_empty_page_is(client: Client):
    indexed()
    for path in ("/search/?q=x", "/search/?q='", "/search/?utm=1", "/search/suggest/?q=부산"):
        response = client.get(path)
        assert "ETag" not in response.headers, path
        assert "X-Accel-Expires" not in response.headers, path
        assert response.headers["Cache-Control"].startswith("private"), path
        assert not response.cookies, path

    assert "ETag" in client.get("/search/").headers
    assert "ETag" in client.get("/opensearch.xml").headers


def test_answers_are_no_pages_for_robots(client: Client):
    indexed()

    assert 'name="robots" content="noindex"' in client.get("/search/?q=x").content.decode()
    assert 'rel="canonical"' not in client.get("/search/?q=x").content.decode()
    assert client.get("/search/suggest/?q=xx").headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("path", ["/", "/nothing-here/", "/en/programs/"])
def test_every_page_has_the_box(client: Client, path: str):
    indexed()

    page = client.get(path).content.decode()

    prefix = "/en" if path.startswith("/en") else ""
    boxes = re.findall(r'<form class="search-box" role="search" action="([^"]+)"', page)
    assert boxes == [f"{prefix}/search/"] * (3 if path == "/nothing-here/" else 2)
    assert len(set(re.findall(r'<input id="([^"]+)" type="search"', page))) == len(boxes)
    assert f'href="{prefix}/opensearch.xml"' in page
