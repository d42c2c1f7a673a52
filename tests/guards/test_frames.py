"""Previews may be framed, by the portal alone; nothing else may be framed by anybody."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.doors import sign_in_staff
from tests.factories import OfficeFactory, StaffFactory
from tests.guards.addresses import own_paths
from tests.previewing.test_links import a_draft, given, look
from tests.test_pages_in_general import public_paths

PREVIEW = "/en/admin/mail/mailtemplate/preview/"
LETTER = {
    "kind": "staff_mail_failed",
    "language": "en",
    "subject": "Mail",
    "body": "{failed} failed.",
}


def policy(answer) -> dict[str, str]:  # type: ignore[no-untyped-def]
    said = answer.headers["Content-Security-Policy"].split(";")
    parts = (part.strip().partition(" ") for part in said)
    return {name: sources for name, _space, sources in parts}


@pytest.mark.django_db
def test_nothing_that_everybody_or_one_person_sees_is_framed_or_frames(client: Client):
    """The pages of the back office: test_back_office.py."""
    answers = {path: Client().get(path) for path in public_paths()}
    answers |= {path: client.get(path) for path in own_paths(client).values()}
    rules = {path: policy(answer) for path, answer in answers.items()}

    assert len(rules) > 100
    assert {path for path, rule in rules.items() if rule["frame-ancestors"] != "'none'"} == set()
    assert {path for path, rule in rules.items() if "frame-src" in rule} == set()


@pytest.mark.django_db
def test_a_preview_is_what_may_be_framed(client: Client):
    OfficeFactory()
    sign_in_staff(client, StaffFactory())

    assert policy(look(Client(), given(client, a_draft())))["frame-ancestors"] == "'self'"


@pytest.mark.django_db
def test_a_letter_is_shown_in_a_frame_that_needs_no_rule(client: Client):
    OfficeFactory()
    sign_in_staff(client, StaffFactory())

    answer = client.post(PREVIEW, LETTER)

    assert "srcdoc=" in answer.content.decode()
    assert "frame-src" not in policy(answer)
