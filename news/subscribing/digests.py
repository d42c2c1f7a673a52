"""The weekly mail: what became public since the last one, and nothing when there was nothing.

Until when somebody has been told everything stands in their row and moves in the transaction of
the mail: a run that was killed goes on, and two at once share the work.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation

from volunteers.models import Call

from ..models import Article, Delivery, Subscription
from ..models.subscriptions import Pace
from . import mails, wording
from .announcing import notice
from .matching import Facets, facets_of_articles, facets_wanted, is_about

HANDFUL = 100
# Monday at nine in Korea.
WEEKDAY, HOUR = 0, 9
# Further back nobody is told, however long the timer stood still.
LONGEST = timedelta(days=60)
# An article may be written down in the very second in which a run begins; told once it is anyway.
OVERLAP = timedelta(hours=1)


class Item(NamedTuple):
    pk: int
    public_at: datetime
    noticed_at: datetime
    facets: Facets


@dataclass
class Stock:
    """What the mails of one run are made of: read once, however many people there are."""

    ends: datetime
    items: list[Item] = field(default_factory=list)
    articles: dict[int, Article] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    texts: dict[tuple[str, tuple[int, ...]], str] = field(default_factory=dict)

    @classmethod
    def until(cls, ends: datetime) -> Stock:
        stock = cls(ends)
        since = ends - LONGEST
        public = Article.objects.published().for_lists()
        rows = public.filter(
            announcement__is_news=True,
            announcement__noticed_at__gt=since,
            announcement__public_at__lte=ends,
        ).select_related("announcement")
        stock.articles = {article.pk: article for article in rows.newest_first()}
        facets = facets_of_articles(Article.objects.filter(pk__in=stock.articles))
        for pk, article in stock.articles.items():
            noticed = article.announcement
            stock.items.append(Item(pk, noticed.public_at, noticed.noticed_at, facets[pk]))
        stock.calls = list(_open_calls(since, ends))
        return stock

    def still_public(self) -> set[int]:
        return set(
            Article.objects.published().filter(pk__in=self.articles).values_list("pk", flat=True)
        )

    def listed(self, numbers: tuple[int, ...], language: str) -> str:
        """Many people are told the same: their list is put into words once."""
        key = (language, numbers)
        if key not in self.texts:
            if len(self.texts) >= MOST_TEXTS:
                self.texts.clear()
            with translation.override(language):
                self.texts[key] = wording.listed(self.articles[pk] for pk in numbers)
        return self.texts[key]


MOST_TEXTS = 200


def last_end(now: datetime) -> datetime:
    """The last Monday at nine in Korea that is over."""
    local = timezone.localtime(now)
    monday = local - timedelta(days=(local.weekday() - WEEKDAY) % 7)
    ends = monday.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return ends if ends <= local else ends - timedelta(days=7)


def send_due(now: datetime | None = None) -> int:
    """Queue the weekly mails that have not been written yet; how many."""
    now = now or timezone.now()
    ends = last_end(now)
    if not _due(ends).exists():
        return 0
    notice(now)
    stock = Stock.until(ends)
    sent = 0
    while (queued := _handful(stock)) is not None:
        sent += queued
    return sent


@transaction.atomic
def send_one(subscription: Subscription, now: datetime | None = None) -> bool:
    """What the next weekly mail would tell this person, at once; False when it is nothing."""
    now = now or timezone.now()
    notice(now)
    return bool(_queue(Stock.until(now), [subscription]))


def _due(ends: datetime) -> Any:
    """Who gets a weekly mail: also whoever gets the news at once, and calls as promotion."""
    wants = Q(pace=Pace.WEEKLY) | Q(promotion=True)
    return Subscription.objects.active().filter(wants, covered_until__lt=ends)


@transaction.atomic
def _handful(stock: Stock) -> int | None:
    """How many mails were queued; None when there is nobody left whom nobody else has in hand."""
    rows = _due(stock.ends).select_for_update(skip_locked=True).order_by("pk")
    readers = list(rows[:HANDFUL])
    return _queue(stock, readers) if readers else None


def _queue(stock: Stock, readers: list[Subscription]) -> int:
    public, wanted = stock.still_public(), facets_wanted(readers)
    told = set(
        Delivery.objects.filter(subscription__in=readers, article__in=stock.articles).values_list(
            "subscription", "article"
        )
    )
    deliveries: list[Delivery] = []
    queued = 0
    for reader in readers:
        numbers = [
            pk
            for pk in _items(stock, reader, wanted[reader.pk])
            if pk in public and (reader.pk, pk) not in told
        ]
        message = _mail(stock, reader, tuple(numbers))
        if message is not None:
            queued += 1
            deliveries += [
                Delivery(subscription=reader, article_id=pk, message=message) for pk in numbers
            ]
    Delivery.objects.bulk_create(deliveries)
    Subscription.objects.filter(pk__in=[reader.pk for reader in readers]).update(
        covered_until=stock.ends
    )
    return queued


def _items(stock: Stock, reader: Subscription, wanted: Facets) -> Iterator[int]:
    if reader.pace != Pace.WEEKLY:
        return
    since, begun = _since(reader) - OVERLAP, reader.confirmed_at or stock.ends
    for item in stock.items:
        is_new = item.noticed_at > since and item.public_at >= begun
        if is_new and is_about(wanted, item.facets):
            yield item.pk


def _mail(stock: Stock, reader: Subscription, numbers: tuple[int, ...]) -> Any:
    since = _since(reader)
    calls = ""
    if reader.promotion:
        opened = [call for call in stock.calls if since < opened_at(call) <= stock.ends]
        with translation.override(reader.language):
            calls = wording.promoted(opened)
    if not numbers and not calls:
        return None
    items = stock.listed(numbers, reader.language)
    return mails.digest(reader, starts=since, ends=stock.ends, items=items, calls=calls)


def _since(reader: Subscription) -> datetime:
    if reader.covered_until is None:
        raise ValueError("only what was confirmed is sent anything")
    return reader.covered_until


def _open_calls(since: datetime, ends: datetime) -> Any:
    """Calls that opened in this time and can still be answered."""
    rows = Call.objects.published().filter(opens_at__lte=ends, closes_at__gt=timezone.now())
    return [call for call in rows.order_by("closes_at", "pk") if since < opened_at(call) <= ends]


def opened_at(call: Call) -> datetime:
    return max(call.opens_at, call.publish_at or call.opens_at)
