"""Masked data, the report, the list of who was touched and the roles, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import ConsoleMessage, Page

from oda_portal.accounts.areas import limit
from oda_portal.accounts.models import User
from oda_portal.accounts.roles import record_roles, set_up_roles
from oda_portal.privacy.models import AccessRecord, AccessSubject, Act
from tests.axe import violations
from tests.factories import OfficeFactory, OpeningFactory, StaffFactory, UserFactory
from tests.volunteers.applicants import sent

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (390, 1280)


@pytest.fixture
def complaints(page: Page) -> list[str]:
    heard: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            heard.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


@pytest.fixture
def boss(sign_in: Callable[[User], None]) -> User:
    OfficeFactory()
    set_up_roles()
    boss = StaffFactory(name="김총괄", email="boss@office.example")
    for number, name in enumerate(("이편집", "박봉사", "최번역")):
        role = ("editor", "volunteer_coordinator", "translator_en")[number]
        user = StaffFactory(is_superuser=False, name=name)
        user.groups.set(Group.objects.filter(name=role))
        record_roles(user, set(), {role}, by=boss)
    limit(user, ["training", "forum"], by=boss)
    sign_in(boss)
    return boss


def a_month_of_looks(by: User) -> None:
    first = timezone.localtime().replace(day=1, hour=10) - timedelta(days=20)
    people = [UserFactory(name=f"시민{number}") for number in range(6)]
    for number in range(60):
        at = first.replace(day=1) + timedelta(days=number % 27, hours=number % 14)
        act = (Act.LIST, Act.DETAIL, Act.DETAIL, Act.EXPORT)[number % 4]
        look = AccessRecord.objects.create(
            user=by, account=(by.email, "park@office.example")[number % 2], at=at, act=act,
            what="accounts.user", address="192.0.2.7",
            reason="보험사에 낼 명단" if act == Act.EXPORT else "",
        )  # fmt: skip
        AccessSubject.objects.bulk_create(
            AccessSubject(record=look, label="accounts.user", object_id=one.pk) for one in people
        )


def check(page: Page, complaints: list[str]) -> None:
    """Fit for a phone and a desk, for a screen reader, and under the strict policy."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page) == [], width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints == []


@pytest.mark.thorough
def test_a_record_is_shown_for_a_reason_by_keyboard_and_masked_again(
    page: Page, boss: User, complaints: list[str]
):
    opening = OpeningFactory()
    application = sent(opening.call, opening)
    address = reverse("admin:volunteers_application_change", args=[application.pk])

    page.goto(address)
    assert "First aid" not in page.content()
    check(page, complaints)
    page.locator("#reveal input[name=reason]").fill("면접 안내 전화")
    page.keyboard.press("Enter")
    page.get_by_text("First aid").first.wait_for()
    check(page, complaints)
    page.locator("#reveal button").click()
    page.locator("#reveal input[name=reason]").wait_for()
    assert "First aid" not in page.content()
    page.goto(reverse("admin:volunteers_application_reveal", args=[application.pk]))
    check(page, complaints)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_pages_over_the_log_and_the_roles(
    page: Page, boss: User, complaints: list[str], prefix: str
):
    a_month_of_looks(boss)
    last = timezone.localtime().replace(day=1) - timedelta(days=20)
    pages = [
        f"{reverse('admin:privacy_accessrecord_report')}?month={last:%Y-%m}",
        reverse("admin:privacy_accessrecord_touched"),
        f"{reverse('admin:privacy_accessrecord_touched')}?account=boss%40office.example&address="
        f"&begins={last:%Y-%m}-01T00:00&ends={timezone.localtime():%Y-%m-%dT%H:%M}"
        f"&known_at={timezone.localtime():%Y-%m-%dT%H:%M}",
        reverse("admin:accounts_user_roles"),
        f"{reverse('admin:accounts_user_roles')}?role=editor",
    ]
    for address in pages:
        page.goto(f"{prefix}{address}")
        check(page, complaints)
