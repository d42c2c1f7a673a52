"""The figures in a real browser: charts, tables, narrow screens, paper, forced colours."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from oda_portal.publishing.freshness import raise_generation
from tests.axe import RULES, violations
from tests.factories import (
    CityFactory,
    CountryFactory,
    OfficeFactory,
    ParticipantGroupFactory,
    ProgramFactory,
    RunFactory,
    ThemeFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Whether anything written in a chart stands outside its picture.
OUTSIDE = """() => [...document.querySelectorAll("svg.chart")].flatMap(chart => {
  const frame = chart.getBoundingClientRect();
  return [...chart.querySelectorAll("text")].filter(text => {
    const box = text.getBoundingClientRect();
    return box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1;
  }).map(text => text.textContent);
})"""

# How high the smallest letters of a chart are, in pixels of the screen.
LETTERS = """() => Math.min(...[...document.querySelectorAll("svg.chart")].map(
  chart => parseFloat(getComputedStyle(chart).fontSize) * chart.getScreenCTM().a))"""


def some_years() -> None:
    OfficeFactory()
    theme = ThemeFactory(name_en="Public understanding of cooperation and of the sea")
    for year in range(2009, 2027):
        for kind in ("training", "volunteer"):
            program = ProgramFactory(
                kind=kind, starts_on=date(year, 3, 1), ends_on=date(year, 3, 20)
            )
            program.countries.add(CountryFactory())
            program.themes.add(theme)
            if kind == "volunteer":
                program.cities.add(CityFactory(relation="sister", agreed_on=date(year, 1, 1)))
            run = RunFactory(program=program, starts_on=program.starts_on, ends_on=None)
            ParticipantGroupFactory(run=run, total=None if year % 5 else 1000 + year)
    raise_generation()


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_figures_stand_in_their_pictures_and_axe_finds_nothing(page: Page, width: int):
    some_years()
    page.set_viewport_size({"width": width, "height": 900})

    page.goto("/en/programs/figures/")

    assert page.locator("svg.chart").count() >= 9
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate(LETTERS) >= 11.9
    assert violations(page, RULES) == []


@pytest.mark.thorough
def test_a_number_leads_to_the_programmes_that_it_counts(page: Page):
    some_years()
    page.goto("/en/programs/figures/")

    row = page.locator("#programmes-by-kind ~ .figure-parts tr", has_text="Training")
    number = row.get_by_role("link").inner_text()
    row.get_by_role("link").press("Enter")

    assert number == "18"
    expect(page.locator(".result-line h2")).to_have_text("18 programmes")


@pytest.mark.thorough
def test_figures_on_paper_have_charts_and_tables_and_no_filters(page: Page):
    some_years()
    page.goto("/en/programs/figures/")

    page.emulate_media(media="print")

    assert page.locator("svg.chart").first.is_visible()
    assert page.locator(".table-figure").first.is_visible()
    assert not page.locator(".filters").is_visible()
    assert not page.locator(".figure-files").first.is_visible()


@pytest.mark.thorough
def test_bars_are_seen_in_forced_colours_and_in_the_dark(page: Page):
    some_years()
    page.goto("/en/programs/figures/")
    colours = """() => {
      const bar = document.querySelector("svg.chart .b"), text = document.querySelector("svg.chart text");
      const ground = getComputedStyle(document.body).backgroundColor;
      return [getComputedStyle(bar).fill, getComputedStyle(text).fill, ground];
    }"""

    page.emulate_media(forced_colors="active", color_scheme="dark")
    forced = page.evaluate(colours)
    page.emulate_media(forced_colors="none", color_scheme="dark")
    dark = page.evaluate(colours)

    for bar, text, ground in (forced, dark):
        assert bar != ground
        assert text != ground
