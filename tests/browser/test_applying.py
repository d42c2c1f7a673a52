"""A person applies in a real browser: by keyboard on a phone without script, and in two tabs with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Locator, Page, expect

from oda_portal.accounts.models import User
from oda_portal.privacy import consent_texts
from tests import factories
from tests.volunteers.applicants import ABOUT, address, person
from volunteers import actions
from volunteers.models import Application, Call, Opening, State

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}
MOST_TABS = 80


@pytest.fixture
def call() -> Call:
    consent_texts.load(in_force=True)
    factories.OfficeFactory()
    call = factories.OpeningFactory().call
    factories.OpeningFactory(call=call, team=Opening.Team.MEDICAL)
    factories.ConditionFactory(call=call)
    factories.QuestionFactory(call=call, is_required=False)
    factories.RequiredDocumentFactory(call=call, is_required=False)
    return call


@pytest.fixture
def phone(chromium: Browser, live_server) -> Iterator[Callable[..., Page]]:  # type: ignore[no-untyped-def]
    """Opens a page of its own context for somebody who is signed in."""
    contexts = []

    def open_for(user: User, *, script: bool) -> Page:
        context = chromium.new_context(
            base_url=live_server.url, viewport=PHONE, java_script_enabled=script
        )
        contexts.append(context)
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
        context.add_cookies([cookie])
        return context.new_page()

    yield open_for
    for context in contexts:
        context.close()


class Keyboard:
    """Someone who has no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def enter_page(self) -> None:
        self.page.keyboard.press("Tab")
        expect(self.page.locator(".skip a").first).to_be_focused()
        self.page.keyboard.press("Enter")

    def go_to(self, control: Locator) -> None:
        for _press in range(MOST_TABS):
            if control.evaluate("control => control === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{control} is not reached in {MOST_TABS} steps")

    def type_into(self, name: str, text: str) -> None:
        self.go_to(self.page.locator(f"[name={name}]"))
        self.page.keyboard.type(text)

    def choose(self, name: str, *, second: bool = False) -> None:
        """Space takes the first of a group of radio buttons; an arrow goes on to the next."""
        self.go_to(self.page.locator(f"[name={name}]").first)
        self.page.keyboard.press("Space")
        if second:
            self.page.keyboard.press("ArrowDown")

    def press(self, control: Locator) -> None:
        """Follow a link or press a button, and wait for the page that comes."""
        self.go_to(control)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


def test_a_person_applies_by_keyboard_on_a_phone_without_script(
    phone: Callable[..., Page], call: Call
):
    user = person(preferred_language="ko")
    page = phone(user, script=False)
    keys = Keyboard(page)
    main = page.locator("main")
    go_on = main.get_by_role("button", name="저장하고 다음으로")

    page.goto(call.get_absolute_url())
    keys.enter_page()
    keys.press(main.get_by_role("link", name="지원하기", exact=True))
    keys.enter_page()
    keys.type_into("born_on", "1999. 3. 7.")
    keys.choose(f"condition_{call.conditions.get().pk}")
    # From here on each page opens at its content: the form keeps the part that was skipped to.
    keys.press(main.get_by_role("button", name="확인하기"))
    keys.press(main.get_by_role("button", name="시작하기"))

    expect(page.get_by_role("heading", level=1)).to_have_text("인적 사항")
    for name in ("name", "name_roman", "born_on", "mobile", "residence"):
        keys.type_into(name, ABOUT[name])
    keys.press(page.locator("[name=residence]"))  # Enter in a field presses the first button

    keys.go_to(page.locator("[name=choice_1]"))
    page.keyboard.press("ArrowDown")
    keys.press(go_on)
    for fields in (("languages", "skills"), ("experience",), ("motivation",)):
        for name in fields:
            keys.type_into(name, "아이들에게 음악을 가르치고 함께 배우고 싶습니다. " * 2)
        keys.press(go_on)
    keys.press(go_on)  # no document is required
    expect(page.get_by_role("heading", level=1)).to_have_text("동의")
    keys.choose("consent_general")
    for kind in ("third_party", "overseas", "photo", "promotion"):
        keys.choose(f"consent_{kind}", second=True)
    keys.press(go_on)
    keys.press(main.get_by_role("button", name="제출", exact=True))

    expect(page.get_by_role("heading", level=1)).to_have_text("내 지원서")
    application = Application.objects.get(volunteer__user=user)
    assert application.state == State.SUBMITTED
    expect(main).to_contain_text(f"접수 번호는 {application.receipt}번입니다.")
    assert application.volunteer.name == "홍길동"
    assert [choice.opening for choice in application.choices.all()] == [call.openings.first()]
    assert page.locator("html").evaluate("html => html.scrollWidth") <= PHONE["width"]


@pytest.mark.thorough
def test_two_tabs_are_told_apart_and_what_is_typed_is_saved_by_itself(
    phone: Callable[..., Page], call: Call
):
    user = person(preferred_language="en")
    application = actions.begin(call, by=user)
    first = phone(user, script=True)
    refused: list[str] = []
    first.on("pageerror", lambda error: refused.append(str(error)))
    path = address("apply_step", call, "about", language="en")
    second = first.context.new_page()
    second.goto(path)
    first.clock.install()
    first.goto(path)

    first.locator("[name=residence]").fill("Haeundae-gu")
    first.clock.fast_forward(21_000)

    expect(first.locator("[data-said]")).to_have_text(re.compile(r"^Draft saved at \d\d:\d\d\.$"))
    application.refresh_from_db()
    assert application.written["about"]["residence"] == "Haeundae-gu"

    second.locator("[name=residence]").fill("Geumjeong-gu")
    second.get_by_role("button", name="Save and continue").click()

    expect(second.get_by_role("alert")).to_contain_text("since been saved in another window")
    expect(second.get_by_role("alert")).to_contain_text("Haeundae-gu")
    expect(second.locator("[name=residence]")).to_have_value("Geumjeong-gu")
    application.refresh_from_db()
    assert application.written["about"]["residence"] == "Haeundae-gu"

    for name in ("name", "name_roman", "born_on", "mobile"):
        second.locator(f"[name={name}]").fill(ABOUT[name])
    second.get_by_role("button", name="Save and continue").click()

    expect(second.get_by_role("heading", level=1)).to_have_text("Openings")
    application.refresh_from_db()
    assert application.written["about"]["residence"] == "Geumjeong-gu"
    assert refused == []
