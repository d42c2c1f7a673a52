"""Papers in a real browser: no script, a narrow screen, and what axe says of every page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from forums.models import Submission
from oda_portal.mail import links
from oda_portal.mail.models import Message
from tests import factories
from tests.axe import violations
from tests.forums.papers import WRITTEN, a_call, a_meet_up, address, begin_by_mail, handed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTH = "document.documentElement.scrollWidth"


def with_session_of(page: Page, client: Client, live_server) -> None:  # type: ignore[no-untyped-def]
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )


@pytest.mark.thorough
def test_a_paper_is_begun_written_and_handed_in_without_script(chromium: Browser, live_server):
    forum = a_call()
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(address("paper_call", forum.slug, language="en"))
    page.fill("[name=email]", "hong@example.org")
    page.check("[name=old_enough]")
    page.click("form.form-card button")
    link = links.issue(Message.objects.get(kind="paper_begin"))

    page.goto(link.removeprefix(settings.SITE_URL))
    page.click("main form button")
    for name in ("name", "title", "abstract"):
        page.fill(f"[name={name}]", WRITTEN[name])
    page.click("text=Save draft")
    expect(page.locator("[name=title]")).to_have_value(WRITTEN["title"])
    page.click("main button[name=submit]")
    page.check("[name=consent_paper][value^=yes]")
    page.click("main button[name=submit]")

    paper = Submission.objects.get()
    assert paper.state == "submitted"
    expect(page.locator("main h2").first).to_contain_text(paper.receipt)
    context.close()


@pytest.mark.parametrize("lang", ["ko", "en", "zh-hans"])
def test_every_page_of_papers_is_accessible_and_narrow(page: Page, live_server, lang: str):
    factories.OfficeFactory()
    client, now = Client(), timezone.now()
    draft = begin_by_mail(client, a_call())
    meet_up = a_meet_up()
    client.post(address("paper_call", meet_up.slug), {"old_enough": "on"})
    topic = Submission.objects.get(forum=meet_up)
    closed = a_call(papers_open_at=now - timedelta(9), papers_close_at=now - timedelta(1))
    speaker = handed_in(closed, state="accepted", email=draft.email, title=WRITTEN["title"])
    with_session_of(page, client, live_server)
    found: dict[str, list[str]] = {}

    for path in (
        address("paper_call", draft.forum.slug, language=lang),
        address("paper_call", topic.forum.slug, language=lang),
        address("paper_call", closed.slug, language=lang),
        address("paper_list", language=lang),
        address("paper_detail", draft.uuid, language=lang),
        address("paper_edit", draft.uuid, language=lang),
        address("paper_withdraw", draft.uuid, language=lang),
        address("paper_speaker", speaker.uuid, language=lang),
    ):
        page.set_viewport_size({"width": 320, "height": 800})
        page.goto(path)
        found[path] = violations(page, colours=lang == "ko")
        if (width := page.evaluate(WIDTH)) > 320:
            found[path].append(f"{width} px wide")

    assert {path: what for path, what in found.items() if what} == {}
