"""The number of a request: in its answer, in the log, in what it queued."""

from __future__ import annotations

import io
import json
import logging

import pytest
from django.test import Client

from oda_portal.mail.tasks import deliver
from oda_portal.watching import ids, queue
from oda_portal.watching.watched_task import REQUEST
from tests.test_logs import written  # noqa: F401  (a fixture)

GIVEN = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("proxies", "given", "taken"),
    [
        (1, GIVEN, True),
        (1, GIVEN.upper(), True),
        (1, "6f9619ff-8b86-d011-b42d-00cf4fc964ff", True),
        (0, GIVEN, False),
        (1, "hong-gildong-busan", False),
        (1, GIVEN + "\r\nX: 1", False),
        (1, "abc", False),
        (1, GIVEN * 2, False),
        (1, "", False),
    ],
)
def test_a_number_is_taken_from_a_proxy_if_it_is_one(
    client: Client, settings, proxies: int, given: str, taken: bool
):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies

    answer = client.get("/healthz", HTTP_X_REQUEST_ID=given, HTTP_X_FORWARDED_FOR="203.0.113.7")

    number = answer.headers["X-Request-ID"]
    assert (number == given.lower()) is taken
    assert ids._WELL_FORMED.fullmatch(number)


def test_two_requests_have_two_numbers(client: Client):
    numbers = {client.get("/healthz").headers["X-Request-ID"] for _time in range(3)}

    assert len(numbers) == 3


@pytest.mark.django_db
def test_each_line_about_a_request_has_its_number(client: Client, written: io.StringIO):  # noqa: F811
    numbers = [client.get(path).headers["X-Request-ID"] for path in ("/a-1/", "/a-2/")]

    lines = written.getvalue().splitlines()
    assert len(lines) == 2
    for number, line, path in zip(numbers, lines, ("/a-1/", "/a-2/"), strict=True):
        assert path in line
        assert number in line
        if line.startswith("{"):
            assert json.loads(line)["request"] == number


def test_a_line_outside_of_a_request_says_so(written: io.StringIO):  # noqa: F811
    logging.getLogger("oda_portal.mail").warning("nobody asked")

    line = written.getvalue()
    if line.startswith("{"):
        assert json.loads(line)["request"] == "-"
    else:
        assert " oda_portal.mail -: nobody asked" in line


def test_what_a_request_queues_carries_its_number_and_the_time(monkeypatch):
    """Read where the broker would: in the headers of the message."""
    sent = []
    monkeypatch.setattr(
        "kombu.messaging.Producer.publish", lambda *_args, **more: sent.append(more)
    )
    ids.begin(GIVEN)
    try:
        deliver.apply_async((7,))
    finally:
        ids.begin("")

    (message,) = sent
    assert message["headers"][REQUEST] == GIVEN
    assert isinstance(message["headers"][queue.SENT_AT], float)
