"""The embedded site in a real browser: for everybody, at every width, with and without script."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.axe import violations

from .site import Site

pytestmark = [pytest.mark.embedded, pytest.mark.thorough]

# One page of each kind.
KINDS = [
    "/",
    "/programs/",
    "/programs/?kind=training&state=closed&q=x",
    "/programs/by-partners/",
    "/programs/kazaid-triangular-2025/",
    "/programs/laos-cpr/",
    "/programs/ulaanbaatar-kindergartens/",
    "/programs/gf-2022-ulaanbaatar/",
    "/partners/network/",
    "/partners/",
    "/partners/cities/",
    "/partners/cities/ulaanbaatar/",
    "/partners/organisations/",
    "/partners/organisations/bgcf/",
    "/partners/agreements/",
    "/forums/",
    "/forums/demo-forum/",
    "/forums/demo-forum/programme/",
    "/forums/gcf-2024/",
    "/volunteers/",
    "/volunteers/calls/",
    "/volunteers/calls/demo-summer/",
    "/volunteers/calls/demo-summer/check/",
    "/volunteers/calls/demo-medical/",
    "/volunteers/rounds/",
    "/volunteers/rounds/11/",
    "/services/",
    "/services/oda-training/",
    "/about/privacy/",
    "/about/copyright/",
    "/about/sources/",
    "/about/site-map/",
    "/search/",
    "/search/?q=부산&kind=program",
    "/search/?q=nothing-of-this-name&kind=city&year=9999",
    "/display/",
    "/satisfaction/?page=/&score=4",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/nothing-here/",
]
LANGUAGES = ["", "/en", "/zh-hans"]
WIDE = ViewportSize(width=1280, height=900)
NARROW = ViewportSize(width=390, height=900)
NARROWEST = ViewportSize(width=320, height=700)


@dataclass
class Look:
    """What one page showed at every width."""

    wide: list[str]
    narrow: list[str]
    narrowest: int  # how wide it is where the window has 320 px


@pytest.fixture(scope="module", params=LANGUAGES)
def looks(request: pytest.FixtureRequest, chromium: Browser, site: Site) -> dict[str, Look]:
    """A look at every kind of page in one language; each is loaded once."""
    page = chromium.new_context(viewport=WIDE).new_page()
    found = {}
    for path in KINDS:
        page.set_viewport_size(WIDE)
        page.goto(site.url + request.param + path)
        wide = violations(page)
        page.set_viewport_size(NARROW)
        narrow = violations(page)
        page.set_viewport_size(NARROWEST)
        found[path] = Look(wide, narrow, page.evaluate("document.documentElement.scrollWidth"))
    page.context.close()
    return found


def test_every_kind_of_page_is_clean_for_axe(looks: dict[str, Look]) -> None:
    assert {path: look.wide for path, look in looks.items() if look.wide} == {}
    assert {path: look.narrow for path, look in looks.items() if look.narrow} == {}


def test_no_page_scrolls_sideways_at_320_px(looks: dict[str, Look]) -> None:
    assert {path: look.narrowest for path, look in looks.items() if look.narrowest > 320} == {}


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_open_menus_are_clean_for_axe(page: Page, site: Site, size: ViewportSize) -> None:
    page.set_viewport_size(size)
    page.goto(site.url + "/programs/")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert violations(page) == []


@pytest.mark.parametrize("path", ["/en/accounts/signup/", "/satisfaction/?page=/"])
def test_form_with_errors_is_clean_for_axe_and_its_summary_has_the_focus(
    page: Page, site: Site, path: str
) -> None:
    page.goto(site.url + path)
    page.evaluate("document.querySelector('main form').noValidate = true")
    page.locator("main form button").first.click()

    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    assert violations(page) == []


@pytest.mark.parametrize(
    "scheme",
    # Not forced colours: axe reads the colours from before they are forced.
    [{"color_scheme": "dark"}, {"contrast": "more"}],
    ids=str,
)
def test_colours_hold_in_every_scheme(chromium: Browser, site: Site, scheme: dict) -> None:
    context = chromium.new_context(**scheme)
    page = context.new_page()
    faults = {}
    for path in ("/", "/programs/", "/programs/laos-cpr/", "/partners/cities/ulaanbaatar/"):
        page.goto(site.url + path)
        if found := violations(page, ["color-contrast"]):
            faults[path] = found
    context.close()
    assert faults == {}


def test_no_page_scrolls_sideways_in_the_largest_letters(chromium: Browser, site: Site) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": "display", "value": "150.high", "url": site.url}])
    page = context.new_page()
    wide = {}
    for path in KINDS:
        page.goto(site.url + "/en" + path)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 1280:
            wide[path] = width
    context.close()
    assert wide == {}


def test_keyboard_alone_goes_from_the_skip_link_to_a_filtered_list(page: Page, site: Site) -> None:
    page.goto(site.url + "/en/programs/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    for _press in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "q":
            break
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("Ulaanbaatar")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("q=Ulaanbaatar"))
    expect(page.get_by_role("link", name="Remove filter: Words: Ulaanbaatar")).to_be_visible()


def test_menu_closes_on_escape_and_gives_the_focus_back(page: Page, site: Site) -> None:
    page.goto(site.url + "/en/")
    summary = page.locator(".menu > summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".menu")).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")

    expect(summary).to_be_focused()
    expect(page.locator(".menu")).not_to_have_attribute("open", "")


def test_without_script_everything_that_matters_works(chromium: Browser, site: Site) -> None:
    context = chromium.new_context(
        java_script_enabled=False, viewport={"width": 390, "height": 800}
    )
    page = context.new_page()
    page.goto(site.url + "/en/")
    page.locator(".menu > summary").click()
    page.locator(".menu").get_by_role("link", name="Training", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Programmes")
    page.locator("select[name=year]").select_option("2019")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("link", name="Remove filter: Year: 2019")).to_be_visible()
    page.goto(site.url + "/en/programs/laos-cpr/")
    page.locator(".gallery a").first.click()
    expect(page.get_by_role("link", name="Back to the programme")).to_be_visible()
    page.goto(site.url + "/en/display/?next=/en/programs/")
    page.get_by_label("Extra large").check()
    page.get_by_label("High contrast").check()
    page.locator("main form button").click()
    expect(page.locator("html")).to_have_attribute("data-letters", "150")
    context.close()


def test_language_switch_keeps_filters(page: Page, site: Site) -> None:
    page.goto(site.url + "/en/programs/?kind=training&year=2019")
    page.locator(".util, .langs").get_by_role("link", name="简体中文").first.click()

    expect(page).to_have_url(f"{site.url}/zh-hans/programs/?kind=training&year=2019")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")


def test_console_has_nothing_to_complain_of(page: Page, complaints: list[str], site: Site) -> None:
    for path in ("/", "/programs/", "/programs/laos-cpr/", "/partners/", "/accounts/login/"):
        page.goto(site.url + path)
    assert complaints == []


def test_print_sheet_is_without_navigation_and_says_where_it_is_from(
    page: Page, site: Site
) -> None:
    page.goto(site.url + "/en/programs/laos-cpr/")
    page.emulate_media(media="print")

    expect(page.locator(".site-head")).to_be_hidden()
    expect(page.locator(".site-foot")).to_be_hidden()
    expect(page.locator(".print-only")).to_contain_text("/en/programs/laos-cpr/")
