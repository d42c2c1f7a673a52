"""Which articles are news: each is noticed once, when it becomes public, and no further time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from oda_portal.audit.models import Transition
from oda_portal.mail.models import Message
from oda_portal.mail.models import State as MailState
from oda_portal.publishing.models import Status
from volunteers.models import Call

from ..models import Announcement, Article, Delivery
from . import mails, wording

# What is put on the site so long after its day is a record, and no news.
OLD = timedelta(days=30)
UNSENT = (MailState.QUEUED, MailState.AWAITING_RETRY)
HANDFUL = 200


def notice(now: datetime | None = None) -> int:
    """Write down what has become public since the last look; how many articles."""
    now = now or timezone.now()
    rows = Article.objects.published(now).filter(announcement=None).order_by("pk")
    fresh = list(rows.only("created_at", "publish_at", "registered_at"))
    if not fresh:
        return 0
    published = _published(fresh)
    noticed = []
    for article in fresh:
        moved = published.get(article.pk, article.created_at)
        public_at = min(max(moved, article.publish_at or moved), now)
        is_news = article.registered_at > public_at - OLD
        noticed.append(
            Announcement(article=article, public_at=public_at, noticed_at=now, is_news=is_news)
        )
    # Of two who look at once, one writes.
    Announcement.objects.bulk_create(noticed, ignore_conflicts=True)
    return len(noticed)


def _published(articles: list[Article]) -> dict[int, datetime]:
    """When each was last put on the site by hand."""
    trail = Transition.objects.filter(
        content_type=ContentType.objects.get_for_model(Article),
        object_id__in=[article.pk for article in articles],
        field="status",
        to_state=Status.PUBLISHED,
    )
    return dict(trail.order_by().values_list("object_id").annotate(Max("at")))


def recall() -> int:
    """Take what is no longer public out of mails that have not gone out; how many mails.

    Published again, such an article is news to whoever did not get it. Calls go out of a mail also
    when they can no longer be answered.
    """
    public = Article.objects.published()
    waiting = Delivery.objects.filter(message__state__in=UNSENT).exclude(article__in=public)
    mails_with = waiting.order_by("message").values_list("message_id", flat=True).distinct()
    numbers = sorted({pk for pk in mails_with if pk is not None} | set(_with_calls_gone()))
    for start in range(0, len(numbers), HANDFUL):
        _recall(numbers[start : start + HANDFUL])
    return len(numbers)


def _with_calls_gone() -> Iterator[int]:
    """Weekly mails that wait and tell of a call which nobody can answer any more."""
    waiting = Message.objects.filter(
        kind=mails.DIGEST, state__in=UNSENT, context__label=wording.PROMOTION_LABEL
    )
    told = waiting.order_by("pk").values_list("pk", "context__calls")
    there = set(_open_calls().values_list("slug", flat=True))
    for pk, calls in told.iterator():
        if wording.slugs_of(calls) - there:
            yield pk


def _open_calls() -> Any:
    return Call.objects.published().filter(closes_at__gt=timezone.now())


@transaction.atomic
def _recall(numbers: list[int]) -> None:
    # Held: what a sender has in hand meanwhile goes out as it is.
    waiting = Message.objects.filter(pk__in=numbers, state__in=UNSENT).defer("sealed_context")
    for message in waiting.select_for_update(of=("self",)):
        told = Delivery.objects.filter(message=message)
        left = Article.objects.published().filter(deliveries__in=told).for_lists().newest_first()
        gone = told.exclude(article__in=Article.objects.published())
        Announcement.objects.filter(article__deliveries__in=gone).delete()
        gone.delete()
        if message.kind != mails.DIGEST or not mails.rewrite(message, left, _calls_left(message)):
            message.delete()


def _calls_left(message: Message) -> Any:
    told = wording.slugs_of(message.context["calls"])
    return _open_calls().filter(slug__in=told).order_by("closes_at", "pk") if told else []
