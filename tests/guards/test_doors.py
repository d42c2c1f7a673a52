"""What holds for every address: tokens, looking that changes nothing, names nobody can guess."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from forums.models import Registration, Submission, registrations, submissions
from oda_portal.certificates import numbers
from oda_portal.pages.models import Inquiry, inquiries
from oda_portal.publishing.freshness import caches
from tests.factories import UserFactory
from tests.guards.addresses import addresses
from tests.guards.writing import CACHES, written
from tests.test_pages_in_general import public_paths
from volunteers.models import applications

# Who clicks in a mail program has no cookie of ours; the address itself is signed.
WITHOUT_TOKEN = {"subscribing:leave"}
# Made by the device at the door, which sends what was not answered again; no address holds it.
MADE_ELSEWHERE = {"forums.Arrival.key"}


@pytest.mark.django_db
def test_only_what_is_named_here_takes_a_post_without_a_token(client: Client):
    exempt = {
        name
        for name, _asks_for, callback in addresses(get_resolver())
        if getattr(callback, "csrf_exempt", False)
    }

    # The API takes no POST at all.
    assert {name for name in exempt if not name.startswith("api:")} == WITHOUT_TOKEN
    assert client.post("/data/api/v1/").status_code == 405
    assert client.post("/data/api/v1/programs/").status_code == 405


@pytest.mark.django_db
def test_looking_writes_nothing(client: Client):
    paths = public_paths()
    caches["pages"].clear()

    with CaptureQueriesContext(connection) as queries:
        codes = {client.get(path).status_code for path in paths}

    assert codes <= {200, 301, 302}
    assert len(queries) > len(paths)
    assert written(queries, *CACHES) == set()


@pytest.mark.django_db
def test_what_is_written_would_be_seen():
    with CaptureQueriesContext(connection) as queries:
        user = UserFactory()
        user.delete()

    assert "accounts_user" in written(queries)


def test_identifiers_of_persons_things_are_random():
    fields = {
        f"{model._meta.label}.{field.name}": field
        for model in apps.get_models()
        for field in model._meta.fields
        if isinstance(field, models.UUIDField)
    }
    made = {name: field.get_default() for name, field in fields.items() if field.has_default()}

    assert {"volunteers.Application.uuid", "news.Subscription.key"} <= set(made)
    assert {each.version for each in made.values()} == {4}
    assert set(fields) - set(made) == MADE_ELSEWHERE


@pytest.mark.parametrize(
    ("new", "drawn"),
    [
        (applications.new_receipt, 10),
        (submissions.new_receipt, 10),
        (inquiries.new_receipt, 12),
        (registrations.new_number, 8),
        (numbers.new_number, 11),
    ],
)
def test_receipts_and_numbers_do_not_follow_each_other(new: Callable[[], str], drawn: int):
    made = [new().replace("-", "") for _number in range(200)]

    assert len(set(made)) == 200
    # Each sign is drawn by itself: none counts, and none says what came before.
    assert min(len({number[place] for number in made}) for place in range(drawn)) > 20


def test_receipts_are_made_by_nothing_else():
    made = {Submission: submissions.new_receipt, Inquiry: inquiries.new_receipt}

    assert {model: model._meta.get_field("receipt").default for model in made} == made
    assert Registration._meta.get_field("number").default is registrations.new_number
