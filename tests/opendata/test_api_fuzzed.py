"""The API is asked what its document allows and what it does not, by schemathesis."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import count
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import APIOperation, GenerationMode
from schemathesis.specs.openapi.schemas import OpenApiSchema

from tests.factories import ArticleFactory, CityFactory, OrganisationFactory, ProgramFactory

pytestmark = pytest.mark.django_db

# Of the moments of RFC 3339 those that there are: no leap seconds, no year 0.
schemathesis.openapi.format(
    "date-time",
    st.datetimes(timezones=st.just(None)).map(lambda moment: f"{moment.isoformat()}Z"),
)
schemathesis.openapi.format("date", st.dates().map(str))


class Strangers:
    """The portal as a WSGI application that each request comes to from another address."""

    def __init__(self) -> None:
        self.portal = get_wsgi_application()
        self.addresses = (f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}" for n in count(1))

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ["REMOTE_ADDR"] = next(self.addresses)
        environ.pop("HTTP_ACCEPT_ENCODING", None)  # the client that asks cannot unpack
        return self.portal(environ, start_response)


@pytest.fixture
def one_connection() -> Iterator[None]:
    """A request through WSGI would close the connection that the test's transaction is on."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def asked(db: None, one_connection: None) -> OpenApiSchema:
    ProgramFactory(code="course")
    CityFactory(slug="hue")
    OrganisationFactory()
    ArticleFactory()
    return schemathesis.openapi.from_wsgi("/data/api/v1/openapi.json?lang=en", Strangers())


def ask(operation: APIOperation, *, examples: int) -> None:
    """What the document allows must be answered as it says; what it does not must be refused."""
    for mode in GenerationMode:

        @settings(
            max_examples=examples,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def answers(case: schemathesis.Case) -> None:
            case.call_and_validate()

        with suppress(Unsatisfiable):  # where every value is allowed there is no wrong one
            answers()


def operations(asked: OpenApiSchema) -> dict[str, APIOperation]:
    return {found.ok().path: found.ok() for found in asked.get_all_operations()}


@pytest.mark.thorough
@pytest.mark.parametrize("path", ["/", "/programmes/", "/programmes/{code}/", "/codes/themes/"])
def test_api_answers_whatever_it_is_asked(asked: OpenApiSchema, path: str):
    ask(operations(asked)[path], examples=12)


@pytest.mark.thorough
def test_every_address_of_the_api_answers_whatever_it_is_asked(asked: OpenApiSchema):
    for path, operation in operations(asked).items():
        if not path.startswith("/codes/") or path == "/codes/themes/":  # they are all alike
            ask(operation, examples=10)
