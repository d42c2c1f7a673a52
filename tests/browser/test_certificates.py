"""Checking a number, downloading, and watching a batch, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from oda_portal.certificates import actions
from oda_portal.certificates.models import Batch
from tests.axe import violations
from tests.certificates.samples import KIND, a_certificate, a_holder, a_kind
from tests.factories import OfficeFactory, StaffFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[object], None]


@pytest.mark.thorough
@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
@pytest.mark.parametrize("width", [1280, 390])
def test_a_number_is_typed_and_checked(page: Page, prefix: str, width: int):
    certificate = a_certificate()
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{prefix}/certificates/")
    assert violations(page, colours=not prefix) == []

    page.fill("[name=number]", "ABCD")
    page.click("form.form-card [type=submit]")
    expect(page.locator(".error-summary")).to_be_visible()
    assert violations(page, colours=not prefix) == []
    page.fill("[name=number]", certificate.code.lower())
    page.click("form.form-card [type=submit]")

    page.wait_for_url(f"**{prefix}/certificates/{certificate}/")
    expect(page.locator("main")).to_contain_text(certificate.code)
    assert violations(page, colours=not prefix) == []


def test_the_holder_downloads_from_my_page(page: Page, sign_in: SignIn):
    certificate = a_certificate()
    sign_in(certificate.user)
    page.goto("/accounts/#certificates")
    assert violations(page) == []

    with page.expect_download() as download:
        page.click(f"a[href$='{certificate}/pdf/']")

    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")


@pytest.mark.thorough
def test_a_batch_is_watched_until_it_is_done(page: Page, sign_in: SignIn, complaints: list[str]):
    OfficeFactory()
    people = [a_holder() for _turn in range(2)]
    with a_kind():
        batch = actions.start_batch(KIND, people, by=StaffFactory())
        actions.work_off(batch, most=1)
        sign_in(StaffFactory())
        page.goto(reverse("admin:certificates_batch_change", args=[batch.pk]))
        expect(page.locator("progress")).to_have_attribute("value", "1")

        actions.work_off(batch)

    expect(page.locator("progress")).to_have_attribute("value", "2")
    expect(page.locator("[data-running]")).to_have_count(0)
    assert Batch.objects.get().state == Batch.State.FINISHED
    assert complaints == []  # before axe, which writes styles
    assert violations(page) == []
