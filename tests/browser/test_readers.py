"""A reader's browser: counted without script, the gallery by key and finger, axe on each page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache, caches
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from news import tallies
from news.models import Article, DailyViews
from news.tasks import write_down_readers
from oda_portal.mail.models import Message
from tests.axe import violations
from tests.factories import ArticleFactory, OfficeFactory
from tests.news.reading import DESK, readers
from tests.news.writing import add_photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# One finger from one place to another, as a telephone tells of it.
SWIPE = """([from, to]) => {
  const photo = document.querySelector("[data-swipe]");
  const at = (x) => [new Touch({identifier: 1, target: photo, clientX: x, clientY: 300})];
  photo.dispatchEvent(new TouchEvent("touchstart", {touches: at(from), changedTouches: at(from)}));
  photo.dispatchEvent(new TouchEvent("touchend", {touches: [], changedTouches: at(to)}));
}"""


@pytest.fixture
def article() -> Article:
    caches["pages"].clear()
    cache.clear()
    tallies._silent_until = 0.0
    OfficeFactory()
    article = ArticleFactory()
    for number in range(3):
        add_photo(article, position=number)
    return article


@pytest.fixture
def without_script(chromium: Browser, live_server) -> Iterator[BrowserContext]:  # type: ignore[no-untyped-def]
    context = chromium.new_context(
        base_url=live_server.url, java_script_enabled=False, user_agent=DESK
    )
    yield context
    context.close()


def test_a_browser_without_script_counts_once(without_script: BrowserContext, article: Article):
    page = without_script.new_page()
    for address in ("/news/{}/", "/en/news/{}/", "/news/{}/?kind=press"):
        with page.expect_response("**/seen.gif") as picture:
            page.goto(address.format(article.slug))
        assert picture.value.status == 200
    write_down_readers()

    assert readers(article) == 1


@pytest.mark.thorough
def test_an_article_is_sent_without_script(without_script: BrowserContext, article: Article):
    page = without_script.new_page()
    page.goto(f"/en/news/{article.slug}/")
    page.get_by_role("link", name="Send by email").click()
    page.get_by_label("Recipient’s email").fill("friend@example.org")
    page.get_by_label("I am 14 or older").check()
    page.get_by_role("button", name="Send", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("The article is on its way")
    assert Message.objects.filter(kind="article_sent", to="friend@example.org").count() == 1


@pytest.mark.thorough
def test_arrow_keys_and_swipes_follow_the_links(page: Page, article: Article):
    first, second, third = (f"/en/gallery/news-{photo.pk}/" for photo in article.photos.all())

    def is_at(address: str) -> None:
        expect(page).to_have_url(re.compile(re.escape(address) + r"\?kind=news$"))

    page.goto(f"{first}?kind=news")
    page.keyboard.press("ArrowRight")
    is_at(second)
    page.evaluate(SWIPE, [300, 100])
    is_at(third)
    page.evaluate(SWIPE, [100, 300])
    is_at(second)
    page.keyboard.press("ArrowLeft")
    is_at(first)
    page.evaluate(SWIPE, [100, 300])
    page.evaluate(SWIPE, [300, 270])
    is_at(first)


@pytest.mark.thorough
def test_keys_alone_walk_the_gallery_without_script(
    without_script: BrowserContext, article: Article
):
    page = without_script.new_page()
    page.goto("/en/gallery/")
    page.locator(".gallery a").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 of 3")).to_be_visible()
    page.get_by_role("link", name="Next picture").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 of 3")).to_be_visible()


@pytest.mark.thorough
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_pages_are_right_for_axe(page: Page, article: Article, prefix: str, width: int):
    page.set_viewport_size({"width": width, "height": 900})
    day = timezone.localdate()
    for days, count in ((0, 2), (20, 3)):
        DailyViews.objects.create(article=article, day=day - timedelta(days=days), count=count)
    photo = article.photos.first()

    for address in (f"/news/{article.slug}/", "/gallery/", f"/gallery/news-{photo.pk}/"):
        page.goto(prefix + address)
        page.evaluate(
            "document.querySelectorAll('.tools details').forEach(d => { d.open = true; })"
        )
        assert violations(page, colours=not prefix) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    page.goto(f"{prefix}/news/{article.slug}/send/")
    assert violations(page, colours=not prefix) == []
    page.locator("form.form-card button").click()
    expect(page.locator(".error-summary")).to_be_focused()
    assert violations(page, colours=not prefix) == []
