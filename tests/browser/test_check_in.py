"""At the door in a real browser: a lost line loses nobody, and nothing counts twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from forums.models import Arrival, Registration
from oda_portal.accounts.models import User
from tests.axe import RULES, violations
from tests.factories import OfficeFactory, StaffFactory
from tests.forums.test_check_in import edition, with_place

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[User], None]
KEPT = "[data-kept]"


@pytest.fixture
def registration() -> Registration:
    OfficeFactory()
    return with_place(edition(slug="busan"), name="김하늘", size=3)


def door() -> str:
    return "/en" + reverse("forums:check_in_door", args=["busan"])


def check_in(page: Page, number: str, people: str = "") -> None:
    page.get_by_label("Check-in number").fill(number)
    if people:
        page.get_by_label("People coming in").select_option(people)
    page.get_by_role("button", name="Check in", exact=True).click()


def people_in(registration: Registration) -> int:
    return Registration.objects.get(pk=registration.pk).arrived


@pytest.mark.thorough
def test_a_lost_line_keeps_the_check_ins_and_sends_each_once(
    page: Page, sign_in: SignIn, registration: Registration, complaints: list[str]
):
    sign_in(StaffFactory())
    page.goto(door())
    page.context.set_offline(True)

    check_in(page, registration.number, "2")
    expect(page.locator(KEPT)).to_contain_text("There is no connection")
    expect(page.locator("[data-kept-count]")).to_have_text("1")
    check_in(page, "22222222")
    expect(page.locator("[data-kept-count]")).to_have_text("2")
    assert violations(page, RULES) == []
    assert "김하늘" not in page.evaluate("JSON.stringify(localStorage)")
    assert people_in(registration) == 0

    page.context.set_offline(False)

    expect(page.locator(KEPT)).to_be_hidden()
    assert people_in(registration) == 2
    expect(page.locator("[data-arrived]")).to_have_text("2")
    # The one that no ticket has is not lost either: somebody looks at it.
    expect(page.locator("[data-refused-list]")).to_have_text("22222222")
    assert violations(page, RULES) == []
    page.reload()
    expect(page.locator("[data-refused-list]")).to_have_text("22222222")
    page.get_by_role("button", name="Seen").click()
    expect(page.locator("[data-refused]")).to_be_hidden()
    assert Arrival.objects.count() == 1


@pytest.mark.thorough
def test_an_answer_that_is_lost_on_its_way_back_counts_once(
    page: Page, sign_in: SignIn, registration: Registration
):
    sign_in(StaffFactory())
    page.goto(door())
    sent: list[str] = []

    def lose_the_answer(route) -> None:  # type: ignore[no-untyped-def]
        if route.request.method == "POST" and not sent:
            sent.append(route.request.post_data or "")
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/check-in/busan/", lose_the_answer)
    check_in(page, registration.number, "1")
    expect(page.locator(KEPT)).to_be_visible()
    assert people_in(registration) == 1

    page.reload()

    expect(page.locator(KEPT)).to_be_hidden()
    assert people_in(registration) == 1
    assert Arrival.objects.count() == 1


@pytest.mark.thorough
def test_who_is_signed_out_meanwhile_signs_in_and_nothing_is_lost(
    page: Page, sign_in: SignIn, registration: Registration
):
    staff = StaffFactory()
    sign_in(staff)
    page.goto(door())
    page.context.clear_cookies()

    check_in(page, registration.number)
    expect(page.locator(KEPT)).to_contain_text("You are signed out")
    assert people_in(registration) == 0

    sign_in(staff)
    page.goto(door())
    expect(page.locator(KEPT)).to_be_hidden()
    assert people_in(registration) == 3


@pytest.mark.thorough
def test_the_page_of_a_ticket_keeps_it_too(page: Page, sign_in: SignIn, registration: Registration):
    sign_in(StaffFactory())
    page.goto("/en" + reverse("forums:check_in_ticket", args=["busan", registration.number]))
    page.context.set_offline(True)
    page.get_by_role("button", name="Check in", exact=True).click()
    expect(page.locator(KEPT)).to_be_visible()

    page.context.set_offline(False)

    expect(page.get_by_text("Already checked in")).to_be_visible()
    assert people_in(registration) == 3


@pytest.mark.thorough
def test_two_taps_on_the_page_of_a_ticket_let_one_in(
    page: Page, sign_in: SignIn, registration: Registration
):
    sign_in(StaffFactory())
    page.goto("/en" + reverse("forums:check_in_ticket", args=["busan", registration.number]))
    page.get_by_label("People coming in").select_option("1")

    page.get_by_role("button", name="Check in", exact=True).dblclick()

    expect(
        page.get_by_text("1 of 3 are in").or_(page.get_by_text("1 of 3 is in")).first
    ).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert people_in(registration) == 1
    assert Arrival.objects.count() == 1


@pytest.mark.thorough
def test_without_a_script_the_form_simply_works(
    page: Page, sign_in: SignIn, registration: Registration
):
    sign_in(StaffFactory())
    page.route("**/js/*.js", lambda route: route.abort())
    page.goto(door())

    check_in(page, registration.number, "2")

    expect(page.get_by_text("2 of 3 are in")).to_be_visible()
    assert people_in(registration) == 2


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_pages_at_the_door_fit_and_can_be_read(
    page: Page, sign_in: SignIn, registration: Registration, width: int
):
    sign_in(StaffFactory())
    page.set_viewport_size({"width": width, "height": 800})
    number = registration.number
    paths = [
        reverse("forums:check_in_list"),
        reverse("forums:check_in_door", args=["busan"]) + "?q=김",
        reverse("forums:check_in_ticket", args=["busan", number]),
        reverse("forums:check_in_ticket", args=["busan", "22222222"]),
        reverse("forums:check_in_undo", args=["busan", number]),
        reverse("forums:check_in_print", args=["busan"]),
    ]
    for path in paths:
        page.goto("/en" + path)
        assert violations(page, RULES) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.context.clear_cookies()
    page.goto("/en" + paths[2])
    assert violations(page, RULES) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
