"""Translating in the browser: what is out of date, beside the original, and all of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from oda_portal.accounts.models import User
from oda_portal.translating.models import TranslationState
from oda_portal.translating.states import after_saving, texts_of
from programs.models import Program
from tests import factories
from tests.axe import RULES as PUBLIC_RULES
from tests.axe import violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# The buttons of the editor stand closer together than the portal’s pages may.
RULES = [rules for rules in PUBLIC_RULES if rules != "wcag22aa"]
MATRIX = "/admin/translating/translationstate/"


def a_changed_programme() -> Program:
    factories.OfficeFactory()
    program = factories.ProgramFactory(
        title_ko="항만 안전 연수 과정",
        title_en="Port safety training",
        body_ko="<p>다낭에서 온 공무원 열다섯 명이 부산항을 찾았다.</p>",
        body_en="<p>Fifteen officials from Da Nang visited the Port of Busan.</p>",
        summary_zh_hans="",
    )
    factories.MilestoneFactory(program=program, title_ko="첫 강의", title_en="First lecture")
    before = texts_of(program)
    program.title_ko = "항만 안전 초청 연수"
    program.body_ko = "<p>다낭에서 온 공무원 <strong>열여섯</strong> 명이 부산항을 찾았다.</p>"
    program.save()
    after_saving(before, program, by=factories.StaffFactory(name="김담당"))
    return program


@pytest.mark.thorough
@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("width", [1280, 390])
def test_pages_of_translations_can_be_used_by_everybody(
    page: Page, sign_in: Callable[[User], None], complaints: list[str], width: int, prefix: str
):
    program = a_changed_programme()
    sign_in(factories.StaffFactory())
    page.set_viewport_size({"width": width, "height": 900})
    record = f"{prefix}/admin/programs/program/{program.pk}"

    for address in (
        f"{prefix}{MATRIX}",
        f"{prefix}{MATRIX}?state=outdated",
        f"{record}/translate/en/",
        f"{record}/change/",
    ):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert violations(page, RULES, colours=not prefix) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
    assert complaints == []


@pytest.mark.thorough
def test_a_text_is_translated_in_the_editor(
    page: Page, sign_in: Callable[[User], None], complaints: list[str]
):
    program = a_changed_programme()
    sign_in(factories.StaffFactory())
    page.goto(f"/en/admin/programs/program/{program.pk}/translate/en/")

    editor: Any = page.locator(".pair.is-outdated .tiptap").first
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("Sixteen officials visited the port.")
    page.get_by_label("This translation is still correct").first.check()
    page.get_by_role("button", name="Save").click()
    page.wait_for_selector(".messagelist")

    program.refresh_from_db()
    assert program.body_en == "<p>Sixteen officials visited the port.</p>"
    assert not TranslationState.objects.filter(language="en").exists()
    assert complaints == []
