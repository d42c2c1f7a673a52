"""Lists of the back office that find records by their texts, through the index of the search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.http import HttpRequest

from .models import SearchEntry
from .questions import question
from .windows import newest_first, newest_months

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin as Base
else:
    Base = object

# The newest that are found by their texts alone; those found by title have no such limit.
MOST_BY_TEXT = 500


class FoundByTextMixin(Base):
    """`search_fields` are short and looked up in the rows; summaries, bodies and whatever else the
    index knows of a record are found as soon as the worker has taken them in."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        found, is_joined = super().get_search_results(request, queryset, search_term)
        if not (words := question(search_term).words):
            return found, is_joined
        months = newest_months(words, MOST_BY_TEXT)
        by_text = self._newest([*words, months] if months else words)
        return found | queryset.filter(pk__in=by_text), is_joined

    def _newest(self, words: Any) -> set[int]:
        label = self.model._meta.label_lower
        entries = SearchEntry.objects.filter(model=label, tokens__matching=words)
        newest = entries.order_by(*newest_first(words)).values_list("object_id", flat=True)
        return set(newest[:MOST_BY_TEXT])
