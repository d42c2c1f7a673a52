"""Every page that the embedded site leads to, in three languages."""

import gzip
import re
from collections import defaultdict
from urllib.parse import urljoin, urlsplit

import pytest

from .crawler import Crawler, Visit

pytestmark = pytest.mark.embedded

Visits = dict[str, Visit]

HTML_LIMIT, WEIGHT_LIMIT, REQUEST_LIMIT = 15_000, 75_000, 12
PHOTOGRAPH = re.compile(r"\.(avif|webp|jpe?g|png)$")
# They hold a form with a token, so they are nobody else's and never kept.
OWN_PAGE = re.compile(
    r"^(/en|/zh-hans)?/(accounts|admin|display|satisfaction|volunteers/(mine|calls/[^/]+/check))/"
)
# Everybody may find them, but each is made for one: their forms have a token.
FORM = re.compile(
    r"^(/en|/zh-hans)?/"
    r"(contact|news/subscribe|news/[^/]+/send|forums/papers|forums/[^/]+/(register|papers))/"
)
SIGN_IN = re.compile(r"^(/en|/zh-hans)?/(accounts|admin)/login/")

HANGUL = "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff"
HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# Letters that a text in this language does not have.
FOREIGN = {
    "ko": re.compile(f"[{HAN}]+"),
    "en": re.compile(f"[{HANGUL}{HAN}]+"),
    "zh-Hans": re.compile(f"[{HANGUL}]+"),
}


def language_of(address: str) -> str:
    if address.startswith("/en/"):
        return "en"
    return "zh-Hans" if address.startswith("/zh-hans/") else "ko"


def pages(visits: Visits) -> list[Visit]:
    """Pages of the portal itself; the back office has a look and rules of its own."""
    return [
        visit
        for visit in visits.values()
        if visit.document and "/admin/" not in visit.path and not asks_to_sign_in(visit)
    ]


def public(visits: Visits) -> list[Visit]:
    return [visit for visit in pages(visits) if not OWN_PAGE.match(visit.path)]


def test_crawl_reaches_all_three_languages(visits: Visits) -> None:
    bare = {"ko": set(), "en": set(), "zh-Hans": set()}
    for visit in public(visits):
        if visit.is_canonical:
            bare[language_of(visit.address)].add(re.sub("^/(en|zh-hans)/", "/", visit.address))
    assert len(bare["ko"]) > 50
    assert bare["ko"] == bare["en"] == bare["zh-Hans"]


def test_every_link_leads_to_a_page(visits: Visits) -> None:
    broken = {
        visit.address: (visit.status, visit.came_from)
        for visit in visits.values()
        if visit.status != 200 and not asks_to_sign_in(visit)
    }
    assert broken == {}


def asks_to_sign_in(visit: Visit) -> bool:
    return visit.status == 302 and bool(SIGN_IN.match(visit.headers["Location"]))


def test_every_anchor_exists(visits: Visits) -> None:
    missing = {
        (visit.address, f"{address}#{fragment}")
        for visit in pages(visits)
        for address, fragment in visit.links
        if fragment and address in visits and fragment not in visits[address].document.ids
    }
    assert missing == set()


def test_every_page_says_its_language(visits: Visits) -> None:
    wrong = {
        visit.address: visit.document.html_lang
        for visit in pages(visits)
        if visit.document.html_lang != language_of(visit.address)
    }
    assert wrong == {}


def test_no_text_in_letters_of_another_language(visits: Visits) -> None:
    """A name or a text in another language is in an element that says so."""
    wrong = defaultdict(set)
    for visit in pages(visits):
        for language, text in visit.document.texts:
            for letters in FOREIGN[language].findall(text) if language in FOREIGN else ():
                wrong[letters].add(visit.address)
    assert {letters: sorted(found)[:3] for letters, found in wrong.items()} == {}


def test_every_title_is_unique_in_its_language(visits: Visits) -> None:
    by_title = defaultdict(list)
    for visit in public(visits):
        if visit.is_canonical:
            by_title[language_of(visit.address), visit.document.title.strip()].append(visit.address)
    assert {title: found for title, found in by_title.items() if len(found) > 1} == {}
    assert [title for _language, title in by_title if " | " not in title] == []


def test_public_pages_know_nobody(visits: Visits) -> None:
    personal = {
        visit.address: (visit.headers["Set-Cookie"], visit.headers["Vary"])
        for visit in public(visits)
        if visit.headers["Set-Cookie"] or "cookie" in visit.headers.get("Vary", "").lower()
    }
    assert {address for address in personal if not FORM.match(address)} == set()
    assert {"/contact/", "/news/subscribe/"} <= personal.keys()


def test_every_page_has_the_strict_policy(visits: Visits) -> None:
    policies = {visit.headers["Content-Security-Policy"] for visit in pages(visits)}
    assert None not in policies
    assert [policy for policy in policies if "default-src 'none'" not in policy] == []
    assert [policy for policy in policies if "unsafe-" in policy] == []


def test_sitemap_and_links_lead_to_the_same_pages(crawler: Crawler, visits: Visits) -> None:
    sitemap = crawler.sitemap()
    linked = {visit.address for visit in public(visits) if visit.came_from != "sitemap.xml"}
    assert set(sitemap) - linked == set()
    for address, alternates in sitemap.items():
        assert set(alternates) == {"ko", "en", "zh-Hans", "x-default"}, address
        assert alternates[language_of(address)] == address
        assert alternates["x-default"] == alternates["ko"]


def test_every_page_is_light(crawler: Crawler, visits: Visits) -> None:
    """As a first visit loads it, compressed, without photographs."""
    sizes: dict[str, int] = {}
    heavy = {}
    for visit in public(visits):
        html = len(gzip.compress(visit.body))
        assets = {urljoin(visit.address, asset) for asset in visit.document.assets}
        assets = {a.partition("#")[0] for a in assets if not a.startswith("data:")}
        drawn = sorted(a for a in assets if not PHOTOGRAPH.search(urlsplit(a).path))
        for asset in drawn:
            if asset not in sizes:
                sizes[asset] = weight(crawler, asset)
        total = html + sum(sizes[asset] for asset in drawn)
        if html > HTML_LIMIT or total > WEIGHT_LIMIT or len(drawn) + 1 > REQUEST_LIMIT:
            heavy[visit.address] = {"html": html, "all": total, "requests": len(drawn) + 1}
    assert heavy == {}


def weight(crawler: Crawler, asset: str) -> int:
    visit = crawler.fetch(asset, **{"Accept-Encoding": "gzip"})
    assert visit.status == 200, asset
    packed = visit.headers["Content-Encoding"] == "gzip"
    # A drawing is packed by nginx and not by the embedded site.
    return len(visit.body if packed else gzip.compress(visit.body))
