"""The first page of the back office and the report of content care, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from oda_portal.accounts.models import User
from oda_portal.care import keeping
from oda_portal.care.models import Finding
from tests import factories
from tests.admin.test_desk import everything, planned_things
from tests.axe import violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LINKS = '<p><a href="/no/">여기</a> <a href="www.busan.go.kr">저기</a></p>'


@pytest.mark.thorough
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_pages_of_the_desk_fit_and_have_no_barrier(
    page: Page, sign_in: Callable[[User], None], width: int
):
    factories.OfficeFactory()
    everything()
    planned_things()
    factories.PageFactory(body_ko=LINKS)
    list(keeping.look_after_everything())
    sign_in(factories.StaffFactory())
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.set_viewport_size({"width": width, "height": 900})
    broken = Finding.objects.filter(kind="broken").first()
    assert broken
    lists = ("", "planned/", "care/finding/", f"care/finding/{broken.pk}/fine/")
    for address in lists:
        page.goto(f"/en/admin/{address}")
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, address
        if width != 320:
            assert violations(page) == [], address
    assert said == []


@pytest.mark.thorough
def test_a_finding_leads_to_its_field_in_its_language(page: Page, sign_in: Callable[[User], None]):
    record = factories.PageFactory(title_en="About us", body_en=LINKS)
    list(keeping.look_after_everything())
    sign_in(factories.StaffFactory())
    page.goto("/en/admin/")

    page.get_by_role("link", name="things in the content need care").click()
    page.get_by_role("link", name="About us").first.click()

    expect(page).to_have_url(f"/en/admin/pages/page/{record.pk}/change/#id_body_en")
    expect(page.get_by_role("tab", name="English")).to_have_attribute("aria-selected", "true")
    above = page.get_by_role("region", name="What could be better")
    expect(above).to_contain_text("The link “/no/” leads nowhere. Correct or remove it.")
    above.get_by_role("link", name="This is fine").first.click()
    page.get_by_label("Why is no change needed?").fill("Soon there.")
    page.get_by_role("button", name="Mark as fine").click()
    expect(page.get_by_text("1 finding was marked as fine")).to_be_visible()
