"""Somebody at work in a browser, by the words that stand on the pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group
from django.utils import translation
from django.utils.translation import gettext, pgettext
from playwright.sync_api import Page, expect

from oda_portal.accounts.models import User
from oda_portal.accounts.roles import set_up_roles
from tests import factories
from tests.axe import RULES as PUBLIC_RULES
from tests.axe import violations

# Django's own lists have links closer together than the portal's pages may.
RULES = [rules for rules in PUBLIC_RULES if rules != "wcag22aa"]
WIDTHS = (390, 1280)
# A colour that is still fading in is not yet the one that is read.
STANDS_STILL = """() => Promise.allSettled(document.getAnimations()
  .filter(moving => moving.playState === "running"
    && moving.effect.getComputedTiming().endTime !== Infinity)
  .map(moving => moving.finished))"""
EMPTY = {"title_en": "", "title_zh_hans": "", "summary_en": "", "summary_zh_hans": ""}


def ko(words: str, context: str = "", **values: object) -> str:
    """The words as they stand on a Korean page."""
    with translation.override("ko"):
        found = pgettext(context, words) if context else gettext(words)
    return found % values if values else found


@dataclass
class Desk:
    """Somebody at a browser."""

    page: Page

    # --- what they do -------------------------------------------------------------------------

    def go(self, path: str) -> None:
        self.page.goto(path)

    def follow(self, name: str, *, inside: Any = None) -> None:
        with self.page.expect_navigation():
            (inside or self.page).get_by_role("link", name=name, exact=True).click()

    def follow_first(self, beginning: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=beginning).first.click()

    def press(self, name: str, *, inside: Any = None) -> None:
        with self.page.expect_navigation():
            (inside or self.page).get_by_role("button", name=name, exact=True).click()

    def write(self, label: str, text: str, *, inside: Any = None) -> None:
        """The record's own fields come first, then those of the rows below it."""
        # The two boxes of a time are named by their field first, and by what each is for at last.
        name = re.compile(f"{re.escape(label)}$") if inside else label
        (inside or self.page).get_by_role("textbox", name=name).first.fill(text)

    @contextmanager
    def opening(self, name: str) -> Iterator[Desk]:
        """What the button opens in another tab."""
        with self.page.context.expect_page() as opened:
            self.page.get_by_role("button", name=name, exact=True).click()
        yield Desk(opened.value)

    # --- what they see ------------------------------------------------------------------------

    @property
    def main(self) -> Any:
        return self.page.get_by_role("main")

    def reads(self, *sentences: str) -> None:
        for sentence in sentences:
            expect(self.main).to_contain_text(sentence)

    def looks(self, *, at: str = "") -> None:
        """At the page: it holds for everybody, on a desk and on a phone."""
        if at:
            expect(self.page.get_by_role("heading", level=1)).to_have_text(at)
        # Behind another tab nothing moves on, so what fades in would never be there.
        self.page.bring_to_front()
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.evaluate(STANDS_STILL)
            found = violations(self.page, RULES)
            assert not found, (self.page.url, width, found)
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, (self.page.url, wide)


Comes = Callable[..., Desk]


def member(role: str, name: str) -> User:
    set_up_roles()
    user = factories.StaffFactory(is_superuser=False, name=name)
    user.groups.set(Group.objects.filter(name=role))
    return user
