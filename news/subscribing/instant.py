"""Mails that go out at once: one for each article, to everybody who asked for such.

How far it has come stands in the row of the announcement, and moves in the transaction of the
mails: whoever goes on after a crash begins there.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from ..models import Announcement, Article, Delivery, Subscription
from ..models.subscriptions import Pace
from . import mails
from .matching import Facets, facets_of_articles, facets_wanted, is_about

HANDFUL = 200


def send_due() -> int:
    """Queue what is to go out at once; how many mails."""
    waiting = Announcement.objects.filter(is_news=True, done_at=None).order_by("pk")
    public = waiting.filter(article__in=Article.objects.published())
    return sum(_send(pk) for pk in list(public.values_list("pk", flat=True)))


def _send(pk: int) -> int:
    """One announcement, handful after handful."""
    sent = 0
    while (queued := _handful(pk)) is not None:
        sent += queued
    return sent


@transaction.atomic
def _handful(pk: int) -> int | None:
    """How many mails were queued; None when there is nobody left."""
    # Whoever comes second waits here, and goes on where the first one stopped.
    announcement = Announcement.objects.select_for_update().filter(pk=pk, done_at=None).first()
    if announcement is None:
        return None
    articles = Article.objects.published().filter(pk=announcement.article_id)
    if (article := articles.for_lists().first()) is None:  # taken down meanwhile
        return None
    readers = _next_readers(announcement)
    if not readers:
        announcement.done_at = timezone.now()
        announcement.save(update_fields=["done_at"])
        return None
    queued = _queue(article, readers, facets_of_articles(articles)[article.pk])
    announcement.reached = readers[-1].pk
    announcement.save(update_fields=["reached"])
    return queued


def _next_readers(announcement: Announcement) -> list[Subscription]:
    """Held, so that nobody ends a subscription between the question and the mail."""
    rows = Subscription.objects.active().filter(
        pace=Pace.INSTANT,
        pk__gt=announcement.reached,
        confirmed_at__lte=announcement.public_at,
    )
    return list(rows.select_for_update().order_by("pk")[:HANDFUL])


def _queue(article: Article, readers: list[Subscription], facets: Facets) -> int:
    wanted = facets_wanted(readers)
    told = set(
        Delivery.objects.filter(article=article, subscription__in=readers).values_list(
            "subscription", flat=True
        )
    )
    rows = [
        Delivery(subscription=reader, article=article, message=mails.item(reader, article))
        for reader in readers
        if reader.pk not in told and is_about(wanted[reader.pk], facets)
    ]
    Delivery.objects.bulk_create(rows)
    return len(rows)
