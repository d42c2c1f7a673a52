"""Feeds of news, read by another library than the one that writes them."""

from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree

import feedparser
import pytest
from django.test import Client
from django.utils import timezone

from news.models import Article
from oda_portal.publishing.freshness import raise_generation
from oda_portal.publishing.models import Status
from tests.factories import ArticleFactory, CountryFactory, OfficeFactory, OrganisationFactory

pytestmark = pytest.mark.django_db
FEEDS = ("/feeds/news.atom", "/feeds/news.rss")
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
BASE = "http://localhost:8000"


@pytest.fixture(autouse=True)
def _office() -> None:
    OfficeFactory()


def read(client: Client, address: str) -> feedparser.FeedParserDict:
    """What a reader's program understands; it finds nothing wrong with it."""
    raise_generation()
    response = client.get(address)
    assert response.status_code == 200, address
    found = feedparser.parse(
        response.content, response_headers={"content-type": response.headers["Content-Type"]}
    )
    assert not found.bozo, found.get("bozo_exception")
    return found


def titles(client: Client, address: str) -> list[str]:
    return [entry.title for entry in read(client, address).entries]


@pytest.mark.parametrize("feed", FEEDS)
@pytest.mark.parametrize(
    ("prefix", "lang", "title"),
    [("", "ko", "제목 & <글>"), ("/en", "en", "Title & <b>"), ("/zh-hans", "zh-Hans", "标题")],
)
def test_a_feed_is_whole_in_its_language(client: Client, feed, prefix, lang, title):
    article = ArticleFactory(
        title_ko="제목 & <글>", title_en="Title & <b>", title_zh_hans="标题",
        body_ko="<p>글</p>", body_en="<p>Text</p>", body_zh_hans="<p>正文</p>",
    )  # fmt: skip

    found = read(client, prefix + feed)

    assert found.version == ("atom10" if feed.endswith("atom") else "rss20")
    assert found.feed.language == lang
    assert found.feed.link == f"{BASE}{prefix}/news/"
    assert {link.href for link in found.feed.links if link.rel == "self"} == {BASE + prefix + feed}
    (entry,) = found.entries
    assert entry.title.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == title
    assert entry.link == f"{BASE}{prefix}/news/{article.slug}/"
    assert entry.published_parsed[:5] == article.registered_at.utctimetuple()[:5]
    assert {"ko": "글", "en": "Text", "zh-Hans": "正文"}[lang] in str(entry)


@pytest.mark.parametrize("feed", FEEDS)
def test_names_of_entries_stay_when_addresses_and_words_change(client: Client, feed: str):
    article = ArticleFactory()
    before = read(client, feed).entries[0].id

    article.slug, article.title_ko, article.revised_at = "another", "다른 제목", timezone.now()
    article.save()

    after = read(client, feed).entries[0]
    assert after.id == before == f"tag:localhost,2026:news/{article.pk}/ko"
    assert "another" in after.link
    assert read(client, f"/en{feed}").entries[0].id.endswith("/en")


@pytest.mark.parametrize("feed", FEEDS)
def test_only_what_is_published_is_in_a_feed(client: Client, feed: str):
    now = timezone.now()
    ArticleFactory(title_ko="나온 글")
    ArticleFactory(status=Status.DRAFT)
    ArticleFactory(status=Status.WITHDRAWN)
    ArticleFactory(publish_at=now + timedelta(hours=1))
    ArticleFactory(expire_at=now - timedelta(hours=1))

    assert titles(client, feed) == ["나온 글"]

    Article.objects.get(title_ko="나온 글").withdraw(by=None)
    assert titles(client, feed) == []


@pytest.mark.parametrize("feed", FEEDS)
def test_kind_and_country_narrow_a_feed(client: Client, feed: str):
    vietnam, country = CountryFactory(code="VN"), CountryFactory(code="KH")
    press = ArticleFactory(kind="press", title_en="Press in Viet Nam")
    notice = ArticleFactory(kind="notice", title_en="Notice in Viet Nam")
    elsewhere = ArticleFactory(kind="press", title_en="Press in Cambodia")
    press.countries.add(vietnam)
    notice.countries.add(vietnam)
    elsewhere.countries.add(country)

    assert set(titles(client, f"/en{feed}?kind=press")) == {
        "Press in Viet Nam", "Press in Cambodia",
    }  # fmt: skip
    assert set(titles(client, f"/en{feed}?country=VN")) == {
        "Press in Viet Nam", "Notice in Viet Nam",
    }  # fmt: skip
    assert titles(client, f"/en{feed}?kind=press&country=VN") == ["Press in Viet Nam"]
    narrowed = read(client, f"/en{feed}?kind=press&country=VN").feed
    assert "Press release" in narrowed.title
    assert narrowed.link == f"{BASE}/en/news/?kind=press&country=VN"


@pytest.mark.parametrize("feed", FEEDS)
@pytest.mark.parametrize(
    "query",
    ["kind=nothing", "country=ZZ", "country=%00", "kind=%27", "country=" + "V" * 200, "kind=%00"],
)
def test_what_there_is_not_is_not_found(client: Client, feed: str, query: str):
    assert client.get(f"{feed}?{query}").status_code == 404


