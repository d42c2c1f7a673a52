"""Pages of lists that may be long: nobody counts a million rows, or reads past those before.

Lists are counted up to `MOST_COUNTED`; beyond it they say so, and lead from page to page.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple

from django.core.paginator import EmptyPage, Page, Paginator
from django.db.models import QuerySet
from django.utils.formats import number_format

from .freshness import cached

MOST_COUNTED = 1_000


class Counted(NamedTuple):
    """How many rows there are, or more than that."""

    number: int
    is_capped: bool

    def __str__(self) -> str:
        """As a page says it: “1,000+” where there are more."""
        return number_format(self.number, force_grouping=True) + "+" * self.is_capped


def counted(rows: QuerySet) -> Counted:
    seen = rows.order_by().values("pk")[: MOST_COUNTED + 1].count()
    return Counted(min(seen, MOST_COUNTED), seen > MOST_COUNTED)


class LongPage(Page):
    """A page behind which there may be more than was counted."""

    paginator: LongPaginator
    has_more = False

    def has_next(self) -> bool:
        return self.has_more if self.paginator.is_capped else super().has_next()

    @property
    def of(self) -> str:
        """How many pages there are, as a page says it: “84+” where there are more."""
        known = max(self.paginator.num_pages, self.number + self.has_next())
        return f"{known}+" if self.paginator.is_capped and self.has_next() else str(known)


class LongPaginator(Paginator):
    """`count` and `num_pages` are at least so many where `is_capped`.

    With a name the number is kept for the site generation.
    """

    def __init__(self, rows: Any, per_page: int, *, name: str = "") -> None:
        super().__init__(rows, per_page)
        self.name = name

    @cached_property
    def counted(self) -> Counted:
        return cached(f"counted:{self.name}", self._counted) if self.name else self._counted()

    def _counted(self) -> Counted:
        rows = self.object_list
        if isinstance(rows, QuerySet) and not rows.query.combinator:
            return counted(rows)
        seen = super().count
        return Counted(min(seen, MOST_COUNTED), seen > MOST_COUNTED)

    @property
    def count(self) -> int:
        return self.counted.number

    @property
    def is_capped(self) -> bool:
        return self.counted.is_capped

    def page(self, number: Any) -> LongPage:
        """Raises EmptyPage for a page that does not exist."""
        # A page that is longer than what is counted has all there is.
        is_open = self.is_capped and self.per_page <= MOST_COUNTED
        if number < 1 or (number > self.num_pages and not is_open):
            raise EmptyPage
        start = (number - 1) * self.per_page
        found = LongPage(self._rows(start, self.per_page), number, self)
        if not is_open:
            return found
        if start + self.per_page <= MOST_COUNTED:
            found.has_more = True
            return found
        # Whether there is such a page and one behind it, nobody has counted.
        keys = list(self._keys(start, self.per_page + 1))
        if not keys:
            raise EmptyPage
        found.has_more = len(keys) > self.per_page
        keys, rows = keys[: self.per_page], self._with_keys
        # Not fetched yet: whoever shows them may know them already.
        found.object_list = keys if rows is None else rows.filter(pk__in=keys)
        return found

    def validate_number(self, number: Any) -> int:
        return number if self.is_capped else super().validate_number(number)

    @property
    def _with_keys(self) -> QuerySet | None:
        """The rows, where they can be asked for by their keys."""
        rows = self.object_list
        return rows if isinstance(rows, QuerySet) and not rows.query.combinator else None

    def _rows(self, start: int, number: int) -> Any:
        """The keys of a page are found first, through an index; the rest is fetched for those."""
        rows = self._with_keys
        if not start or rows is None:
            return self.object_list[start : start + number]
        return rows.filter(pk__in=self._keys(start, number))

    def _keys(self, start: int, number: int) -> Any:
        """Of what has no keys, the rows themselves."""
        rows = self._with_keys
        found = self.object_list if rows is None else rows.values_list("pk", flat=True)
        return found[start : start + number]
