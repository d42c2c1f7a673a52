"""Many workers at the same mails, and one mail that is told by many: each goes out once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oda_portal.mail import delivery
from oda_portal.mail.models import Message
from oda_portal.mail.sole import sole_sender
from tests.factories import OfficeFactory
from tests.mail.examples import a_mail
from tests.mail.server import Keeper, running

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _office() -> None:
    OfficeFactory()


def test_nobody_sends_while_another_does():
    a_mail()

    def try_it() -> bool:
        try:
            with sole_sender() as alone:
                return alone
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        with sole_sender() as alone:
            assert alone
            assert other.submit(try_it).result() is False
        assert other.submit(try_it).result() is True


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite in memory has one writer")
def test_fifty_workers_at_the_same_mails_send_each_once(settings):
    OfficeFactory()
    messages = [a_mail(f"person{number}@example.org") for number in range(5)]

    def work(_number: int) -> None:
        try:
            delivery.run()
        finally:
            connection.close()

    with running(keeper := Keeper(), settings), ThreadPoolExecutor(50) as workers:
        list(workers.map(work, range(50)))

    assert sorted(keeper.ids) == sorted(f"<{message.message_id}@localhost>" for message in messages)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite in memory has one writer")
def test_fifty_takers_of_one_mail_without_the_lock_are_one():
    """The claim by itself decides, should two senders ever believe to be alone."""
    a_mail()

    def take(_number: int) -> int:
        try:
            return len(Message.objects.claim(5))
        finally:
            connection.close()

    with ThreadPoolExecutor(50) as takers:
        assert sum(takers.map(take, range(50))) == 1


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite plans in other words")
def test_a_claim_asks_twice_and_takes_no_longer_the_more_is_queued():
    for number in range(5):
        a_mail(f"person{number}@example.org")

    with CaptureQueriesContext(connection) as asked:
        assert len(Message.objects.claim(5)) == 5

    select, update = (query["sql"] for query in asked.captured_queries)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # the table is as small as a test's
        cursor.execute(f"EXPLAIN {update}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert select.startswith("SELECT")
    assert "Index Cond: (id = ANY" in plan  # of whichever index has the keys
    assert "message_state" not in plan


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite in memory has one writer")
def test_fifty_posts_of_what_is_told_once_write_one_mail():
    def tell(_number: int) -> bool:
        try:
            return a_mail(once="told") is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(50) as tellers:
        told = list(tellers.map(tell, range(50)))

    assert sum(told) == Message.objects.count() == 1