def test_an_entry_that_is_not_translated_says_its_language(client: Client):
    ArticleFactory(
        title_ko="한국어", title_en="", title_zh_hans="",
        summary_ko="요약", summary_en="Summary", summary_zh_hans="",
        body_ko="<p>글</p>",
    )  # fmt: skip

    atom = ElementTree.fromstring(client.get("/en/feeds/news.atom").content)
    rss = ElementTree.fromstring(client.get("/en/feeds/news.rss").content)

    entry = atom.find("{http://www.w3.org/2005/Atom}entry")
    assert atom.get(XML_LANG) == "en"
    assert entry.get(XML_LANG) == "ko"
    content = entry.find("{http://www.w3.org/2005/Atom}content").text
    assert '<div lang="en"><p>Summary</p></div>' in content
    assert "<p>글</p>" in content
    assert rss.find("channel/item").get(XML_LANG) == "ko"


@pytest.mark.parametrize("feed", FEEDS)
def test_links_in_a_text_lead_to_the_same_place_from_anywhere(client: Client, feed: str):
    ArticleFactory(
        slug="here",
        body_ko='<p><a href="/programs/">가</a><a href="../b/">나</a><a href="#c">다</a>'
        '<a href="https://example.org/x">라</a><a href="mailto:a@b.kr">마</a></p>',
    )

    text = client.get(feed).content.decode()

    for address in (
        f"{BASE}/programs/", f"{BASE}/news/b/", f"{BASE}/news/here/#c", "https://example.org/x",
        "mailto:a@b.kr",
    ):  # fmt: skip
        assert f'href="{address}"' in text.replace("&quot;", '"')


@pytest.mark.parametrize("feed", FEEDS)
def test_hostile_texts_break_no_feed(client: Client, feed: str):
    ArticleFactory(
        title_ko="가\x0b나\x1f]]>", summary_ko="<script>alert(1)</script>", body_ko="<p>다\x0c</p>"
    )

    entry = read(client, feed).entries[0]

    assert entry.title.startswith("가나")
    assert "<script>" not in client.get(feed).content.decode()


def test_a_partners_news_is_marked(client: Client):
    article = ArticleFactory(ours=False)
    article.organisations.add(OrganisationFactory(name_en="Partner body"))

    entry = read(client, "/en/feeds/news.atom").entries[0]

    assert entry.author == "Partner body"
    assert "Partner’s news" in {tag.term for tag in entry.tags}


@pytest.mark.parametrize("feed", FEEDS)
def test_a_feed_that_did_not_change_is_not_sent_again(client: Client, feed: str):
    empty = client.get(feed)
    assert client.get(feed, headers={"If-None-Match": empty.headers["ETag"]}).status_code == 304

    ArticleFactory()
    raise_generation()

    full = client.get(feed, headers={"If-None-Match": empty.headers["ETag"]})
    assert full.status_code == 200
    assert full.headers["Cache-Control"] == "public, no-cache"
    assert not full.cookies


@pytest.mark.parametrize("feed", FEEDS)
def test_an_empty_feed_says_the_same_whenever_it_is_made(client: Client, feed: str):
    from django.core.cache import caches

    first = client.get(feed).content
    caches["pages"].clear()

    assert client.get(feed).content == first


@pytest.mark.thorough
@pytest.mark.parametrize("feed", FEEDS)
def test_a_feed_holds_thirty_and_asks_the_same(client: Client, feed: str, uncached_queries):
    ArticleFactory().countries.add(CountryFactory())
    with_one = uncached_queries(client, feed)
    ArticleFactory.create_batch(49)

    assert uncached_queries(client, feed) == with_one <= 4
    assert len(titles(client, feed)) == 30


def test_nothing_can_be_sent_to_a_feed(client: Client):
    assert client.post("/feeds/news.atom").status_code == 405


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_lists_of_news_name_their_feeds(client: Client, prefix: str):
    ArticleFactory(kind="press")

    for page, query in (("/news/", ""), ("/news/?kind=press", "?kind=press"), ("/feeds/", "")):
        html = client.get(prefix + page).content.decode()
        assert 'type="application/atom+xml"' in html
        assert f'href="{prefix}/feeds/news.atom{query}"' in html
        assert f'href="{prefix}/feeds/news.rss{query}"' in html


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_the_page_of_feeds_leads_to_every_one(client: Client, prefix: str):
    country = CountryFactory(code="VN")
    ArticleFactory().countries.add(country)

    html = client.get(f"{prefix}/feeds/").content.decode()

    for query in ("", "?kind=press", "?kind=photo", "?country=VN"):
        assert f'href="{prefix}/feeds/news.atom{query}"' in html
        assert client.get(f"{prefix}/feeds/news.atom{query}").status_code == 200
    assert f'href="webcal://localhost:8000{prefix}/calendar.ics"' in html
    for kind in ("call", "training", "forum"):
        assert f'href="{prefix}/calendar.ics?kind={kind}"' in html
