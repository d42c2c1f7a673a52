"""How often articles were looked at: sums of days, and nothing about who looked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TypeAlias

from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from .articles import Article

# How many readers an article (by its key) had on a day.
Counts: TypeAlias = Mapping[tuple[int, date], int]


class DailyViewsQuerySet(models.QuerySet):
    def add(self, counts: Counts) -> None:
        """Add readers to what stands; those of articles that are gone are left out."""
        alive = Article.objects.filter(pk__in={article for article, _day in counts})
        present = set(alive.values_list("pk", flat=True))
        # In one order, so that two who add at once wait for each other and never both.
        wanted = sorted(key for key in counts if key[0] in present)
        with transaction.atomic():
            rows = [DailyViews(article_id=article, day=day) for article, day in wanted]
            DailyViews._default_manager.bulk_create(rows, ignore_conflicts=True)
            for article, day in wanted:
                row = self.filter(article_id=article, day=day)
                row.update(count=F("count") + counts[article, day])


class DailyViews(models.Model):
    """Readers of an article on one day in Korea; each counts once."""

    article = models.ForeignKey(
        Article, models.CASCADE, verbose_name=_("article"), related_name="daily_views"
    )
    day = models.DateField(_("day"))
    count = models.PositiveIntegerField(_("readers"), default=0)

    objects = DailyViewsQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "pk"]
        verbose_name = _("daily readers")
        verbose_name_plural = _("daily readers")
        indexes = [models.Index(fields=["day"], name="daily_views_day")]
        constraints = [
            models.UniqueConstraint(fields=["article", "day"], name="daily_views_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.count}"


class WrittenTally(models.Model):
    """A tally of the counters that stands in `DailyViews` already.

    Written in the same transaction, so that one whose writer was killed is not added twice.
    """

    name = models.CharField(max_length=32, unique=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("written tally")
        verbose_name_plural = _("written tallies")

    def __str__(self) -> str:
        return self.name
