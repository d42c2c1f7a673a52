"""What can be found. Each app's `search.py` says it of its own models."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import models

from oda_portal.publishing.models import Precision, language_column

from .results import Kind


@dataclass(frozen=True)
class Content:
    """What is known of an object in one language; empty where nobody wrote in it."""

    title: str = ""
    texts: list[str] = field(default_factory=list)  # the most telling first, for snippets
    names: list[str] = field(default_factory=list)  # other names of it, as good as the title
    beside: list[str] = field(default_factory=list)  # found but not shown: what it is about
    kind: Kind | None = None  # where objects of one model are of several kinds
    date: date | None = None
    precision: str = Precision.DAY
    years: list[int] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Searched:
    """A model that can be found.

    `shown` are the other models whose rows an entry is made of, by the way that leads to them from
    a row: when one of them changes, is added or goes, the entry is made anew. The same ways are
    fetched with the rows.
    """

    model: type[models.Model]
    kind: Kind
    content: Callable[[Any, str], Content]
    public: Callable[[datetime], models.QuerySet]  # what everybody may see at a moment
    shown: dict[type[models.Model], str] = field(default_factory=dict)
    # Whether its address stands in every language, as pages do and files do not.
    has_languages: bool = True

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    def rows(self) -> models.QuerySet:
        return self.model._default_manager.prefetch_related(*sorted(set(self.shown.values())))

    def labels_of(self, row: models.Model) -> set[str]:
        """Which rows of other models this one shows."""
        return {
            reference(model._meta.label_lower, found.pk)
            for model, way in self.shown.items()
            for found in _followed(row, way)
        }


_searched: dict[str, Searched] = {}


def register(searched: Searched) -> None:
    _searched[searched.label] = searched


def extend(
    model: type[models.Model],
    *,
    texts: Callable[[Any, str], list[str]],
    shown: dict[type[models.Model], str],
) -> None:
    """Have an app to the right add what its rows say of the objects of a model to their entries.

    Raises KeyError for a model that is not registered.
    """
    first = _searched[model._meta.label_lower]

    def content(row: Any, language: str) -> Content:
        known = first.content(row, language)
        return replace(known, texts=[*known.texts, *texts(row, language)])

    register(replace(first, content=content, shown={**first.shown, **shown}))


def all_searched() -> list[Searched]:
    return [_searched[name] for name in sorted(_searched)]


def searched_of(label: str) -> Searched | None:
    return _searched.get(label)


def reference(label: str, pk: Any) -> str:
    """The label of an entry that shows a row; no text has such a word."""
    return f"={label}:{pk}"


def _followed(row: Any, way: str) -> Iterator[models.Model]:
    name, _, rest = way.partition("__")
    found: Any = getattr(row, name, None)  # what stands one to one may not be there
    for each in found.all() if hasattr(found, "all") else [found]:
        if each is not None:
            yield from _followed(each, rest) if rest else [each]


# --- for the apps' search.py -------------------------------------------------------------------
def own(row: Any, field_name: str, language: str) -> str:
    """What the row says in this language and in no other."""
    return getattr(row, language_column(field_name, language)) or ""


def every(row: Any, field_name: str) -> list[str]:
    """What the row says, in all languages."""
    return [value for column in _columns(field_name) if (value := getattr(row, column))]


@lru_cache
def _columns(field_name: str) -> list[str]:
    return [language_column(field_name, code) for code in settings.MODELTRANSLATION_LANGUAGES]


def years_of(first: date | None, last: date | None) -> list[int]:
    """Every year from the first day to the last; one that is missing is the other."""
    known = [day for day in (first, last) if day]
    return list(range(min(known).year, max(known).year + 1)) if known else []


def together(names: Iterable[str]) -> list[str]:
    """Names as they are, and those of a few words also as one: Viet Nam and Vietnam."""
    known = [name for name in names if name]
    return known + [name.replace(" ", "") for name in known if name.isascii() and " " in name]
