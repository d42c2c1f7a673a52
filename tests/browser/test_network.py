"""The network on a phone, by keyboard and without script: joined, looked at, written to."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from oda_portal.accounts.models import User
from oda_portal.privacy import consent_texts
from partners.models import Membership, Suggestion
from partners.network import actions
from tests import factories
from tests.axe import violations
from tests.news.subscribers import mailed_link
from tests.partners.networkers import member, person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NETWORK = "/en/partners/network/"


@pytest.mark.thorough
def test_pages_of_the_network_pass_axe_and_fit_a_phone(page: Page, sign_in: Callable[[User], None]):
    factories.OfficeFactory()
    consent_texts.load(in_force=True)
    program = factories.ProgramFactory(kind="network")
    factories.MilestoneFactory(program=program)
    membership = member(user=person(name="김민아"), in_directory=True, telephone="+82 51 000 0000")
    role = factories.RoleFactory(organisation=membership.organisation)
    factories.RoleFactory(program=role.program, kind="takes_part")
    factories.RoleFactory(program=role.program, kind="takes_part")
    suggestion = factories.SuggestionFactory(membership=membership)
    sign_in(membership.user)
    paths = [
        *("", "matrix/", "join/", "members/", "members/directory/", "members/texts/"),
        f"members/{membership.pk}/",
        f"members/texts/program/{role.program.pk}/",
        f"members/suggestions/{suggestion.pk}/",
    ]

    found = {}
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        for path in paths:
            page.goto(NETWORK + path)
            is_wide = page.evaluate("document.documentElement.scrollWidth") > width
            found[path, width] = violations(page) + ["too wide"] * is_wide

    assert {place: bad for place, bad in found.items() if bad} == {}


@pytest.mark.thorough
def test_an_invitation_and_a_suggestion_need_no_script(chromium: Browser, live_server):
    factories.OfficeFactory()
    consent_texts.load(in_force=True)
    organisation = factories.NetworkMemberFactory().organisation
    user = person("mina@example.org")
    staff = factories.StaffFactory()
    actions.invite(organisation, email=user.email, language="en", by=staff)
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()

    page.goto(mailed_link("network_invited"))
    page.get_by_role("button", name="Sign in or sign up").click()
    page.fill("input[name=login]", user.email)
    page.fill("input[name=password]", "long-Enough-1")
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Go to the invitation").click()
    page.fill("input[name=name]", "Kim Mina")
    page.locator("input[name=consent_network]").first.check()
    page.locator("input[name=consent_directory]").first.check()
    page.get_by_role("button", name="Accept").click()
    page.get_by_role("link", name="To the pages for members").click()
    page.locator("main").get_by_role("link", name="Texts about us").first.click()
    page.get_by_role("link", name=organisation.name_en).click()
    page.fill("textarea[name=about_en]", "We train teachers.")
    page.get_by_role("button", name="Send to the office").click()

    expect(page.locator("main")).to_contain_text("We have your suggestion.")
    assert page.locator("ins").inner_text() == "We train teachers."
    context.close()
    assert Membership.objects.get().in_directory is True
    assert Suggestion.objects.get().wanted == {"about_en": "We train teachers."}
