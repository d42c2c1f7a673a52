"""The text of a mail, as staff look at it before it is saved."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.factories import OfficeFactory, StaffFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_letter_stands_in_its_frame_in_its_own_style(
    page: Page, sign_in: Callable[[object], None], complaints: list[str]
):
    OfficeFactory()
    sign_in(StaffFactory())
    page.goto("/en/admin/mail/mailtemplate/add/?kind=staff_mail_failed&language=en")
    page.fill("[name=subject]", "Mail was not sent")
    page.fill("[name=body]", "{failed} letters are still here.")

    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Preview").click()
    letter = opened.value.frame_locator("iframe.letter")

    expect(letter.get_by_text("letters are still here.")).to_be_visible()
    expect(letter.locator(".office")).to_have_css("border-bottom-width", "3px")
    assert complaints == []
