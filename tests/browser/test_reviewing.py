"""A reviewer's pages and the ranking in a real browser: by keyboard, on a phone, for axe."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Page

from oda_portal.accounts.models import User
from oda_portal.reviews import actions
from oda_portal.reviews.models import Review, Rubric
from tests.axe import violations
from tests.doors import sign_in_staff
from tests.factories import OfficeFactory, StaffFactory
from tests.html_checker import errors
from tests.reviews.rounds import (
    a_stage,
    assigned,
    marks,
    page_of,
    reviewed,
    reviewer,
    subjects,
    typed,
)
from volunteers.models import Application

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LANGUAGES = ("ko", "en", "zh-hans")
WIDTHS = (1280, 390, 320)

SignIn = Callable[[User], None]


def some_work(user: User) -> tuple[Rubric, list[Review]]:
    """One to do, one begun, one done, with something to read."""
    OfficeFactory()
    rubric = a_stage(3)
    Application.objects.update(motivation="아이들에게 음악을 가르치고 싶습니다. " * 5)
    reviews = [assigned(rubric, user, subject) for subject in subjects(rubric)]
    actions.save_scores(reviews[1], marks(rubric, 3, None, None), by=user)
    actions.submit(reviews[2], marks(rubric, 3, 4, 5), comment="차분하다", by=user)
    return rubric, reviews


def faults(page: Page, *, colours: bool = True) -> list[str]:
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if width != WIDTHS[-1]:
            found += [f"{width} px: {each}" for each in violations(page, colours=colours)]
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            found.append(f"{width} px: is {wide} px wide")
    return found


@pytest.mark.thorough
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reviewers_pages_are_clean_for_axe(
    page: Page, sign_in: SignIn, language: str, complaints: list[str]
):
    user = reviewer()
    _rubric, reviews = some_work(user)
    sign_in(user)
    with translation.override(language):
        urls = [reverse("reviews:review_list")]
    urls += [page_of(review, language=language) for review in reviews]
    found = {}

    for url in urls:
        page.goto(url)
        found[url] = faults(page, colours=language == "ko")
    page.goto(urls[1])
    with page.expect_navigation():
        page.locator("main [name=submit]").click()
    assert page.locator(".error-summary").evaluate("box => box === document.activeElement")
    found["with errors"] = faults(page, colours=language == "ko")

    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    # The one answer with errors is what the browser has to say.
    assert [one for one in complaints if "422" not in one] == []


def test_a_review_is_written_by_keyboard_without_script(
    page: Page, live_server, sign_in: SignIn, chromium
):
    user = reviewer()
    rubric, reviews = some_work(user)
    sign_in(user)
    context = chromium.new_context(
        base_url=live_server.url, viewport={"width": 390, "height": 844}, java_script_enabled=False
    )
    context.add_cookies(page.context.cookies())
    phone = context.new_page()
    phone.goto(page_of(reviews[0]))

    def go_to(selector: str) -> None:
        control = phone.locator(selector).first
        for _press in range(60):
            if control.evaluate("control => control === document.activeElement"):
                return
            phone.keyboard.press("Tab")
        raise AssertionError(selector)

    for criterion in rubric.criteria.all():
        go_to(f"[name=score_{criterion.pk}]")
        phone.keyboard.press("Space")
        phone.keyboard.press("ArrowRight")
        phone.keyboard.press("ArrowRight")
    go_to("[name=comment]")
    phone.keyboard.type("잘 썼습니다.")
    go_to("[name=submit]")
    with phone.expect_navigation():
        phone.keyboard.press("Enter")

    review = Review.objects.get(pk=reviews[0].pk)
    assert (review.state, review.comment) == ("submitted", "잘 썼습니다.")
    assert [score.value for score in review.scores.all()] == [2, 2, 2]
    context.close()


@pytest.mark.thorough
def test_the_ranking_and_assigning_are_clean_for_axe(
    page: Page, sign_in: SignIn, complaints: list[str]
):
    OfficeFactory()
    rubric = a_stage(2)
    for scores in ((5, 5, 5), (1, 0, 2)):
        reviewed(rubric, subjects(rubric)[0], *scores)
    sign_in(StaffFactory())
    found = {}

    for name in ("ranking", "assign", "change"):
        complaints.clear()  # axe itself sets styles, which the policy refuses
        page.goto(reverse(f"admin:reviews_rubric_{name}", args=[rubric.pk]))
        assert complaints == []
        found[name] = violations(page)

    assert {name: wrong for name, wrong in found.items() if wrong} == {}


# --- as it is sent --------------------------------------------------------------------------------


def bodies(user: User) -> Iterator[tuple[str, bytes]]:
    client = Client()
    rubric, reviews = some_work(user)
    sign_in_staff(client, user)
    for language in LANGUAGES:
        for number, review in enumerate(reviews):
            url = page_of(review, language=language)
            yield f"{language} {number}", client.get(url).content
            yield f"{language} {number} errors", client.post(url, {"submit": "1"}).content
    yield "list", client.get(reverse("reviews:review_list")).content
    sign_in_staff(client, StaffFactory())
    reviewed(rubric, subjects(rubric)[2], 1, 1, 1)
    for name in ("ranking", "assign"):
        url = reverse(f"admin:reviews_rubric_{name}", args=[rubric.pk])
        yield name, client.get(url).content
    chosen = {**typed(rubric, 1, 1, 1), "reviewers": [reviewer().pk]}
    yield "plan", client.post(url, chosen).content


@pytest.mark.thorough
@pytest.mark.skipif("VNU_JAR" not in os.environ, reason="./runtests brings the HTML checker")
def test_the_pages_are_valid_html(tmp_path: Path):
    folder = tmp_path / "pages"
    folder.mkdir()
    for name, body in bodies(reviewer()):
        assert b"<h1" in body, name
        (folder / f"{quote(name)}.html").write_bytes(body)

    assert errors(folder) == {}
