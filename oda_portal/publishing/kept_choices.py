"""What a list of the back office offers to choose from, found once a minute and not for each page.

Kept for all who see the same rows: whose rows are limited has choices of their own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import admin
from django.core.exceptions import EmptyResultSet
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language

from .freshness import cached

T = TypeVar("T")


def kept(name: str, rows: QuerySet[Any], find: Callable[[], T]) -> T:
    """What `find` finds in these rows, in the active language, as `freshness.cached` keeps it.

    Records are chosen from whether they are public or not, so that no clock changes the choice.
    """
    try:
        asked = str(rows.order_by().values("pk").query)
    except EmptyResultSet:
        return find()
    digest = hashlib.sha256(f"{name} {get_language()} {asked}".encode()).hexdigest()
    return cached(f"choices:{digest}", find, timed=False)


class KeptFilter(admin.RelatedFieldListFilter):
    """Offers every row of the related model."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        every = field.related_model._default_manager.all()
        return kept(
            self.field_path, every, lambda: self._find(field, request, model_admin, Q())
        )  # fmt: skip

    def _find(self, field: Any, request: HttpRequest, model_admin: Any, only: Q) -> list[Any]:
        ordering = self.field_admin_ordering(field, request, model_admin)
        return field.get_choices(include_blank=False, limit_choices_to=only, ordering=ordering)


class UsedFilter(KeptFilter):
    """Offers what any record has; Django's own reads all the records to find that out."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        rows = model_admin.get_queryset(request).order_by()
        used = Q(Exists(rows.filter(**{self.field_path: OuterRef("pk")})))
        return kept(
            self.field_path, rows, lambda: self._find(field, request, model_admin, used)
        )  # fmt: skip
