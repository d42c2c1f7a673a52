"""What the portal writes into its logs, as its own settings make them."""

from __future__ import annotations

import io
import json
import logging
import logging.config
import time
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.utils.log import DEFAULT_LOGGING

from oda_portal.logs import without_secrets

TOKEN = "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4"
SECRETS = [
    f"/mail/{TOKEN}/",
    f"/en/mail/{TOKEN}/",
    f"/en/previews/{TOKEN}/at/news/",
    "/en/contact/K7MP-4XQ2-9RTD/",
    "/contact/k7mp-4xq2-9rtd/",
    f"/mail/subscriptions/6f9619ff-8b86-d011-b42d-00cf4fc964ff/{TOKEN}/leave/",
    "/accounts/password/reset/key/1-abc123-0123456789abcdef/",
    "/zh-hans/accounts/confirm-email/MQ:1abcde:Sig_nature-1/",
]


@pytest.fixture(params=["json", "plain"])
def written(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """The console of the portal's own logging, in either of its formats."""
    console = {**settings.LOGGING["handlers"]["console"], "formatter": request.param}
    logging.config.dictConfig({**settings.LOGGING, "handlers": {"console": console}})
    (handler,) = logging.getLogger("django").handlers
    root = logging.getLogger().handlers[0]
    text = io.StringIO()
    handler.setStream(text)
    root.setStream(text)
    yield text
    logging.getLogger().removeHandler(root)
    logging.config.dictConfig(DEFAULT_LOGGING)
    logging.config.dictConfig(settings.LOGGING)


@pytest.mark.django_db
@pytest.mark.parametrize("path", [path for path in SECRETS if "reset" not in path])
def test_an_address_that_opens_something_is_not_in_the_log_of_its_failure(
    client: Client, written: io.StringIO, path: str
):
    client.get(f"{path}nothing-there/?q=hong-gildong")

    assert "Not Found" in written.getvalue()
    for secret in (TOKEN, "0123456789abcdef", "Sig_nature", "9RTD", "9rtd", "hong-gildong"):
        assert secret not in written.getvalue()


@pytest.mark.parametrize(
    "name", ["django.security.csrf", "django.request", "oda_portal.x", "celery"]
)
@pytest.mark.parametrize("path", SECRETS)
def test_no_logger_lets_a_secret_through_in_its_words_or_its_traceback(
    written: io.StringIO, name: str, path: str
):
    try:
        raise ValueError(f"no such page: {path}?next=/x/&q=hong")
    except ValueError:
        logging.getLogger(name).exception("Forbidden (%s): %s", path, {"at": f"{path}?q=hong"})

    said = written.getvalue()
    assert "Forbidden (" in said
    assert "ValueError: no such page" in said
    for secret in (TOKEN, "0123456789abcdef", "Sig_nature", "hong"):
        assert secret not in said
    if said.startswith("{"):
        assert json.loads(said)["logger"] == name


@pytest.mark.parametrize("before", ["a" * 200, "%ED%99%8D", "010 1234 5678.", "…"])
def test_an_address_is_found_behind_whatever_stands_before_it(before: str):
    assert "hong" not in without_secrets(f"/x/{before}hong@example.org")


@pytest.mark.parametrize("letters", ["a", "1-", "a@", "a."])
def test_a_long_word_takes_no_longer_than_many_short_ones(letters: str):
    begun = time.process_time()
    without_secrets(letters * (100_000 // len(letters)))

    assert time.process_time() - begun < 2


def test_what_is_no_secret_stays(written: io.StringIO):
    logging.getLogger("django.request").error("/programs/ODA-1/ File oda_portal/mail/delivery.py")

    assert "/programs/ODA-1/ File oda_portal/mail/delivery.py" in written.getvalue()
