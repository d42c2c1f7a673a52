"""Suggestions while typing, and what a browser is told of the search."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from django.test import Client

from tests.factories import CityFactory, OfficeFactory, ProgramFactory

from .samples import PREFIXES, indexed, mongolia

pytestmark = pytest.mark.django_db


def titles(client: Client, words: str, prefix: str = "/en") -> list[str]:
    answer = client.get(f"{prefix}/search/suggest/", {"q": words})
    assert answer.status_code == 200
    return [row["title"] for row in answer.json()["found"]]


@pytest.mark.parametrize(
    ("prefix", "words", "title", "lang"),
    [
        ("", "울란", "울란바토르", "ko"),
        ("/en", "ula", "Ulaanbaatar", "en"),
        ("/zh-hans", "乌兰", "乌兰巴托", "zh-Hans"),
    ],
)
def test_suggestions_are_titles_that_lead_to_their_pages(
    client: Client, prefix: str, words: str, title: str, lang: str
):
    mongolia()
    indexed()

    answer = client.get(f"{prefix}/search/suggest/", {"q": words}).json()

    url = f"{prefix}/partners/cities/ulaanbaatar/"
    first = {name: answer["found"][0][name] for name in ("title", "lang", "url")}
    assert first == {"title": title, "lang": lang, "url": url}


def test_suggestions_say_their_kind_and_how_many_they_are(client: Client):
    mongolia()
    indexed()

    answer = client.get("/en/search/suggest/?q=ulaan").json()

    assert [row["kind"] for row in answer["found"]] == ["City", "Programme"]
    assert answer["said"].startswith("2 suggestions.")
    assert client.get("/en/search/suggest/?q=zz").json()["said"] == "No suggestions."


def test_suggestions_are_few(client: Client):
    for number in range(20):
        ProgramFactory(title_en=f"Harbour {number}")
    indexed()

    assert len(titles(client, "harbour")) == 8


def test_one_character_suggests_nothing(client: Client):
    mongolia()
    indexed()

    for words in ("", " ", "u", "울", "乌", " u ", "\x00u"):
        assert titles(client, words) == [], words


@pytest.mark.sqlite_too
def test_suggestions_answer_to_anything(client: Client):
    mongolia()
    indexed()

    for words in (
        "\x00\x00",
        "''",
        "<b>",
        "a:*",
        "%%",
        "\\\\",
        "💩💩",
        "가" * 10_000,
        "ㅂㅅ",
        "a'b\"c",
    ):
        assert titles(client, words) == [], words[:40]


def test_titles_are_text_and_no_markup(client: Client):
    CityFactory(name_en="<b>Harbour</b>")
    indexed()

    answer = client.get("/en/search/suggest/?q=harbour")

    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json()["found"][0]["title"] == "<b>Harbour</b>"


@pytest.mark.parametrize("prefix", PREFIXES)
def test_browser_is_told_where_to_search_in_this_language(client: Client, prefix: str, settings):
    OfficeFactory()

    response = client.get(f"{prefix}/opensearch.xml")

    assert response.headers["Content-Type"] == "application/opensearchdescription+xml"
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    url = ElementTree.fromstring(response.content).find(f"{space}Url")
    assert url.attrib["template"] == f"{settings.SITE_URL}{prefix}/search/?q={{searchTerms}}"
