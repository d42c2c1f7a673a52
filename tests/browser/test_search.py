"""The search box with suggestions in a real browser: by keyboard, by hand, and without script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from oda_portal.search.indexing import rebuild
from tests.axe import violations
from tests.factories import CityFactory, OfficeFactory, ProgramFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def indexed() -> None:
    """Two things of Ulaanbaatar, to be found and suggested."""
    OfficeFactory()
    CityFactory(slug="ub", name_ko="울란바토르", name_en="Ulaanbaatar", name_zh_hans="乌兰巴托")
    ProgramFactory(code="schools", title_en="Schools of Ulaanbaatar", title_ko="학교")
    for _batch in rebuild():
        pass


def asked_for(page: Page) -> list[str]:
    """What the page asks for suggestions of, as it asks."""
    found: list[str] = []

    def note(request: Request) -> None:
        if "/suggest/" in request.url:
            found.append(request.url.partition("?")[2])

    page.on("request", note)
    return found


def test_suggestions_are_chosen_by_keyboard(page: Page, live_server, complaints: list[str]):
    indexed()
    page.goto("/en/programs/")
    box = page.locator("#q-head")
    expect(box).to_have_role("combobox")

    box.press_sequentially("ulaan")
    options = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(options).to_have_count(2)
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".site-head [role=status]").first).to_have_text(
        re.compile("^2 suggestions")
    )
    page.keyboard.press("ArrowDown")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", options.nth(0).get_attribute("id"))
    assert violations(page) == []
    page.keyboard.press("ArrowUp")
    expect(page.locator("[aria-selected=true]")).to_have_count(0)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("/en/partners/cities/ub/$"))
    assert complaints == []


@pytest.mark.thorough
def test_escape_closes_the_suggestions_and_keeps_the_words(page: Page, live_server):
    indexed()
    page.goto("/en/")
    box = page.locator("#q-head")
    box.press_sequentially("ulaan")
    expect(page.get_by_role("listbox")).to_be_visible()

    page.keyboard.press("Escape")

    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("ulaan")
    expect(box).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("listbox")).to_be_visible()


@pytest.mark.thorough
def test_enter_without_a_choice_searches(page: Page, live_server):
    indexed()
    page.goto("/en/")
    page.locator("#q-head").press_sequentially("ulaanbaatar")
    expect(page.get_by_role("listbox")).to_be_visible()

    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/en/search/\?q=ulaanbaatar$"))
    expect(page.locator("main mark").first).to_have_text("Ulaanbaatar")


@pytest.mark.thorough
def test_a_suggestion_is_pressed(page: Page, live_server):
    indexed()
    page.goto("/en/")
    page.locator("#q-head").press_sequentially("school")

    page.get_by_role("option").click()

    expect(page).to_have_url(re.compile("/en/programs/schools/$"))


@pytest.mark.thorough
def test_one_character_asks_nothing_and_quick_typing_asks_once(page: Page, live_server):
    indexed()
    page.goto("/en/")
    asked = asked_for(page)

    page.locator("#q-head").press_sequentially("u")
    page.wait_for_timeout(500)
    assert asked == []
    page.locator("#q-head").press_sequentially("laan", delay=20)
    expect(page.get_by_role("option")).to_have_count(2)

    assert asked == ["q=ulaan"]


@pytest.mark.thorough
def test_that_nothing_is_suggested_is_said(page: Page, live_server):
    indexed()
    page.goto("/en/")
    page.locator("#q-head").press_sequentially("zzzz")

    expect(page.locator(".site-head [role=status]").first).to_have_text("No suggestions.")
    expect(page.locator("#q-head")).to_have_attribute("aria-expanded", "false")


@pytest.mark.thorough
def test_answer_to_older_words_is_never_shown(page: Page, live_server):
    """The first answer is slow; it comes when the words are others by now."""
    indexed()

    def slowly(route):  # type: ignore[no-untyped-def]
        page.wait_for_timeout(800)
        route.continue_()

    page.route("**/suggest/?q=school", slowly)
    page.goto("/en/")
    box = page.locator("#q-head")
    box.fill("school")
    page.wait_for_timeout(300)
    box.fill("ulaanbaatar")

    expect(page.get_by_role("option")).to_have_count(2)
    page.wait_for_timeout(1000)
    expect(page.get_by_role("option")).to_have_count(2)


@pytest.mark.thorough
def test_box_searches_when_suggestions_do_not_come(page: Page, live_server):
    indexed()
    page.route("**/suggest/**", lambda route: route.abort())
    page.goto("/en/")
    page.locator("#q-head").press_sequentially("ulaanbaatar")
    page.wait_for_timeout(400)
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/en/search/\?q=ulaanbaatar$"))


@pytest.mark.thorough
def test_phone_menu_begins_with_the_box(page: Page, live_server):
    indexed()
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/en/")
    page.locator(".menu > summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    box = page.locator("#q-menu")
    expect(box).to_be_focused()

    box.press_sequentially("ulaan")
    expect(page.get_by_role("option")).to_have_count(2)
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(page.locator(".menu")).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(page.locator(".menu")).not_to_have_attribute("open", "")


@pytest.mark.thorough
def test_korean_is_suggested_while_a_syllable_is_put_together(page: Page, live_server):
    indexed()
    page.goto("/")
    page.locator("#q-head").focus()
    session = page.context.new_cdp_session(page)

    for text in ("울", "울라", "울란"):
        session.send(
            "Input.imeSetComposition",
            {"text": text, "selectionStart": len(text), "selectionEnd": len(text)},
        )

    expect(page.get_by_role("option").first).to_contain_text("울란바토르")


@pytest.mark.thorough
def test_letters_of_pinyin_are_not_asked_for(page: Page, live_server):
    indexed()
    page.goto("/zh-hans/")
    page.locator("#q-head").focus()
    asked = asked_for(page)
    session = page.context.new_cdp_session(page)

    for text in ("w", "wu", "wu lan"):
        session.send(
            "Input.imeSetComposition",
            {"text": text, "selectionStart": len(text), "selectionEnd": len(text)},
        )
    page.wait_for_timeout(500)
    assert asked == []
    session.send("Input.insertText", {"text": "乌兰"})

    expect(page.get_by_role("option").first).to_contain_text("乌兰巴托")


@pytest.mark.thorough
def test_search_works_without_script(chromium: Browser, live_server):
    indexed()
    context = chromium.new_context(
        java_script_enabled=False,
        base_url=live_server.url,
        viewport={"width": 390, "height": 800},
    )
    page = context.new_page()
    page.goto("/en/")
    page.locator(".menu > summary").click()
    page.locator("#q-menu").fill("ulaanbaatar")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Programme 1").click()
    expect(page.get_by_role("link", name="Remove filter: Kind: Programme")).to_be_visible()
    page.locator("select[name=year]").select_option("2019")
    page.get_by_role("button", name="Apply").click()

    expect(page.get_by_role("link", name="Remove filter: Year: 2019")).to_be_visible()
    expect(page.locator("main h3 a")).to_have_text(["Schools of Ulaanbaatar"])
    context.close()


def test_no_answer_is_wider_than_a_screen_of_320_px(page: Page, live_server):
    indexed()
    page.set_viewport_size({"width": 320, "height": 800})

    for query in ("ulaanbaatar", "ulaanbaatar&kind=city&year=1999", "x" * 90, "'" * 90):
        page.goto(f"/en/search/?q={query}")
        page.evaluate("document.documentElement.dataset.letters = 150")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, query
        assert violations(page, ["target-size"]) == []


@pytest.mark.thorough
def test_results_on_paper_are_without_boxes(page: Page, live_server):
    indexed()
    page.goto("/en/search/?q=ulaanbaatar")
    page.emulate_media(media="print")

    expect(page.locator("main .search-box")).to_be_hidden()
    expect(page.locator(".facets")).to_be_hidden()
    expect(page.locator("main h3 a").first).to_be_visible()
