"""`SearchEntry`: what search knows of an object in one language.

A copy, made anew from the objects whenever they change; whether an object is public is not in it.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from oda_portal.publishing.models import Precision

from .fields import TokensField, TokensIndex
from .results import Kind


class SearchEntry(models.Model):
    model = models.CharField(max_length=80)
    object_id = models.BigIntegerField()
    language = models.CharField(max_length=10)
    kind = models.CharField(max_length=12, choices=Kind)
    url = models.CharField(max_length=300)
    title = models.CharField(max_length=300)
    # Another language than its own where nobody wrote a title in that.
    title_language = models.CharField(max_length=10)
    text = models.TextField(blank=True)
    date = models.DateField(null=True)
    precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)
    # Codes of countries and years by which readers filter, with spaces between them.
    facets = models.CharField(max_length=2000, blank=True)
    # Tokens of the title and of other names of the object, to be put first.
    names = models.TextField(blank=True)
    tokens = TokensField()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        constraints = [
            models.UniqueConstraint(
                fields=["model", "object_id", "language"], name="search_entry_once_a_language"
            ),
        ]
        indexes = [
            TokensIndex(fields=["tokens"], name="search_tokens"),
            # PostgreSQL puts what has no date first: cities and pages, which stand for good.
            models.Index(fields=["-date", "-id"], name="search_newest_first"),
        ]

    def __str__(self) -> str:
        return self.title
