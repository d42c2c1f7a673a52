"""Meetings of the network on a phone, for axe, and answered without script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from oda_portal.accounts.models import User
from partners.models import MeetingAnswer, MeetingDocument, Membership, NetworkMeeting
from tests.axe import violations
from tests.factories import (
    ActionItemFactory,
    MembershipFactory,
    NetworkMeetingFactory,
    OfficeFactory,
)
from tests.files import samples

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[User], None]


def a_meeting_with_all(reader: Membership) -> NetworkMeeting:
    """With everything that can stand on its pages, for everybody and for members."""
    meeting = NetworkMeetingFactory(
        place_ko="부산시청 12층 회의실", agenda_ko="<ol><li>새 사업</li></ol>",
        minutes_ko="<p>모두의 회의록</p>", members_minutes_ko="<p>회원의 회의록</p>",
    )  # fmt: skip
    meeting.attending.add(reader.organisation)
    ActionItemFactory(meeting=meeting, owner=reader)
    ActionItemFactory(meeting=meeting, done_at=timezone.now())
    for only in (True, False):
        file = ContentFile(samples.pdf(), name="minutes.pdf")
        MeetingDocument.objects.create(
            meeting=meeting, title_ko="자료집", file=file, for_members_only=only
        )
    return meeting


@pytest.mark.thorough
@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_no_page_of_meetings_has_faults(page: Page, sign_in: SignIn, prefix: str):
    OfficeFactory()
    reader = MembershipFactory()
    meeting = a_meeting_with_all(reader)
    sign_in(reader.user)
    names = ["meeting_list", "member_meetings", "item_list", "document_list"]
    paths = [reverse(f"meetings:{name}") for name in names]
    paths += [
        reverse(f"meetings:{name}", args=[meeting.slug])
        for name in ("meeting_detail", "member_meeting")
    ]

    found = {}
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for path in paths:
            page.goto(prefix + path)
            is_wide = page.evaluate("document.documentElement.scrollWidth") > width
            found[path, width] = violations(page, colours=not prefix) + ["too wide"] * is_wide

    assert {place: bad for place, bad in found.items() if bad} == {}


@pytest.mark.thorough
def test_a_meeting_is_answered_and_an_item_done_without_script(
    chromium: Browser, live_server, sign_in: SignIn, page: Page
):
    OfficeFactory()
    reader = MembershipFactory()
    meeting = a_meeting_with_all(reader)
    sign_in(reader.user)
    plain = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    plain.add_cookies(page.context.cookies())
    window = plain.new_page()

    window.goto(f"/en{reverse('meetings:member_meeting', args=[meeting.slug])}")
    window.get_by_label("I will come").check()
    window.get_by_role("button", name="Answer").click()
    expect(window.locator("main")).to_contain_text("Your answer has been saved.")
    window.get_by_role("link", name="Action items").click()
    window.get_by_role("button", name="Mark as done").click()
    expect(window.locator("main")).to_contain_text("Done. Thank you.")
    plain.close()

    assert MeetingAnswer.objects.get().answer == MeetingAnswer.Answer.YES
    assert not meeting.action_items.filter(done_at=None).exists()
