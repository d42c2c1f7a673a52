"""How much each page asks of the database and of the line: the same with one row and with many."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from oda_portal.styles import build_stylesheet
from tests.factories import (
    CallFactory,
    ConditionFactory,
    OfficeFactory,
    OpeningFactory,
    ProgramFactory,
    QuestionFactory,
    RequiredDocumentFactory,
)
from tests.volunteers.applicants import address, person, written
from volunteers.forms import STEPS
from volunteers.models import Application, Call, Opening

pytestmark = pytest.mark.django_db

LIST, DETAIL, STEP = 8, 20, 12
HEAVIEST = 75_000
MANY = 12


def call_with(count: int) -> Call:
    call = CallFactory(max_choices=5)
    for number in range(count):
        OpeningFactory(call=call, mode=Opening.Mode.FIRST_COME if number % 2 else "selected")
        ConditionFactory(call=call)
        QuestionFactory(call=call, is_required=False)
        RequiredDocumentFactory(call=call, is_required=False)
    return call


def draft_of(call: Call, client: Client) -> Application:
    user = person()
    client.force_login(user)
    return written(call, call.openings.first(), user=user)


def pages_of(application: Application) -> Iterator[str]:
    yield from (address("apply_step", application.call, step) for step in STEPS)
    yield address("apply_send", application.call)


def queries(client: Client, path: str) -> int:
    """Without the tables of sessions and cache, which in production are in Redis."""
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    asked = [query["sql"] for query in found if query["sql"].startswith("SELECT")]
    return sum("django_session" not in sql and 'cache"' not in sql for sql in asked)


@pytest.mark.thorough
def test_each_step_asks_as_often_for_many_openings_and_questions_as_for_one(client: Client):
    OfficeFactory()
    counts = []
    for count in (1, MANY):
        paths = pages_of(draft_of(call_with(count), client))
        counts.append([(queries(client, path), queries(client, path))[1] for path in paths])

    assert counts[0] == counts[1]
    assert max(counts[0]) <= STEP, dict(zip([*STEPS, "send"], counts[0], strict=True))


def test_each_step_weighs_little(client: Client):
    OfficeFactory()
    style = len(gzip.compress(build_stylesheet().read_bytes()))
    folder = settings.BASE_DIR / "static" / "js"
    scripts = sum(
        len(gzip.compress((folder / f"{name}.js").read_bytes()))
        for name in ("portal", "session", "apply")
    )
    sizes = {
        path: len(gzip.compress(client.get(path).content)) + style + scripts
        for path in pages_of(draft_of(call_with(MANY), client))
    }

    assert {path: size for path, size in sizes.items() if size > HEAVIEST} == {}


@pytest.mark.thorough
def test_lists_of_calls_and_rounds_ask_as_often_for_many_as_for_one(
    client: Client, uncached_queries
):
    OfficeFactory()
    paths = ("/volunteers/", "/volunteers/calls/", "/volunteers/rounds/")
    counts = []
    for count in (1, MANY):
        for number in range(count):
            call_with(1)
            CallFactory(closes_at="2020-01-02T00:00Z", opens_at="2020-01-01T00:00Z")
            CallFactory(closes_at="2120-01-02T00:00Z", opens_at="2120-01-01T00:00Z")
            ProgramFactory(kind="volunteer", edition=count * 100 + number)
        counts.append([uncached_queries(client, path) for path in paths])

    assert counts[0] == counts[1]
    assert max(counts[0]) <= LIST, dict(zip(paths, counts[0], strict=True))


def test_page_of_a_call_asks_as_often_for_many_openings_as_for_one(
    client: Client, uncached_queries
):
    OfficeFactory()
    counts = [uncached_queries(client, call_with(count).get_absolute_url()) for count in (1, MANY)]

    assert counts[0] == counts[1] <= DETAIL


@pytest.mark.thorough
def test_page_of_an_application_and_the_list_of_them_ask_little(client: Client):
    OfficeFactory()
    counts = []
    for count in (1, MANY):
        application = draft_of(call_with(count), client)
        paths = (application.get_absolute_url(), "/volunteers/mine/")
        counts.append([(queries(client, path), queries(client, path))[1] for path in paths])

    assert counts[0] == counts[1]
    assert counts[0][0] <= DETAIL
    assert counts[0][1] <= STEP
