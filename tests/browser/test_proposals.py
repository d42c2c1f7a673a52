"""Proposals in a real browser: written without script, at every width, for axe."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from oda_portal.accounts.models import User
from programs.models import Proposal
from tests.axe import violations
from tests.factories import (
    CountryFactory,
    OfficeFactory,
    ProposalCommentFactory,
    ProposalFactory,
    ProposalPartnerFactory,
    StaffFactory,
    ThemeFactory,
)
from tests.programs.proposing import member_of, organisation_of
from tests.programs.proposing import page as page_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (1280, 390, 320)
LIST = "/partners/network/members/proposals/"
SignIn = Callable[[User], None]


def some(user: User) -> list[Proposal]:
    """One in each state, of this person’s organisation, with all that can stand on it."""
    rows = []
    for number, state in enumerate(Proposal.State.values):
        proposal = ProposalFactory(
            organisation=organisation_of(user), author=user, state=state,
            country=CountryFactory(), budget=608_000_000, budget_note="건축과 책",
            partners_sought="건축을 아는 대학", answer="5월 회의에서 이야기했습니다." * (number > 1),
        )  # fmt: skip
        proposal.themes.add(ThemeFactory(), ThemeFactory())
        if state != "draft":
            ProposalPartnerFactory(proposal=proposal, note="책 천 권")
            ProposalCommentFactory(proposal=proposal, author=user)
            ProposalCommentFactory(proposal=proposal)
        rows.append(proposal)
    return rows


def faults(page: Page, *, colours: bool = True) -> list[str]:
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if width != WIDTHS[-1]:
            found += [f"{width} px: {each}" for each in violations(page, colours=colours)]
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            found.append(f"{width} px: the page is {wide} px wide")
    return found


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_no_page_of_members_has_faults(page: Page, sign_in: SignIn, prefix: str):
    OfficeFactory()
    user = member_of(name="홍길동")
    rows = some(user)
    of_others = ProposalFactory(state="submitted")
    sign_in(user)
    paths = [LIST, f"{LIST}new/", page_of(rows[0], "edit"), page_of(rows[0], "discard")]
    paths += [page_of(row) for row in [*rows, of_others]]

    found = {}
    for path in paths:
        page.goto(prefix + path)
        found[path] = faults(page, colours=not prefix)
    page.goto(f"{prefix}{LIST}new/")
    page.click("button[name=submit]")
    expect(page.locator(".error-summary")).to_be_visible()
    found["refused"] = faults(page, colours=not prefix)

    assert {path: each for path, each in found.items() if each} == {}


@pytest.mark.thorough
def test_an_idea_is_written_submitted_and_commented_on_without_script(
    chromium: Browser, live_server, sign_in: SignIn, page: Page
):
    OfficeFactory()
    user = member_of()
    sign_in(user)
    plain = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    plain.add_cookies(page.context.cookies())
    window = plain.new_page()

    window.goto(f"/en{LIST}new/")
    window.get_by_label("Title").fill("A village library")
    window.get_by_role("button", name="Save draft").click()
    window.get_by_role("link", name="Change the proposal").click()
    window.get_by_label("Place").fill("Hoa Vang")
    window.get_by_label("What is needed there?").fill("There is nowhere to read.")
    window.get_by_label("What could be done?").fill("Turn the closed school into a library.")
    window.get_by_role("button", name="Submit").click()
    window.get_by_label("Your comment").fill("We know the school.")
    window.get_by_role("button", name="Comment", exact=True).click()

    expect(window.get_by_text("We know the school.")).to_be_visible()
    plain.close()
    assert Proposal.objects.get().state == "submitted"
    assert Proposal.objects.get().comments.get().author == user


@pytest.mark.thorough
def test_no_page_of_staff_has_faults(page: Page, sign_in: SignIn):
    OfficeFactory()
    _draft, submitted, discussed, adopted, _declined = some(member_of(name="홍길동"))
    sign_in(StaffFactory())
    asked = [(submitted, "change"), (adopted, "change"), (submitted, "discuss")]
    asked += [(discussed, "adopt"), (discussed, "comment")]
    paths = [reverse(f"admin:programs_proposal_{name}", args=[row.pk]) for row, name in asked]

    found = {}
    for path in paths:
        page.goto(path)
        page.set_viewport_size({"width": 1280, "height": 900})
        found[path] = violations(page)
    page.goto(paths[2])
    page.fill("[name=reason]", "5월 회의에서 이야기합시다.")
    page.click("input[name=look]")
    expect(page.locator("article.letter")).to_have_count(1)
    found["letter"] = violations(page)

    assert {path: each for path, each in found.items() if each} == {}
