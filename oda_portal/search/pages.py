"""What the page of results says, put in order for its template."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from oda_portal.publishing.listing import Chip

from . import queries
from .filters import Asked, NarrowForm, country_names, label_of
from .results import Kind, Results


class Facet(NamedTuple):
    """One kind of result as a link, with how many there are where that is known."""

    label: str
    url: str
    number: str
    chosen: bool


@dataclass(frozen=True)
class ResultsPage:
    """One answer of the search at the address `path`."""

    path: str
    asked: Asked
    found: Results

    @cached_property
    def query(self) -> QueryDict:
        """What was understood; links to other pages and languages are made from it."""
        number = str(self.found.page) if self.found.page > 1 else ""
        return self._query(**self.asked.filters, page=number)

    @property
    def address(self) -> str:
        """For paper."""
        return f"{settings.SITE_URL}{self.path}?{self.query.urlencode()}"

    @property
    def clear_url(self) -> str:
        return self._url()

    @property
    def total(self) -> str:
        return _number(self.found.total)

    @cached_property
    def pager(self) -> Page:
        return Paginator(range(self.found.total), queries.PER_PAGE).page(self.found.page)

    @cached_property
    def chips(self) -> list[Chip]:
        """Chosen filters, each with the address without it."""
        return [
            Chip(
                _("%(filter)s: %(value)s")
                % {"filter": label_of(name), "value": shown(name, value)},
                self._url(**{**self.asked.filters, name: ""}),
            )
            for name, value in self.asked.filters.items()
        ]

    @cached_property
    def kinds(self) -> list[Facet]:
        """Everything, and every kind that there is something of; one kind alone is no choice."""
        counts = [count for _kind, count in self.found.kinds]
        if len(counts) < 2 and not self.asked.kind:
            return []
        known = None not in counts and not (self.found.is_capped and not self.asked.kind)
        everything = sum(count or 0 for count in counts) if known else None
        return [self._facet("", pgettext("search", "Everything"), everything)] + [
            self._facet(kind.value, str(kind.label), count) for kind, count in self.found.kinds
        ]

    @cached_property
    def form(self) -> NarrowForm:
        return NarrowForm(self.asked, self.found)

    def _facet(self, kind: str, label: str, count: int | None) -> Facet:
        url = self._url(**{**self.asked.filters, "kind": kind})
        said = "" if count is None else _number(count)
        return Facet(label, url, said, chosen=kind == self.asked.kind)

    def _query(self, **chosen: str) -> QueryDict:
        query = QueryDict(mutable=True)
        query.update(self._words_and(chosen))
        return query

    def _words_and(self, chosen: dict[str, str]) -> dict[str, str]:
        return {"q": self.found.text, **{name: value for name, value in chosen.items() if value}}

    def _url(self, **filters: str) -> str:
        """The first page of the same words."""
        return f"{self.path}?{urlencode(self._words_and(filters))}"


def shown(name: str, value: str) -> str:
    """The value of a filter as a reader knows it."""
    if name == "kind":
        return str(Kind(value).label)
    return country_names()[value] if name == "country" else value


def _number(value: int) -> str:
    return number_format(value, force_grouping=True)
