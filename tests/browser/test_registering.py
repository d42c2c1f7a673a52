"""Registering in a real browser: by keyboard and label, at 320 px, without a complaint of axe."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from forums.models import Registration
from forums.registering import addresses
from oda_portal.privacy import consent_texts
from tests.axe import RULES, violations
from tests.factories import OfficeFactory
from tests.forums.registering import mailed_link, open_forum, registered, session_with

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def is_fine(page: Page) -> None:
    assert violations(page, RULES) == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 1280, "height": 900})


def test_from_the_event_to_the_ticket(page: Page, complaints: list[str]):
    consent_texts.load(in_force=True)
    OfficeFactory()
    forum = open_forum()
    session_with(5, forum, title_en="Breakout session")
    page.goto(f"/en/forums/{forum.slug}/")
    page.get_by_role("link", name="Register", exact=True).click()
    is_fine(page)
    page.get_by_label("Email").fill("visitor@example.org")
    page.get_by_label("I am 14 or older").check()
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("heading", name="Check your email")).to_be_visible()

    page.goto(mailed_link("visitor@example.org"))
    page.get_by_role("button", name="Register").click()  # with nothing filled in
    expect(page.locator(".error-summary")).to_be_focused()
    is_fine(page)
    page.get_by_label("Full name").fill("Amara Okafor")
    page.get_by_label("How many people come").select_option("2")
    page.get_by_label("Breakout session").check()
    page.get_by_label("I agree", exact=True).first.check()
    page.get_by_label("I am 14 or older").check()
    page.get_by_role("button", name="Register").click()

    expect(page.get_by_role("img", name="QR code of your registration")).to_be_visible()
    registration = Registration.objects.get()
    expect(page.get_by_text(registration.number)).to_be_visible()
    assert (registration.size, registration.is_confirmed) == (2, True)
    is_fine(page)
    assert complaints == []


@pytest.mark.parametrize("page_name", ["own", "change", "cancel"])
def test_the_pages_of_a_registration(page: Page, complaints: list[str], page_name: str):
    consent_texts.load(in_force=True)
    OfficeFactory()
    forum = open_forum(places=1)
    registered(forum, "a@example.org", chosen=[session_with(1, forum)])

    page.goto(addresses.path_to(Registration.objects.get(), page_name))

    is_fine(page)
    assert complaints == []
