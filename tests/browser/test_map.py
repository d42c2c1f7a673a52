"""The map of the programmes in a real browser: by keyboard, by finger, and without script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.axe import violations
from tests.factories import CityFactory, CountryFactory, OfficeFactory, ProgramFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LANGUAGES = ["", "/en", "/zh-hans"]
WIDTHS = [320, 390, 800, 1024, 1280]
# Of what can be seen: the least side of each circle that can be hit, and how many there are.
TARGETS = """() => [...document.querySelectorAll(".atlas-map a")]
  .map(link => link.getBoundingClientRect())
  .filter(box => box.width)
  .map(box => Math.min(box.width, box.height))"""
# Circles of which the middle belongs to another one.
HIDDEN = """() => [...document.querySelectorAll(".atlas-map a")].filter(link => {
  const box = link.getBoundingClientRect();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  if (!box.width || y > innerHeight) return false;
  return document.elementFromPoint(x, y)?.closest("a") !== link;
}).map(link => link.querySelector("title").textContent)"""

PLACES = [
    ("phnom-penh", "Phnom Penh", "KH", "116", 11.56, 104.93, 7),
    ("ho-chi-minh-city", "Ho Chi Minh City", "VN", "704", 10.78, 106.70, 6),
    ("vientiane", "Vientiane", "LA", "418", 17.97, 102.63, 2),
    ("savannakhet", "Savannakhet Province", "LA", "418", 16.57, 104.75, 1),
    ("cebu", "Cebu Province", "PH", "608", 10.32, 123.89, 4),
    ("ulaanbaatar", "Ulaanbaatar", "MN", "496", 47.89, 106.91, 5),
    ("osaka", "Osaka", "JP", "392", 34.69, 135.50, 0),
    ("fukuoka", "Fukuoka", "JP", "392", 33.59, 130.40, 0),
]


def asia() -> None:
    OfficeFactory(latitude=35.18, longitude=129.08)
    countries = {}
    for slug, name, code, numeric, latitude, longitude, number in PLACES:
        if code not in countries:
            countries[code] = CountryFactory(code=code, numeric=numeric)
        place = {"latitude": latitude, "longitude": longitude, "country": countries[code]}
        city = CityFactory(slug=slug, name_en=name, name_ko=name, name_zh_hans=name, **place)
        for _time in range(number):
            made = ProgramFactory(kind="volunteer")
            made.cities.add(city)
            made.countries.add(city.country)
    ProgramFactory().countries.set(countries.values())


def test_place_is_chosen_by_keyboard(page: Page, live_server, complaints: list[str]):
    asia()
    page.goto("/en/programs/map/?region=south-east-asia")
    page.locator(".filters summary").focus()

    page.keyboard.press("Tab")
    circle = page.locator(".atlas-wide a").first
    expect(circle).to_be_focused()
    expect(circle).to_have_accessible_name(re.compile("^Phnom Penh .*: 7 programmes$"))
    ring = circle.locator(".hit")
    assert ring.evaluate("node => getComputedStyle(node).stroke") == "rgb(255, 255, 255)"
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/en/programs/\?city=phnom-penh$"))
    expect(page.get_by_role("heading", name="7 programmes")).to_be_visible()


@pytest.mark.thorough
def test_map_works_on_a_phone_without_script(chromium: Browser, live_server):
    asia()
    context = chromium.new_context(
        base_url=live_server.url,
        viewport={"width": 390, "height": 844},
        java_script_enabled=False,
        has_touch=True,
    )
    page = context.new_page()
    page.goto("/en/programs/map/")

    page.get_by_role(
        "link", name=re.compile("^Phnom Penh, .*programmes .closer view: South-East Asia.$")
    ).tap()
    expect(page).to_have_url(re.compile(r"\?region=south-east-asia$"))
    page.get_by_role("link", name=re.compile("^Cebu Province .*: 4 programmes$")).tap()

    expect(page).to_have_url(re.compile(r"/en/programs/\?city=cebu$"))
    context.close()


@pytest.mark.thorough
@pytest.mark.parametrize("query", ["", "?region=south-east-asia", "?region=east-asia"])
def test_every_circle_can_be_hit_at_every_width(page: Page, live_server, query: str):
    asia()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 1400})
        page.goto(f"/en/programs/map/{query}")

        targets = page.evaluate(TARGETS)
        assert targets, width
        assert min(targets) >= 24, width
        assert page.evaluate(HIDDEN) == [], width
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.thorough
@pytest.mark.parametrize("prefix", LANGUAGES)
@pytest.mark.parametrize("width", [390, 1280])
def test_map_is_accessible(page: Page, live_server, prefix: str, width: int):
    asia()
    page.set_viewport_size({"width": width, "height": 900})

    for query in ("", "?region=south-east-asia", "?region=x", "?kind=consulting"):
        page.goto(f"{prefix}/programs/map/{query}")
        page.locator(".filters").evaluate("node => { node.open = true }")
        assert violations(page, colours=not prefix) == []


@pytest.mark.thorough
def test_names_do_not_cover_each_other(page: Page, live_server):
    asia()
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 1400})
        page.goto("/en/programs/map/?region=south-east-asia")

        boxes = [
            text.bounding_box()
            for text in page.locator(".atlas-map .names text").all()
            if text.is_visible()
        ]

        assert len(boxes) >= 4
        for index, a in enumerate(boxes):
            for b in boxes[index + 1 :]:
                apart = (
                    a["x"] + a["width"] <= b["x"]
                    or b["x"] + b["width"] <= a["x"]
                    or a["y"] + a["height"] * 0.8 <= b["y"]
                    or b["y"] + b["height"] * 0.8 <= a["y"]
                )
                assert apart, (a, b)


@pytest.mark.thorough
def test_forced_colours_keep_the_map(page: Page, live_server):
    asia()
    page.emulate_media(forced_colors="active")
    page.goto("/en/programs/map/")

    sheet = page.locator(".atlas-sheet")
    assert sheet.evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(3, 22, 58)"
    circle = page.locator(".atlas-wide a.city circle + circle").first
    assert circle.evaluate("node => getComputedStyle(node).fill") == "rgb(255, 177, 20)"


@pytest.mark.thorough
def test_line_of_the_list_lights_up_its_circle(page: Page, live_server, complaints: list[str]):
    asia()
    page.goto("/en/programs/map/?region=south-east-asia")
    circle = page.locator('.atlas-wide a[href="/en/programs/?city=cebu"]')
    expect(circle).not_to_have_class(re.compile("is-lit"))

    page.get_by_role("link", name="Cebu Province: 4 programmes", exact=True).hover()
    expect(circle).to_have_class(re.compile("is-lit"))

    page.locator("h1").hover()
    expect(circle).not_to_have_class(re.compile("is-lit"))
