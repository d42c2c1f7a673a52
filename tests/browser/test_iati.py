"""The page about the IATI files, and the page of the back office that publishes them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page

from oda_portal.accounts.models import User
from programs.models import PublisherBudget
from programs.reporting.publishing import publish
from tests.axe import violations
from tests.factories import OfficeFactory, StaffFactory
from tests.programs.reporting import name_publisher, reported_program

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE, NARROW = {"width": 390, "height": 844}, {"width": 320, "height": 640}
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_the_page_passes_axe_and_fits_a_phone(page: Page, complaints: list[str], prefix: str):
    OfficeFactory()
    name_publisher()
    reported_program()
    for is_published in (False, True):
        if is_published:
            publish(by=None)
        for size in (PHONE, NARROW, {"width": 1280, "height": 900}):
            page.set_viewport_size(size)
            page.goto(f"{prefix}/data/iati/")
            assert page.evaluate(WIDE) == 0
            assert violations(page, colours=not prefix) == []
    assert complaints == []


def test_publishing_in_the_back_office_passes_axe(
    page: Page, complaints: list[str], sign_in: Callable[[User], None]
):
    publisher = name_publisher()
    # Longer than a year, which no form lets through: the checker refuses it.
    period = {"starts_on": date(2026, 1, 1), "ends_on": date(2027, 12, 31)}
    PublisherBudget.objects.create(publisher=publisher, amount=1, **period)
    publish(by=None)
    sign_in(StaffFactory())
    page.goto("/en/admin/programs/publication/")
    page.get_by_role("link", name="Publish the IATI files").click()
    for size in (PHONE, {"width": 1280, "height": 900}):
        page.set_viewport_size(size)
        assert violations(page) == []
    page.get_by_role("button", name="Publish now").click()
    page.get_by_text("It begins as soon as the worker is free.").wait_for()
    assert violations(page) == []
    assert complaints == []
