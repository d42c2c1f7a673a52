"""Pages that are no rows are found by what readers call them."""

from __future__ import annotations

import pytest
from django.test import Client

from oda_portal.search.places import MOST_PLACES, all_places
from oda_portal.search.queries import search, suggest
from tests.factories import ProgramFactory

from .samples import indexed

pytestmark = pytest.mark.django_db


def places(text: str, language: str = "ko", **filters: object) -> list[str]:
    return [place.url for place in search(text, language=language, **filters).places]


@pytest.mark.parametrize(
    ("code", "text", "url"),
    [
        ("ko", "자주 묻는 질문", "/faq/"),
        ("ko", "자주묻는질문", "/faq/"),
        ("ko", "확인서 조회", "/certificates/"),
        ("ko", "증명서 확인", "/certificates/"),
        ("ko", "문의하기", "/contact/"),
        ("ko", "구독하기", "/news/subscribe/"),
        ("ko", "사이트맵", "/about/site-map/"),
        ("ko", "갤러리", "/gallery/"),
        ("ko", "지원 현황", "/volunteers/mine/"),
        ("ko", "모집 공고", "/volunteers/calls/"),
        ("ko", "RSS", "/feeds/"),
        ("en", "frequently asked questions", "/en/faq/"),
        ("en", "FAQ", "/en/faq/"),
        ("en", "Q&A", "/en/faq/"),
        ("en", "contact", "/en/contact/"),
        ("en", "how do I contact you?", "/en/contact/"),
        ("en", "subscribe", "/en/news/subscribe/"),
        ("en", "my applications", "/en/volunteers/mine/"),
        ("en", "문의하기", "/en/contact/"),
        ("zh-hans", "联系我们", "/zh-hans/contact/"),
        ("zh-hans", "聯繫我們", "/zh-hans/contact/"),
        ("zh-hans", "订阅", "/zh-hans/news/subscribe/"),
        ("zh-hans", "常见问题", "/zh-hans/faq/"),
    ],
)
def test_page_is_found_by_its_names(code: str, text: str, url: str):
    assert places(text, code)[0] == url


@pytest.mark.parametrize(
    "text", ["a", "문", "我", "q", "등대", "contact harbour", "'", "%", "확의"]
)
def test_other_words_find_no_page(text: str):
    assert places(text) == []


def test_pages_are_few():
    for text in ("certificate", "news", "지원", "新闻", "사진"):
        assert len(places(text)) <= MOST_PLACES


def test_pages_stand_above_the_first_results_alone():
    assert places("문의하기", page=1)
    assert places("문의하기", page=2) == places("문의하기", kind="news") == []
    assert places("문의하기", year="2020") == places("문의하기", country="VN") == []


def test_no_page_is_registered_twice():
    known = {(place.url_name, place.query) for place in all_places()}

    assert len(known) == len(all_places()) > 9


def test_search_shows_the_page_above_what_was_found(client: Client):
    ProgramFactory(title_en="Contact of harbours")
    indexed()

    page = client.get("/en/search/?q=contact").content.decode()

    assert (
        0 < page.index('<a class="more" href="/en/contact/">Contact us') < page.index('results">')
    )
    assert "1 result for “contact”" in page


def test_search_that_finds_only_a_page_says_so(client: Client):
    indexed()

    page = client.get("/en/search/?q=contact").content.decode()

    assert "On this site" in page
    assert "Nothing else was found for “contact”." in page


def test_suggestions_name_the_page_first():
    ProgramFactory(title_en="Contact of harbours")
    indexed()

    found = suggest("conta", language="en")
    assert [(row.title, row.kind.value) for row in found] == [
        ("Contact us", "page"),
        ("Contact of harbours", "program"),
    ]
