"""Runs that are killed, and runs at once: one mail for each person and item all the same."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction
from django.db.models import Count
from django.utils import timezone

from news.models import Announcement, Delivery, Subscription
from news.models.subscriptions import CONSENT_LASTS, State
from news.subscribing import actions, announcing, digests, instant
from oda_portal.mail.models import Message
from tests.factories import ArticleFactory
from tests.faults.line import line
from tests.news.subscribers import subscriber
from tests.processes import ROOT, database_url

on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="another process needs the database of the test"
)
RUNS = {
    "weekly": "from news.subscribing.digests import send_due; send_due()",
    "instant": "from news.subscribing.instant import send_due; send_due()",
}


@pytest.fixture(autouse=True)
def _content_types():  # type: ignore[no-untyped-def]
    """Numbers of models change from test to test; nobody may remember those of the last."""
    ContentType.objects.clear_cache()


def many(number: int, pace: str) -> None:
    """Active for two weeks, with two items that each of them wants."""
    since = timezone.now() - timedelta(days=14)
    Subscription.objects.bulk_create(
        Subscription(
            email=f"reader{n}@example.org", language="en", pace=pace, state=State.ACTIVE,
            asked_at=since, confirmed_at=since, covered_until=since,
            reconfirm_by=since + CONSENT_LASTS,
        )
        for n in range(number)
    )  # fmt: skip
    for _number in range(2):
        ArticleFactory()
    announcing.notice()
    # Public since eight days ago: told by whichever weekly mail comes next.
    early = timezone.now() - timedelta(days=8)
    Announcement.objects.update(public_at=early, noticed_at=early)


def mails_each() -> set[int]:
    return set(
        Message.objects.order_by().values("to").annotate(n=Count("pk")).values_list("n", flat=True)
    )


def run_elsewhere(pace: str) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "REDIS_URL": settings.REDIS_URL,
        "SECRET_KEY": settings.SECRET_KEY,
        "FIELD_KEYS": ",".join(settings.FIELD_KEYS),
        "STATIC_FROM_FINDERS": "true",
        "DJANGO_SETTINGS_MODULE": "oda_portal.settings",
    }
    code = f"import django; django.setup(); {RUNS[pace]}"
    return subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment)


@pytest.mark.thorough
@on_postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("pace", "each"), [("weekly", 1), ("instant", 2)])
def test_a_run_that_is_killed_is_gone_on_with_and_nobody_gets_anything_twice(pace: str, each: int):
    many(1500, pace)
    process = run_elsewhere(pace)
    until = time.monotonic() + 60
    while not Message.objects.exists() and process.poll() is None:
        assert time.monotonic() < until
        time.sleep(0.005)
    process.kill()
    process.wait(timeout=10)
    written = Message.objects.count()
    print(f"killed after {written} of {1500 * each} mails")
    assert 0 < written < 1500 * each

    again = run_elsewhere(pace)
    assert again.wait(timeout=120) == 0

    more = Message.objects.count() - 1500 * each
    print(line(f"{pace} news killed", 1500 * each, lost=max(-more, 0), repeated=more, errors=1))
    assert Message.objects.count() == 1500 * each
    assert mails_each() == {each}
    assert Delivery.objects.count() == 3000


@pytest.mark.django_db(transaction=True)
@on_postgresql
@pytest.mark.parametrize(
    ("pace", "run", "each"), [("weekly", digests.send_due, 1), ("instant", instant.send_due, 2)]
)
def test_two_workers_at_once_share_the_work(pace: str, run, each: int):
    many(400, pace)
    start = Barrier(4)

    def work(_number: int) -> int:
        try:
            start.wait(timeout=30)
            return run()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        sent = list(threads.map(work, range(4)))

    print("mails of each", sent)
    assert sum(sent) == 400 * each == Message.objects.count()
    assert mails_each() == {each}
    assert Delivery.objects.count() == 800


@pytest.mark.thorough
@pytest.mark.django_db(transaction=True)
@on_postgresql
def test_whoever_leaves_while_a_run_is_under_way_has_no_mail_left_in_the_outbox():
    many(200, "weekly")
    start = Barrier(2)

    def send() -> None:
        try:
            start.wait(timeout=30)
            digests.send_due()
        finally:
            connection.close()

    def leave() -> None:
        try:
            start.wait(timeout=30)
            for row in Subscription.objects.order_by("pk"):
                actions.end(row, by=None)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(send), threads.submit(leave)]:
            done.result(timeout=120)

    assert not Subscription.objects.active().exists()
    assert not Message.objects.filter(kind="news_digest").exists()
    assert not Delivery.objects.exists()


@pytest.mark.django_db
def test_the_database_refuses_the_same_article_twice():
    row, article = subscriber(), ArticleFactory()
    Delivery.objects.create(subscription=row, article=article)

    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(subscription=row, article=article)
