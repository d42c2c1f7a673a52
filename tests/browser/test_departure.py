"""Getting ready to leave in a real browser: a phone without script, and the board of the office."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests import factories
from tests.axe import violations
from tests.volunteers.departures import (
    Kind,
    departure,
    going,
    only,
    opening_in,
    put,
    state_of,
    with_checklist,
)
from volunteers.models import Application, Opening, TravelDocument

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[object], None]
LANGUAGES = ("ko", "en", "zh-hans")


@pytest.fixture
def application() -> Application:
    factories.OfficeFactory()
    application = going(with_checklist(opening_in(60)))
    put(application, Kind.INSURANCE, "accepted")
    put(application, Kind.VACCINATION, "returned", reason="The second dose is missing")
    return application


def signed_in(page: Page, url: str, application: Application) -> None:
    client = Client()
    client.force_login(application.volunteer.user)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])


@pytest.mark.thorough
def test_a_passport_is_handed_in_on_a_phone_without_script(
    chromium: Browser, live_server, application: Application
):  # type: ignore[no-untyped-def]
    context = chromium.new_context(
        base_url=live_server.url, viewport={"width": 390, "height": 844}, java_script_enabled=False
    )
    page = context.new_page()
    signed_in(page, live_server.url, application)
    page.goto(application.get_absolute_url().replace("/volunteers", "/en/volunteers", 1))
    page.locator(f"a[href$='{application.uuid}/departure/']").click()
    page.locator("a[href$='/passport/']").click()

    page.locator("[name=consent_identifier]").first.check()
    page.fill("[name=number]", "M123A4567")
    page.fill("[name=nationality]", "Korea")
    page.fill("[name=expires_on]", "1 March 2020")
    page.locator(".form-card button[type=submit]").click()
    expect(page.locator(".error-summary")).to_contain_text("This date has passed")
    expect(page.locator("[name=number]")).to_have_value("M123A4567")
    assert not TravelDocument.objects.exists()
    page.fill("[name=expires_on]", "31 August 2031")
    page.locator(".form-card button[type=submit]").click()

    expect(page).to_have_url(live_server.url + departure(application, language="en"))
    assert TravelDocument.objects.get().number == "M123A4567"
    assert state_of(application, Kind.PASSPORT) == "handed_in"
    context.close()


@pytest.mark.thorough
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_are_sound_for_everybody(
    page: Page, live_server, application: Application, language: str, width: int
):  # type: ignore[no-untyped-def]
    signed_in(page, live_server.url, application)
    page.set_viewport_size({"width": width, "height": 900})
    colours = language == "ko"
    found = {}
    for kind in ("", *Kind.values):
        if kind in (Kind.ORIENTATION, Kind.GUARDIAN_CONSENT):
            continue
        page.goto(departure(application, kind, language=language))
        found[kind or "list"] = violations(page, colours=colours)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, kind
        if kind:
            page.locator(".form-card button[type=submit]").click()
            found[f"{kind} with errors"] = violations(page, colours=colours)

    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.thorough
def test_the_board_is_sound_and_the_browser_has_nothing_to_say(
    page: Page, sign_in: SignIn, complaints: list[str], application: Application
):
    opening = application.opening
    assert opening is not None
    late = with_checklist(
        factories.OpeningFactory(call=opening.call, team=Opening.Team.MEDICAL),
        insurance=timezone.localdate() - timedelta(days=1),
    )
    only(late, Kind.INSURANCE, Kind.ROLE_AGREEMENT)
    for name in ("김하나", "이두리"):
        going(late, volunteer__name=name)
    sign_in(factories.StaffFactory())
    start = f"/en/admin/volunteers/call/{opening.call_id}/readiness/"
    pages = {
        "board": "",
        "person": f"people/{application.pk}/",
        "whole": f"people/{application.pk}/whole/",
        "send-back": f"people/{application.pk}/insurance/send_back/",
        "checklist": f"checklist/{opening.pk}/",
        "roster": f"roster/{opening.pk}/",
    }
    found = {}
    for name, rest in pages.items():
        page.goto(start + rest)
        # Before axe comes, which tries what the policy forbids.
        assert complaints == [], name
        found[name] = violations(page)
        complaints.clear()

    assert {name: wrong for name, wrong in found.items() if wrong} == {}
