"""Which articles a subscription is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db import models
from django.db.models import QuerySet

from ..models import Article, Subscription

Numbers = frozenset[int]
NONE: Numbers = frozenset()


class Facets(NamedTuple):
    """The same of an article, what it is about, and of a subscription, what it asks for."""

    kinds: frozenset[str]
    countries: Numbers = NONE
    themes: Numbers = NONE
    programs: Numbers = NONE


def is_about(wanted: Facets, article: Facets) -> bool:
    """Each facet that is asked for fits, and of each one value will do."""
    return all(not asked or asked & there for asked, there in zip(wanted, article, strict=True))


def facets_of_articles(articles: QuerySet[Article]) -> dict[int, Facets]:
    """By article. The countries of its cities are its countries too."""
    kinds = dict(articles.order_by().values_list("pk", "kind"))
    countries = _linked(Article.countries.through, "article", "country", kinds)
    cities = _linked(Article.cities.through, "article", "city__country", kinds)
    themes = _linked(Article.themes.through, "article", "theme", kinds)
    programs = _linked(Article.programs.through, "article", "program", kinds)
    return {
        pk: Facets(frozenset([kind]), countries[pk] | cities[pk], themes[pk], programs[pk])
        for pk, kind in kinds.items()
    }


def facets_wanted(subscriptions: Sequence[Subscription]) -> dict[int, Facets]:
    """By subscription; three queries for all of them."""
    numbers = [one.pk for one in subscriptions]
    countries, themes, programs = (
        _linked(through, "subscription", other, numbers)
        for through, other in (
            (Subscription.countries.through, "country"),
            (Subscription.themes.through, "theme"),
            (Subscription.programs.through, "program"),
        )
    )
    return {
        one.pk: Facets(frozenset(one.kinds), countries[one.pk], themes[one.pk], programs[one.pk])
        for one in subscriptions
    }


def _linked(
    through: type[models.Model], here: str, there: str, numbers: Iterable[int]
) -> defaultdict[int, Numbers]:
    found: dict[int, set[int]] = defaultdict(set)
    rows = through._base_manager.filter(**{f"{here}__in": list(numbers)})
    for one, other in rows.values_list(here, there):
        found[one].add(other)
    return defaultdict(lambda: NONE, {pk: frozenset(values) for pk, values in found.items()})
