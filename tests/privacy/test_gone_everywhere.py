"""A person with everything is destroyed, and then looked for in every place there is."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from oda_portal.celery import app
from oda_portal.mail.models import Message
from oda_portal.privacy import registry
from oda_portal.privacy.closing import close_account
from oda_portal.publishing.freshness import LIFETIME
from oda_portal.search.models import SearchEntry
from tests.privacy.everything import NEEDLES, everything
from tests.privacy.searching import (
    found_behind_ciphers,
    found_in_files,
    found_in_redis,
    found_in_tables,
)

pytestmark = pytest.mark.django_db

# What is given out of staff's own work and of files is said in other tests.
NOT_OF_A_PERSON = {
    "accounts.user", "certificates.batch", "jobs.job", "news.sent_article", "previews",
    "privacy.hold", "reviews.review", "spreadsheets.import",
}  # fmt: skip


def kinds_that_somebody_has(user) -> set[str]:
    return {
        entry.key
        for entry in registry.registered()
        if entry.of is not None and entry.of(user).exists()
    }


def test_the_person_has_a_row_of_every_kind_and_is_found_by_every_word(client: Client):
    user = everything(client)

    has = kinds_that_somebody_has(user)
    known = {entry.key for entry in registry.registered() if entry.of is not None}

    assert known - has - NOT_OF_A_PERSON == set()
    found = found_in_tables(NEEDLES) | found_behind_ciphers(NEEDLES) | found_in_files(NEEDLES)
    assert {line.rsplit(": ", 1)[1] for line in found} == set(NEEDLES)


def test_afterwards_nothing_of_them_is_anywhere(
    client: Client, caplog, django_capture_on_commit_callbacks
):
    user = everything(client)
    caplog.clear()

    with django_capture_on_commit_callbacks(execute=True):
        assert close_account(user)
    # The farewell waits to be sent, and then goes by itself.
    Message.objects.filter(kind="account_closed").delete()

    assert found_in_tables(NEEDLES) == set()
    assert found_behind_ciphers(NEEDLES) == set()
    assert found_in_files(NEEDLES) == set()
    assert {
        key: left for key, left in found_in_redis(NEEDLES).items() if left > LIFETIME.seconds
    } == {}
    assert [word for word in NEEDLES if word in caplog.text] == []
    assert not SearchEntry.objects.filter(model="volunteers.story").exists()


@pytest.mark.skipif(not settings.REDIS_URL, reason="without Redis tasks lie in a folder")
def test_what_waits_in_the_queue_is_looked_through():
    with app.connection_for_write() as connection:
        queue = connection.SimpleQueue("looked-through")
        queue.put({"args": ["Nobody Kim"]})
        found = found_in_redis(["nobody kim"])
        queue.clear()
        queue.close()

    assert list(found) == ["looked-through"]
    assert found_in_redis(["nobody kim"]) == {}
