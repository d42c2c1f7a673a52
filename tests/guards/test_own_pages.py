"""All pages that somebody who is signed in has: kept by nobody, and changed by no look."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from oda_portal.accounts import sessions
from oda_portal.publishing import freshness
from oda_portal.publishing.freshness import is_for_everybody
from tests.factories import ProgramFactory
from tests.guards.addresses import addresses, own_paths
from tests.guards.writing import CACHES, written

pytestmark = pytest.mark.django_db

# What is nothing but a button: its address answers no GET.
BUTTONS = {
    "accounts:stay", "forums:paper_slides_remove", "meetings:item_done", "network:member_leave",
    "network:suggestion_withdraw", "privacy:download", "privacy:request_withdraw",
    "proposals:comment_remove", "proposals:proposal_comment", "proposals:proposal_join",
    "proposals:proposal_leave", "proposals:proposal_submit", "volunteers:answer_question",
    "volunteers:remove_file", "volunteers:reply",
}  # fmt: skip
# The key that a browser is about to make is asked for by what the session keeps; and that the
# recovery codes were seen is what allauth shows them once by.
BESIDE = {"mfa_add_webauthn": {"django_session"}, "mfa_view_recovery_codes": {"mfa_authenticator"}}
# The only pages that may be the same for everybody; a view says of itself that its are.
FOR_EVERYBODY = (
    "home", "sitemap", "security_", "search:opensearch", "pages:site_map", "pages:source_list",
    "pages:page_", "pages:service_", "pages:faq_list", "programs:", "partners:", "network_public:",
    "meetings:meeting_", "forums:programme", "forums:session_", "forums:forum_", "news:article_list",
    "news:article_detail", "volunteers:volunteer_index", "volunteers:call_", "volunteers:round_",
    "feeds:", "gallery:", "api_docs", "iati:", "opendata:", "data_catalogue",
)  # fmt: skip
# No passkey was made: a browser makes them.
NOT_THERE = {"mfa_edit_webauthn", "mfa_remove_webauthn"}


def kept(paths: Iterable[str]) -> list[str]:
    """Those of these pages that the page cache holds, here or near: for who has a session or not."""
    anybody, signed_in = RequestFactory(), RequestFactory()
    signed_in.cookies[settings.SESSION_COOKIE_NAME] = "any"
    asked = [(path, asking.get(path)) for path in paths for asking in (anybody, signed_in)]
    keys = {freshness._key(request): path for path, request in asked}
    near = [path for key, path in keys.items() if key in freshness._near]
    return near + [keys[key] for key in caches["pages"].get_many(list(keys))]


def test_no_page_of_ones_own_says_that_it_is_for_everybody():
    said = {each.name for each in addresses(get_resolver()) if is_for_everybody(each.callback)}

    assert len(said) > 40
    assert {name for name in said if not name.startswith(FOR_EVERYBODY)} == set()


def test_all_that_one_has_is_asked_for(client: Client):
    """Else what is said of all of it below would be said of pages of errors."""
    codes = {name: client.get(path).status_code for name, path in own_paths(client).items()}

    found = {HTTPStatus.OK, HTTPStatus.FOUND}
    assert {
        name for name, code in codes.items() if code == HTTPStatus.METHOD_NOT_ALLOWED
    } == BUTTONS
    assert {name for name, code in codes.items() if code == HTTPStatus.NOT_FOUND} == NOT_THERE
    assert {code for name, code in codes.items() if name not in BUTTONS | NOT_THERE} == found
    assert sum(code == HTTPStatus.OK for code in codes.values()) > 60


@pytest.mark.parametrize("signed_in", [True, False])
def test_what_is_somebodys_own_is_kept_by_nobody(client: Client, signed_in: bool):
    """Whoever asks: an address out of a mail opens for who is not signed in as well."""
    paths = own_paths(client)
    public = ProgramFactory().get_absolute_url()
    asking = client if signed_in else Client()

    rules = {name: asking.get(path).headers["Cache-Control"] for name, path in paths.items()}
    Client().get(public)

    assert {name: rule for name, rule in rules.items() if "no-store" not in rule} == {}
    assert {name: rule for name, rule in rules.items() if "private" not in rule} == {}
    assert kept([*paths.values(), public]) == [public]


def test_looking_at_what_is_ones_own_writes_nothing(client: Client, monkeypatch):
    # However long it takes: that somebody is still there is written once.
    monkeypatch.setattr(sessions, "_WRITE_AFTER", 10**9)
    seen: dict[str, set[str]] = {}
    asked = 0
    for name, path in own_paths(client).items():
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        asked += len(queries)
        seen |= {name: found} if (found := written(queries, *CACHES)) else {}

    assert asked > 500
    assert seen == BESIDE
