"""After the deployment in a real browser: hours, survey and story, read by axe in three languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Browser, Page, expect

from oda_portal.certificates import actions
from tests import factories
from tests.axe import violations
from tests.volunteers.served import approved, back, cell, day_of, past_opening, quarters, sheet
from tests.volunteers.served import with_page as with_deployment
from tests.volunteers.test_survey import answered
from volunteers.certificates import KIND
from volunteers.models import Application, Opening, Story

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[object], None]
LANGUAGES = ("ko", "en", "zh-hans")


@pytest.fixture
def opening() -> Opening:
    factories.OfficeFactory()
    return with_deployment(past_opening())


def check(page: Page, address: str, language: str) -> None:
    page.goto(address)
    assert violations(page, colours=language == "ko") == [], address
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address


def as_volunteer(page: Page, url: str, application: Application) -> None:
    client = Client()
    client.force_login(application.volunteer.user)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])


@pytest.mark.thorough
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_the_office_are_right_for_axe(
    page: Page, sign_in: SignIn, opening: Opening, language: str, width: int
):
    person = back(opening)
    approved(back(opening), 8, 7.5, 0)
    answered(opening, 5, 5, 4, 2, 1, text="Words of somebody")
    sign_in(factories.StaffFactory())
    page.set_viewport_size({"width": width, "height": 900})

    with translation.override(language):
        index = reverse("admin:volunteers_call_service", args=[opening.call_id])
    pages = [sheet(opening, name, language=language) for name in ("_sheet", "_survey")]
    pages.append(sheet(opening, "_person", person.pk, language=language))
    for address in (index, *pages):
        check(page, address, language)


@pytest.mark.thorough
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_the_volunteer_are_right_for_axe(
    page: Page, live_server, opening: Opening, language: str, width: int
):  # type: ignore[no-untyped-def]
    application = approved(back(opening))
    actions.issue(KIND, application, by=None)
    factories.DeploymentReportFactory(program=opening.program)
    factories.StoryFactory(application__opening=opening)
    as_volunteer(page, live_server.url, application)
    page.set_viewport_size({"width": width, "height": 900})

    with translation.override(language):
        own = [reverse(f"volunteers:{n}", args=[application.uuid]) for n in ("survey", "story")]
        addresses = [application.get_absolute_url(), *own, opening.program.get_absolute_url()]
    for address in addresses:
        check(page, address, language)


@pytest.mark.thorough
def test_hours_and_a_story_are_entered_without_script(
    chromium: Browser, live_server, sign_in: SignIn, page: Page, opening: Opening
):  # type: ignore[no-untyped-def]
    application = back(opening)
    sign_in(factories.StaffFactory())
    page.goto(sheet(opening))
    page.fill(f"[name={cell(application, day_of(opening))}]", "7.5")
    page.fill("[name=fill]", "8")
    page.locator("input.default[type=submit]").click()
    expect(page.locator(".messagelist")).to_be_visible()
    assert sum(quarters(application).values()) == 30 + 7 * 32

    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    phone = context.new_page()
    as_volunteer(phone, live_server.url, application)
    with translation.override("en"):
        phone.goto(reverse("volunteers:story", args=[application.uuid]))
    phone.fill("[name=title]", "A school")
    phone.fill("[name=text]", "We painted it together, and they showed us how to ride. " * 2)
    phone.locator("[name=shown_as]").first.check()
    phone.locator("[name=consent_story]").first.check()
    phone.locator(".form-card button[type=submit]").click()
    expect(phone.locator(".messages, .message, [role=status]").first).to_be_visible()
    assert Story.objects.get().agreed
    context.close()
