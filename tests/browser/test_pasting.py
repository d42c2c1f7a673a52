"""HTML from office programs, really pasted into the editor."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests import factories
from tests.publishing.test_rich import (
    GOOGLE,
    GOOGLE_CLEAN,
    HANGUL,
    HANGUL_CLEAN,
    WORD,
    WORD_CLEAN,
    in_one_line,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASTE = """([selector, html]) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  document.querySelector(selector).dispatchEvent(event);
}"""


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("pasted", "expected"),
    [(WORD, WORD_CLEAN), (HANGUL, HANGUL_CLEAN), (GOOGLE, GOOGLE_CLEAN)],
    ids=["word", "hangul", "google"],
)
def test_what_is_pasted_looks_right_at_once_and_is_kept_so(
    page: Page, sign_in: Callable, complaints: list[str], pasted: str, expected: str
):
    sign_in(factories.StaffFactory())
    record = factories.PageFactory(body_ko="")
    page.goto(reverse("admin:pages_page_change", args=[record.pk]))
    editor = page.locator(".field-body_ko .tiptap")
    editor.click()

    page.evaluate(PASTE, [".field-body_ko .tiptap", pasted])

    if "<table>" in expected:
        expect(editor.locator("tr").first.locator("th").first).to_be_visible()
    expect(editor.locator("strong").first).to_be_visible()
    page.click("[name=_save]")
    expect(page.locator(".messagelist")).to_be_visible()
    record.refresh_from_db()
    assert (
        in_one_line(record.body_ko).replace(' colspan="1"', "").replace(' rowspan="1"', "")
        == expected
    )
    assert complaints == []
