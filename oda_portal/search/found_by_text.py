"""Lists of the back office that find records by their texts, through the index of the search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.http import HttpRequest

from .models import SearchEntry
from .questions import Word, question
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
        return found | queryset.filter(pk__in=self._by_text(words)), is_joined

    def _by_text(self, words: tuple[Word, ...]) -> set[int]:
        """The newest months are of all models: where this has too little in them, all are asked."""
        months = newest_months(words, MOST_BY_TEXT)
        newest = self._newest(words, months) if months else set()
        return newest if len(newest) >= MOST_BY_TEXT else self._newest(words)

    def _newest(self, words: tuple[Word, ...], *months: Word) -> set[int]:
        label, asked = self.model._meta.label_lower, [*words, *months]
        entries = SearchEntry.objects.filter(model=label, tokens__matching=asked)
        newest = entries.order_by(*newest_first(words)).values_list("object_id", flat=True)
        return set(newest[:MOST_BY_TEXT])
