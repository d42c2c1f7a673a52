"""The filters of the list of news; their parameters mean the same everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_filters
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from oda_portal.publishing.at_hand import at_hand
from oda_portal.publishing.listing import Choice, Words, choices_of
from partners.models import City, Country
from programs.models import Program

from .models import Article, ArticleQuerySet
from .models.articles import Kind

Choices = list[tuple[str, str]]
# Offered are the programmes of so many articles: nobody looks through more, and links of older
# programmes lead to their news all the same.
NEWEST = 1_000


def _countries(articles: ArticleQuerySet) -> Choices:
    return choices_of(Country.objects.filter(articles__in=articles), "code")


def _programs(articles: ArticleQuerySet) -> Choices:
    newest = articles.newest_first().values("pk")[:NEWEST]
    programs = Program.objects.published().filter(articles__in=newest)
    return choices_of(programs, "code", "title")


def _years(articles: ArticleQuerySet) -> Choices:
    years = articles.order_by().datetimes("registered_at", "year", order="DESC")
    return [(str(first.year), str(first.year)) for first in years]


# Filters whose choices are what the published articles have.
CHOICES: dict[str, Callable[[ArticleQuerySet], Choices]] = {
    "country": _countries,
    "program": _programs,
    "year": _years,
}


def _kept() -> dict[str, Choices]:
    """Kept per language for the generation."""
    language = translation.get_language()
    articles = Article.objects.published()
    return at_hand(
        f"choices:news:{language}",
        lambda: {name: make(articles) for name, make in CHOICES.items()},
    )


class ArticleFilter(django_filters.FilterSet):
    q = Words(method="containing")
    kind = Choice(choices=Kind, label=_("Kind"))
    country = Choice(field_name="countries__code", label=_("Country or area"))
    program = Choice(field_name="programs__code", label=_("Programme"))
    year = Choice(method="in_year", label=_("Year"))

    class Meta:
        model = Article
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in _kept().items():
            self.filters[name].extra["choices"] = choices
        # Another list: everybody reads the one that is kept.
        offered = self.filters["program"].extra
        offered["choices"] = [*offered["choices"], *self._older(self.data.get("program", ""))]

    def _older(self, code: str) -> Choices:
        """The programme that is asked for, where it is not offered."""
        if not code or code in dict(self.filters["program"].extra["choices"]):
            return []
        programs = Program.objects.published().filter(articles__in=Article.objects.published())
        return choices_of(programs.filter(code=code), "code", "title")

    def containing(self, rows: ArticleQuerySet, name: str, value: str) -> ArticleQuerySet:
        """Every word stands in the article's texts or the names of its countries and cities."""
        return rows.containing(
            value,
            *("title", "summary", "body"),
            countries__name=Country.objects.all(),
            cities__name=City.objects.published(),
        )

    def in_year(self, rows: ArticleQuerySet, name: str, value: str) -> ArticleQuerySet:
        return rows.in_year(int(value))
