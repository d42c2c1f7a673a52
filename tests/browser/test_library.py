"""The library in a real browser: uploading with progress, and choosing in a record's form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from oda_portal.library import actions
from oda_portal.library.models import Document, Picture
from programs.models import Photo
from tests import factories
from tests.axe import RULES as PUBLIC_RULES
from tests.axe import violations
from tests.library.samples import (
    document_file,
    held_document,
    held_picture,
    picture_file,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[object], None]
# Django's own lists have links closer together than the portal's pages may.
RULES = [rules for rules in PUBLIC_RULES if rules != "wcag22aa"]


def files_in(folder: Path) -> list[Path]:
    """Two pictures, a document, one that is empty and one that is too large."""
    content = {
        "부두.png": picture_file().read(),
        "harbour.png": picture_file().read(),
        "안내.pdf": document_file().read(),
        "empty.jpg": b"",
        "large.jpg": b"\xff\xd8\xff" + bytes(12 * 1024 * 1024),
    }
    for name, data in content.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in content]


@pytest.mark.thorough
def test_many_files_are_sent_one_by_one_and_each_is_answered(
    page: Page, sign_in: SignIn, complaints: list[str], tmp_path: Path
):
    sign_in(factories.StaffFactory())
    page.goto(reverse("admin:library_picture_add"))

    page.set_input_files("[name=uploads]", files_in(tmp_path))
    page.select_option("[name=licence]", "3")
    page.click(".act-form [type=submit]")

    expect(page.locator("[data-library-summary]")).to_contain_text("5")
    expect(page.locator(".library-good")).to_have_count(3)
    expect(page.locator(".library-bad")).to_have_count(2)
    expect(page.locator(".library-bad", has_text="large.jpg")).to_contain_text("12.1MB")
    assert sorted(Picture.objects.values_list("name", "licence")) == [("harbour", 3), ("부두", 3)]
    assert Document.objects.count() == 1
    assert violations(page, RULES) == []
    page.click(".library-good a >> nth=0")
    expect(page.locator("[name=alt_ko]")).to_be_visible()
    assert complaints == []


@pytest.mark.thorough
def test_without_script_the_form_sends_all_of_them(
    chromium, live_server, sign_in: SignIn, page: Page, tmp_path: Path
):
    sign_in(factories.StaffFactory())
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    context.add_cookies(page.context.cookies())
    plain = context.new_page()
    plain.goto(reverse("admin:library_picture_add"))

    plain.set_input_files("[name=uploads]", files_in(tmp_path))
    plain.click(".act-form [type=submit]")

    expect(plain.locator(".library-good")).to_have_count(3)
    expect(plain.locator(".library-bad")).to_have_count(2)
    context.close()


@pytest.mark.thorough
def test_a_picture_is_chosen_by_keyboard_in_a_window_over_the_form(
    page: Page, sign_in: SignIn, complaints: list[str]
):
    sign_in(factories.StaffFactory())
    program = factories.ProgramFactory(status="draft")
    held_picture(caption_ko="부두의 크레인", licence=1)
    held = held_picture(licence=3, credit="ODA 사무소")
    page.goto(reverse("admin:programs_program_change", args=[program.pk]))
    page.click("#photos-group .add-row a")

    way = page.locator("#photos-0 [data-library-open]")
    expect(way).to_have_text("사진 고르기")  # and not that it opens a new window
    way.focus()
    page.keyboard.press("Enter")
    window = page.locator("dialog.library-window")
    expect(window.locator("[data-library-pick]")).to_have_count(2)
    expect(window.locator("[type=search]")).to_be_focused()
    assert violations(page, RULES) == []
    page.keyboard.type("사무소")
    page.keyboard.press("Enter")
    expect(window.locator("[data-library-pick]")).to_have_count(1)
    window.locator("[data-library-pick]").focus()
    page.keyboard.press("Enter")

    expect(window).not_to_be_visible()
    expect(page.locator("[name=photos-0-library]")).to_have_value(str(held.pk))
    expect(page.locator("[name=photos-0-library]")).to_be_focused()
    expect(page.locator("[name=photos-0-alt_ko]")).to_have_value("새 교실")
    expect(page.locator("[name=photos-0-licence]")).to_have_value("3")
    page.fill("[name=photos-0-caption_ko]", "내가 쓴 설명")
    page.click("[name=_save]")
    expect(page.locator(".messagelist")).to_be_visible()
    photo = Photo.objects.get()
    assert (photo.image.name, photo.credit) == (held.image.name, "ODA 사무소")
    assert (photo.caption_ko, photo.caption_en) == ("내가 쓴 설명", "School")
    assert complaints == []


@pytest.mark.thorough
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_its_pages_hold_for_everybody(
    page: Page, sign_in: SignIn, complaints: list[str], width: int
):
    sign_in(factories.StaffFactory())
    picture, document = held_picture(credit="ODA 사무소"), held_document()
    held_picture(alt_en="", name="아주_긴_이름_" * 10)
    actions.add_version(document, document_file(), note="표를 고침", by=None)  # type: ignore[arg-type]
    factories.PhotoFactory(image=picture.image.name)
    page.set_viewport_size({"width": width, "height": 900})

    for address in (
        reverse("admin:library_picture_changelist"),
        reverse("admin:library_picture_changelist") + "?layout=list",
        reverse("admin:library_picture_change", args=[picture.pk]),
        reverse("admin:library_picture_replace", args=[picture.pk]),
        reverse("admin:library_picture_delete", args=[picture.pk]),
        reverse("admin:library_picture_choose"),
        reverse("admin:library_picture_add"),
        reverse("admin:library_document_changelist"),
        reverse("admin:library_document_change", args=[document.pk]),
        reverse("admin:library_document_version", args=[document.pk]),
        reverse("admin:library_document_choose"),
    ):
        page.goto(address)
        assert violations(page, RULES) == [], address
    assert complaints == []
