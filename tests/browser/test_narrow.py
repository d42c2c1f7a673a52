"""The narrowest screen with the largest letters: nothing runs out at the side (WCAG 2.2, 1.4.10)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from oda_portal.display import COOKIE, LETTERS
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LANGUAGES = ["", "/en", "/zh-hans"]
WIDTH_WITH = """letters => {
  document.documentElement.dataset.letters = letters;
  return document.documentElement.scrollWidth;
}"""


@pytest.mark.thorough
def test_no_page_is_wider_than_a_screen_of_320_px(page: Page, live_server):
    factories.OfficeFactory()
    department = factories.DepartmentFactory(name_en="Development cooperation (ODA)")
    city = factories.CityFactory(name_en="Ulaanbaatar", department=department)
    program = factories.ProgramFactory(department=department)
    program.cities.add(city)
    forum = factories.ForumSessionFactory().forum
    factories.OrganisationFactory(slug="address", url="http://www.a-long-name.example.org/")
    paths = [
        *("/", "/programs/", program.get_absolute_url()),
        *("/forums/", forum.get_absolute_url(), f"{forum.get_absolute_url()}programme/"),
        *("/partners/cities/", city.get_absolute_url(), "/partners/organisations/address/"),
    ]
    page.set_viewport_size({"width": 320, "height": 800})

    widths = {}
    for path in (language + path for language in LANGUAGES for path in paths):
        page.goto(path)
        for letters in LETTERS:
            widths[path, letters] = page.evaluate(WIDTH_WITH, letters)

    assert {place: width for place, width in widths.items() if width > 320} == {}


@pytest.mark.thorough
@pytest.mark.parametrize("letters", LETTERS)
def test_chosen_letters_are_what_the_page_says(page: Page, live_server, letters: str):
    """So that the widths above are those of the letters that readers choose."""
    factories.OfficeFactory()
    cookie = {"name": COOKIE, "value": f"{letters}.standard", "url": live_server.url}
    page.context.add_cookies([cookie])

    page.goto("/")

    assert page.get_attribute("html", "data-letters") == (letters if letters != "100" else None)
