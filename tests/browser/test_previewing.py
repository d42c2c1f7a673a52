"""An editor looks at what is not saved, gives it to a partner, and loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from news.models import Article
from oda_portal.previewing.models import KeptText, Preview
from oda_portal.publishing.models import Status
from tests import factories
from tests.axe import RULES as PUBLIC_RULES
from tests.axe import violations
from tests.news.writing import add_photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[object], None]
# Django's own lists have links closer together than the portal's pages may.
RULES = [rules for rules in PUBLIC_RULES if rules != "wcag22aa"]


def form_of(article: Article) -> str:
    return reverse("admin:news_article_change", args=[article.pk])


@contextmanager
def by_hand(page: Page) -> Iterator[None]:
    """The script keeps every second instead of every twenty."""
    page.add_init_script(
        "const slow = setInterval; window.setInterval = (act, time) =>"
        " slow(act, time === 20000 ? 1000 : time);"
    )
    yield


def test_an_unsaved_form_is_looked_at_beside_itself_and_given_to_a_partner(
    live_server, page: Page, sign_in: SignIn, complaints: list[str]
):  # type: ignore[no-untyped-def]
    sign_in(factories.StaffFactory())
    article = factories.ArticleFactory(status=Status.DRAFT)
    add_photo(article, with_picture=True, alt_ko="교실", alt_en="A classroom", alt_zh_hans="教室")
    page.goto(form_of(article))
    page.fill("[name=title_ko]", "아직 저장하지 않은 제목")

    with page.context.expect_page() as opened:
        page.click("[name=_preview]")
    beside = opened.value
    beside.on(
        "console", lambda said: complaints.append(said.text) if said.type == "error" else None
    )
    frame = beside.frame_locator("iframe")

    expect(frame.locator("h1")).to_have_text("아직 저장하지 않은 제목")
    expect(frame.locator("img[alt='교실']").first).to_have_js_property("complete", True)
    expect(frame.locator(".preview-bar")).to_have_count(0)
    expect(page.locator("[name=title_ko]")).to_have_value("아직 저장하지 않은 제목")
    beside.get_by_role("link", name="English").last.click()
    expect(frame.locator("html")).to_have_attribute("lang", "en")
    beside.click(".preview-choices a[href*='width=phone']")
    beside.wait_for_url("**width=phone*")
    expect(frame.locator("h1")).to_have_text(article.title_en)
    assert beside.locator("iframe").bounding_box()["width"] < 400

    beside.locator("form[action*='/share/'] button").click()
    address = beside.locator("#preview-address").input_value()
    partner = page.context.browser.new_context(base_url=live_server.url)
    theirs = partner.new_page()
    theirs.goto(urlsplit(address).path)
    expect(theirs.locator(".preview-bar")).to_be_visible()
    expect(theirs.locator("h1")).to_have_text(article.title_en)
    theirs.get_by_role("link", name="한국어").first.click()
    expect(theirs.locator("h1")).to_have_text("아직 저장하지 않은 제목")
    assert violations(theirs) == []
    assert violations(beside, RULES) == []
    partner.close()
    article.refresh_from_db()
    assert article.title_ko != "아직 저장하지 않은 제목"
    assert complaints == []


@pytest.mark.thorough
def test_what_is_written_is_kept_without_a_press_and_taken_up_after_a_crash(
    page: Page, sign_in: SignIn, complaints: list[str]
):
    sign_in(factories.StaffFactory())
    article = factories.ArticleFactory(title_ko="처음", body_ko="<p>처음</p>")
    with by_hand(page):
        page.goto(form_of(article))
    page.wait_for_timeout(1500)
    assert not KeptText.objects.exists()  # nothing was written yet

    page.fill("[name=title_ko]", "한 시간 동안 쓴 글")
    page.locator(".field-body_ko .tiptap").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("편집기에서 쓴 글")
    expect(page.locator("[data-autosave-word]")).not_to_be_empty()
    page.wait_for_timeout(2500)
    page.goto("about:blank")

    page.goto(form_of(article))
    expect(page.locator(".kept-text")).to_be_visible()
    expect(page.locator("[name=title_ko]")).to_have_value("처음")
    assert violations(page, RULES) == []
    page.click(".kept-text a.button")
    expect(page.locator("[name=title_ko]")).to_have_value("한 시간 동안 쓴 글")
    expect(page.locator(".field-body_ko .tiptap")).to_have_text("편집기에서 쓴 글")
    page.click("[name=_save]")
    expect(page.locator(".messagelist")).to_be_visible()
    article.refresh_from_db()
    assert article.title_ko == "한 시간 동안 쓴 글"
    assert "편집기에서 쓴 글" in article.body_ko
    assert not KeptText.objects.exists()
    assert complaints == []


@pytest.mark.thorough
def test_leaving_the_page_keeps_what_was_written(page: Page, sign_in: SignIn):
    sign_in(factories.StaffFactory())
    article = factories.ArticleFactory()
    page.goto(form_of(article))
    page.wait_for_load_state("load")
    page.wait_for_timeout(800)
    page.fill("[name=title_ko]", "떠나기 전에 쓴 글")

    page.goto("/admin/")
    page.wait_for_timeout(800)

    assert KeptText.objects.get().fields["title_ko"] == "떠나기 전에 쓴 글"


@pytest.mark.thorough
def test_after_the_session_is_over_the_form_stays_and_says_so(page: Page, sign_in: SignIn):
    sign_in(factories.StaffFactory())
    article = factories.ArticleFactory()
    with by_hand(page):
        page.goto(form_of(article))
    page.wait_for_timeout(800)
    page.context.clear_cookies()

    page.fill("[name=title_ko]", "쓰던 글")

    expect(page.locator("[data-autosave-word]")).to_have_class("autosave-word is-bad")
    expect(page.locator("[name=title_ko]")).to_have_value("쓰던 글")


@pytest.mark.thorough
def test_without_script_one_looks_as_well(live_server, page: Page, sign_in: SignIn):  # type: ignore[no-untyped-def]
    sign_in(factories.StaffFactory())
    article = factories.ArticleFactory(status=Status.DRAFT)
    context = page.context.browser.new_context(base_url=live_server.url, java_script_enabled=False)
    context.add_cookies(page.context.cookies())
    plain = context.new_page()
    plain.goto(form_of(article))
    plain.fill("[name=title_ko]", "글자만")

    with context.expect_page() as opened:
        plain.click("[name=_preview]")

    expect(opened.value.frame_locator("iframe").locator("h1")).to_have_text("글자만")
    assert Preview.objects.count() == 1
    context.close()


@pytest.mark.thorough
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_of_previews_can_be_used_by_everybody(
    page: Page, sign_in: SignIn, complaints: list[str], width: int
):
    staff = factories.StaffFactory()
    sign_in(staff)
    article = factories.ArticleFactory(status=Status.DRAFT)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(form_of(article))
    with page.context.expect_page() as opened:
        page.click("[name=_preview]")
    opened.value.wait_for_load_state()
    own = Preview.objects.get()
    own.share(by=staff)

    for language in ("", "/en", "/zh-hans"):
        for place in (f"/admin/previews/{own.uuid}/", "/admin/previews/"):
            page.goto(language + place)
            page.wait_for_load_state("networkidle")
            assert violations(page, RULES) == [], place
            too_wide = "document.documentElement.scrollWidth - innerWidth"
            assert page.evaluate(too_wide) <= 0, place
    assert complaints == []
