"""Whatever is typed or stands in the address: a clear page, never a fault."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils.html import escape

from .samples import PREFIXES, indexed, mongolia

pytestmark = pytest.mark.django_db

ANYTHING = [
    *("   ", "\x00", "'", '"', "\\", "%", "_", "* | & ! ( ) : <->", "-- ;", "AND OR NOT"),
    *(
        "' OR 1=1 --",
        "'; DROP TABLE search_entry; --",
        "a:*",
        "100%",
        "e\u0301",
        "\u202e",
        "\uffff",
    ),
    *("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7|add:7 }}", "💩"),
    *("가" * 10_000, "x" * 10_000, "a " * 5_000, "부산 " * 2_000),
]


@pytest.mark.parametrize(
    ("query", "ignored"),
    [
        ("kind=nonsense", ["Kind"]),
        ("year=9999", ["Year"]),
        ("year=２０１９", ["Year"]),
        ("country=%00&kind=", ["Country or area"]),
        ("country=ZZ&year=-1&kind=%F0%9F%92%A9", ["Kind", "Country or area", "Year"]),
        ("kind=city'--", ["Kind"]),
    ],
)
def test_search_names_the_filters_it_does_not_know(client: Client, query: str, ignored: list[str]):
    mongolia()
    indexed()

    response = client.get(f"/en/search/?q=Ulaanbaatar&{query}")

    assert response.context["page"].asked.ignored == ignored
    assert response.context["page"].found.total == 2
    assert " · ".join(ignored) in response.content.decode()


def test_search_has_no_page_beyond_its_end(client: Client):
    mongolia()
    indexed()

    for page in ("0", "2", "-1", "x", "9" * 400, "%00", "999"):
        assert client.get(f"/en/search/?q=Ulaanbaatar&page={page}").status_code == 404, page
    for words in ("nothing", "'"):
        assert client.get(f"/en/search/?q={words}&page=2").status_code == 404, words


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.sqlite_too
def test_search_answers_to_anything(client: Client, prefix: str):
    mongolia()
    indexed()

    for words in ANYTHING:
        response = client.get(f"{prefix}/search/", {"q": words})
        page = response.content.decode()
        assert response.status_code == 200, words[:40]
        assert len(page) < 40_000, words[:40]
        assert "\x00" not in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_search_says_that_it_cut_a_long_question(client: Client):
    mongolia()
    indexed()

    page = client.get("/en/search/", {"q": "Ulaanbaatar " + "x" * 10_000}).content.decode()

    assert "Your search was too long" in page
    assert len(page) < 40_000


@pytest.mark.parametrize("words", ["'", "<->", "%"])
def test_search_for_no_word_says_so_and_what_can_be_searched(client: Client, words: str):
    indexed()

    page = client.get("/en/search/", {"q": words}).content.decode()

    assert "We found no word to search for" in page
    assert "What is searched" in page
    assert f'value="{escape(words)}"' in page
