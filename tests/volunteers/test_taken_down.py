"""A call is taken down while somebody writes: said in their language, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from oda_portal.publishing.models import Status
from tests.factories import OpeningFactory, RequiredDocumentFactory, StaffFactory
from tests.files.samples import picture, upload
from tests.volunteers.applicants import address, person, sent, written
from volunteers.models import Application, Call

pytestmark = pytest.mark.django_db

LANGUAGES = ("ko", "en", "zh-hans")


def taken_down(call: Call) -> Call:
    assert call.withdraw(by=StaffFactory())
    return call


@pytest.fixture
def draft(client: Client) -> Application:
    opening = OpeningFactory()
    application = written(opening.call, opening)
    client.force_login(application.volunteer.user)
    return application


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_next_step_says_so_in_the_persons_language_and_keeps_what_is_typed(
    client: Client, draft: Application, language: str
):
    path = address("apply_step", draft.call, "experience", language=language)
    base = client.get(path).context["base"]
    taken_down(draft.call)

    response = client.post(path, {"base": base, "experience": "Three years"})

    draft.refresh_from_db()
    assert response.status_code == 410
    assert response.context["title"] in response.content.decode()
    assert response.context["lost"] == []
    assert draft.get_absolute_url() in response.content.decode()
    assert draft.written["experience"]["experience"] == "Three years"
    assert "Three years" in client.get(draft.get_absolute_url()).content.decode()


def test_what_another_window_is_in_the_way_of_stands_on_the_page(
    client: Client, draft: Application
):
    path = address("apply_step", draft.call, "experience", language="en")
    taken_down(draft.call)

    response = client.post(path, {"base": "older", "experience": "Three years"})

    draft.refresh_from_db()
    assert response.status_code == 410
    assert "Three years" in response.content.decode()
    assert draft.written["experience"]["experience"] != "Three years"


def test_what_saves_by_itself_is_told_too(client: Client, draft: Application):
    path = address("apply_step", draft.call, "experience", language="en")
    base = client.get(path).context["base"]
    taken_down(draft.call)
    values = {"base": base, "experience": "Three years"}

    response = client.post(path, values, headers={"X-Requested-With": "autosave"})

    draft.refresh_from_db()
    assert response.status_code == 410
    assert response.json()["said"].startswith("This call has been taken down.")
    assert draft.written["experience"]["experience"] == "Three years"


def test_files_are_not_stored_and_it_is_said(client: Client, draft: Application):
    document = RequiredDocumentFactory(call=draft.call)
    taken_down(draft.call)
    path = address("apply_step", draft.call, "documents", language="en")

    response = client.post(path, {f"document_{document.pk}": upload("a.png", picture("PNG"))})

    assert response.status_code == 410
    assert "were not stored" in response.content.decode()
    assert not draft.files.exists()


PAGES: dict[str, Callable[[Call], str]] = {
    "the form": lambda call: address("apply_step", call, "about"),
    "check and submit": lambda call: address("apply_send", call),
    "begin": lambda call: address("begin", call),
}


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_the_form_says_so_to_its_owner_and_nothing_to_others(
    client: Client, draft: Application, page: str
):
    path = PAGES[page](taken_down(draft.call))
    other = Client()
    other.force_login(person())

    assert client.get(path).status_code == 410
    assert other.get(path).status_code == 404
    assert Client().get(path).status_code == 404


def test_nothing_is_sent_to_a_call_that_was_taken_down(client: Client, draft: Application):
    path = address("apply_send", taken_down(draft.call))

    response = client.post(path)

    draft.refresh_from_db()
    assert response.status_code == 410
    assert (draft.state, draft.receipt) == ("draft", None)


def test_who_has_applied_still_has_their_page_without_what_leads_nowhere(client: Client):
    opening = OpeningFactory()
    application = sent(opening.call, opening)
    client.force_login(application.volunteer.user)
    call = taken_down(opening.call)

    page = client.get(application.get_absolute_url()).content.decode()

    assert application.receipt in page
    assert f'href="{call.get_absolute_url()}"' not in page
    assert "/apply/" not in page


def test_published_again_the_form_goes_on(client: Client, draft: Application):
    call = taken_down(draft.call)
    call.publish(by=StaffFactory())

    assert call.status == Status.PUBLISHED
    assert client.get(address("apply_step", call, "about")).status_code == 200
