"""Every page of the application form, as it comes and with errors: for axe, and for the Nu checker."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, Response

from oda_portal.accounts.models import User
from oda_portal.privacy import consent_texts
from tests import factories
from tests.axe import violations
from tests.files.samples import picture, upload
from tests.html_checker import WRONG, errors
from tests.volunteers.applicants import address, answers, person, post_step
from volunteers import actions
from volunteers.forms import STEPS
from volunteers.models import Application, Call, Opening

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LANGUAGES = ("ko", "en", "zh-hans")
WIDE, NARROW, NARROWEST = 1280, 390, 320
CHECK, REVIEW, REFUSED, FILLED = "check", "submit", " with errors", " filled in"


@pytest.fixture
def call() -> Call:
    """With all that a form can have."""
    consent_texts.load(in_force=True)
    factories.OfficeFactory()
    call = factories.OpeningFactory().call
    factories.OpeningFactory(call=call, team=Opening.Team.MEDICAL)
    factories.ConditionFactory(call=call)
    factories.QuestionFactory(call=call, is_required=True)
    factories.RequiredDocumentFactory(call=call, is_required=True)
    factories.RequiredDocumentFactory(call=call, is_required=False)
    return call


@pytest.fixture
def user() -> User:
    return person()


def fill_in(application: Application) -> None:
    """Everything right, a file too; under age, so that a guardian is asked for."""
    call, client = application.call, Client()
    client.force_login(application.volunteer.user)
    for step, values in answers(*call.openings.all()).items():
        question = call.questions.get()
        more = {f"question_{question.pk}": "Because."} if step == "motivation" else {}
        assert post_step(client, call, step, {**values, **more}).status_code == 302
    file = {f"document_{call.documents.first().pk}": upload("a.png", picture("PNG"))}
    assert post_step(client, call, "documents", file).status_code == 302


def addresses(call: Call, language: str) -> dict[str, str]:
    """Each page of the form by its name, in order."""
    steps = {step: address("apply_step", call, step, language=language) for step in STEPS}
    return {
        CHECK: address("check", call, language=language),
        **steps,
        REVIEW: address("apply_send", call, language=language),
    }


# --- in the browser -------------------------------------------------------------------------------


def open_as(page: Page, user: User, url: str) -> None:
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": url}
    page.context.add_cookies([cookie])


def send_empty(page: Page) -> Response:
    with page.expect_navigation() as answer:
        page.locator("main form .btn-go:visible").last.click()
    return answer.value


def states(page: Page, call: Call, language: str) -> Iterator[str]:
    """Brings the browser to each page, and to each again with errors; yields the name."""
    for name, path in addresses(call, language).items():
        page.goto(path)
        yield name
        if name == REVIEW:
            continue  # what is not complete stands on it already
        assert send_empty(page).status == (200 if name == CHECK else 422), name
        assert page.locator(".error-summary").evaluate("box => box === document.activeElement")
        yield name + REFUSED


def look(page: Page, *widths: int, colours: bool = True) -> list[str]:
    """What is wrong with this page at each width."""
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{width} px: {each}" for each in violations(page, colours=colours)]
    page.set_viewport_size({"width": NARROWEST, "height": 900})
    if (wide := page.evaluate("document.documentElement.scrollWidth")) > NARROWEST:
        found.append(f"{NARROWEST} px: is {wide} px wide")
    return found


@pytest.mark.thorough
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_is_clean_for_axe_with_and_without_errors(
    page: Page, live_server, call: Call, user: User, language: str
):
    actions.begin(call, by=user)
    open_as(page, user, live_server.url)

    found = {
        name: look(page, NARROW, WIDE, colours=language == "ko")
        for name in states(page, call, language)
    }

    assert len(found) == 2 * (1 + len(STEPS)) + 1
    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.thorough
def test_the_form_filled_in_and_all_that_follows_is_clean_for_axe(
    page: Page, live_server, call: Call, user: User
):
    application = actions.begin(call, by=user)
    fill_in(application)
    open_as(page, user, live_server.url)
    own = application.get_absolute_url()
    paths = [address("apply_step", call, "documents"), address("apply_send", call), own]
    found = {}

    for path in (*paths, f"{own}withdraw/", "/volunteers/mine/"):
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
        found[path] = look(page, NARROW)

    assert {path: faults for path, faults in found.items() if faults} == {}


# --- as it is sent --------------------------------------------------------------------------------


def bodies(call: Call, user: User) -> Iterator[tuple[str, bytes]]:
    """Each page in each language as it comes, with errors, and filled in."""
    client = Client()
    client.force_login(user)
    for language in LANGUAGES:
        for name, path in addresses(call, language).items():
            yield f"{language} {name}", client.get(path).content
            if name != REVIEW:
                yield f"{language} {name}{REFUSED}", client.post(path).content
    fill_in(Application.objects.get())
    for name, path in addresses(call, "en").items():
        yield f"{name}{FILLED}", client.get(path).content
    yield "own page", client.get(Application.objects.get().get_absolute_url()).content


@pytest.mark.thorough
@pytest.mark.skipif("VNU_JAR" not in os.environ, reason="./runtests brings the HTML checker")
def test_every_step_is_valid_html_with_and_without_errors(call: Call, user: User, tmp_path: Path):
    actions.begin(call, by=user)
    folder = tmp_path / "pages"
    folder.mkdir()
    for name, body in bodies(call, user):
        assert b"<h1" in body, name
        (folder / f"{quote(name)}.html").write_bytes(body)
    # The checker takes seconds to start, so it is asked once: here is what it must find.
    (folder / "wrong.html").write_text(WRONG)

    found = errors(folder)

    assert len(found.pop("wrong.html", [])) == 2
    assert found == {}
