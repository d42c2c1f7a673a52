"""Readers of articles: one a day and visitor, by a hash that nobody can take back to a person.

The hash is keyed with a random number of the day, which stands in the cache alone and goes with
it at midnight. With Redis readers are counted there and written down by a task (`tallies`); the
embedded site writes each into `DailyViews` at once.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError
from django.db.models import OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from redis.exceptions import RedisError

from oda_portal.publishing.at_hand import at_hand

from . import tallies
from .models import Article, DailyViews
from .visitors import is_reader, visitor

log = logging.getLogger(__name__)

# How many articles stand in the box of those with most readers.
MOST_VIEWED = 5
# Of how many days; None for all.
PERIODS = (7, 30, None)


def count(request: HttpRequest, article: int) -> bool:
    """Count whoever asks as a reader of the article with this key; False when they do not count.

    Never fails: nobody must see a broken page because they were not counted.
    """
    if not is_reader(request):
        return False
    add_reader = _in_redis if settings.REDIS_URL else _in_database
    day, seconds = today()
    try:
        return add_reader(article, visitor(request), day, seconds)
    except (RedisError, DatabaseError) as error:
        log.warning("a reader was not counted: %s", type(error).__name__)
        return False


def most_viewed() -> dict[int | None, list[Article]]:
    """Published articles with most readers in each of PERIODS, today included.

    Kept like a page: for a minute at most.
    """
    return at_hand("news:most-viewed", _lists)


def _lists() -> dict[int | None, list[Article]]:
    return {days: list(_most_viewed(days)[:MOST_VIEWED]) for days in PERIODS}


def _most_viewed(days: int | None) -> QuerySet[Article]:
    rows = Article.objects.published().for_lists()
    if days is None:
        rows = rows.filter(daily_views__count__gt=0)
    else:
        rows = rows.filter(daily_views__day__gt=timezone.localdate() - timedelta(days=days))
    counted = rows.annotate(readers=Sum("daily_views__count"))
    return counted.order_by("-readers", "-registered_at", "-pk")


def with_readers(rows: QuerySet[Article]) -> QuerySet[Article]:
    """Annotate `readers`, those of all days: for the list in the back office."""
    sums = DailyViews.objects.filter(article=OuterRef("pk")).order_by().values("article")
    readers = Subquery(sums.annotate(readers=Sum("count")).values("readers"))
    return rows.annotate(readers=Coalesce(readers, Value(0)))


def today() -> tuple[date, int]:
    """The day in Korea, and how many seconds of it are left: for so long a hash is kept."""
    now = timezone.localtime()
    midnight = datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
    return now.date(), max(1, int((midnight - now).total_seconds()))


def hash_of(salt: str, article: int, who: str) -> str:
    """One person's hashes of two articles have nothing in common."""
    return hmac.new(salt.encode(), f"{article}\n{who}".encode(), hashlib.sha256).hexdigest()


def _in_redis(article: int, who: str, day: date, seconds: int) -> bool:
    salt = tallies.salt_of(day, seconds)
    return bool(salt) and tallies.count(article, day, hash_of(salt, article, who), seconds)


def _in_database(article: int, who: str, day: date, seconds: int) -> bool:
    cache.add(f"readers-salt:{day}", secrets.token_hex(32), timeout=seconds)
    salt = cache.get(f"readers-salt:{day}", "")
    # Without it a hash could be taken back to an address.
    if not salt or not cache.add(f"reader:{hash_of(salt, article, who)}", 1, timeout=seconds):
        return False
    DailyViews.objects.add({(article, day): 1})
    return True
