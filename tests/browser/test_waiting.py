"""An act on many records that takes its time says so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from oda_portal.accounts.models import User
from oda_portal.publishing.models import Status
from programs.models import Program
from tests.axe import RULES, violations
from tests.factories import OfficeFactory, ProgramFactory, StaffFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[User], None]


@pytest.mark.thorough
def test_a_slow_act_on_many_records_says_that_it_is_at_work(page: Page, sign_in: SignIn):
    OfficeFactory()
    rows = [ProgramFactory(status=Status.DRAFT) for _ in range(2)]
    sign_in(StaffFactory())
    page.goto("/en" + reverse("admin:programs_program_changelist").removeprefix("/en"))
    page.locator("#action-toggle").check()
    page.get_by_label("Action:").select_option("publish_selected")
    page.get_by_role("button", name="Go").click()
    status = page.locator("[data-waiting]")
    expect(status).to_be_empty()
    # Playwright looks at no page that is about to leave, so this one stays.
    page.evaluate("document.querySelector('.act-form').onsubmit = () => false")

    page.locator(".submit-row input[type=submit]").click()

    expect(status).to_contain_text("Working")
    assert page.get_by_role("progressbar").is_visible()
    assert violations(page, RULES) == []
    page.evaluate("document.querySelector('.act-form').submit()")
    page.wait_for_selector(".messagelist")
    assert {row.status for row in Program.objects.filter(pk__in=[row.pk for row in rows])} == {
        Status.PUBLISHED
    }
