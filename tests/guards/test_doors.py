"""What holds for every address: tokens, looking that changes nothing, names nobody can guess."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from oda_portal.certificates import numbers
from oda_portal.publishing.freshness import caches
from tests.test_pages_in_general import public_paths

# Who clicks in a mail program has no cookie of ours; the address itself is signed.
WITHOUT_TOKEN = {"subscribing:leave"}
# Counting, keeping and signing in: no content.
BESIDE = ("cache", "django_session", "news_", "watching_")


def patterns(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from patterns(entry, inner)
        else:
            yield f"{space}{entry.name}", entry


@pytest.mark.django_db
def test_only_what_is_named_here_takes_a_post_without_a_token(client: Client):
    exempt = {
        name
        for name, entry in patterns(get_resolver())
        if getattr(entry.callback, "csrf_exempt", False)
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

    asked = [query["sql"] for query in queries]
    written = [sql for sql in asked if sql.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert codes <= {200, 301, 302}
    assert len(asked) > len(paths)
    assert [sql for sql in written if not any(f'"{table}' in sql for table in BESIDE)] == []


def test_identifiers_of_persons_things_are_random():
    named = {
        f"{model._meta.label}.{field.name}": field.default
        for model in apps.get_models()
        for field in model._meta.fields
        if field.name == "uuid"
    }

    assert {"volunteers.Application.uuid", "forums.Submission.uuid"} <= set(named)
    assert set(named.values()) == {uuid.uuid4}


def test_numbers_of_certificates_do_not_follow_each_other():
    made = [numbers.new_number() for _number in range(200)]

    assert len(set(made)) == 200
    assert len({number[:4] for number in made}) > 150
