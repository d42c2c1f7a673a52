"""The datasets there are. Each app describes its own in `datasets.py` and registers them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

import django_filters
from django.db.models import QuerySet

from .columns import Column, Words

Rows: TypeAlias = "QuerySet | Iterable[Any]"


class Frequency(Enum):
    """How often it changes: the EU's vocabulary, which DCAT names."""

    AS_IT_HAPPENS = "UPDATE_CONT"
    YEARLY = "ANNUAL"


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """Public rows under a name that stands in addresses and never changes.

    `rows` gives everything public of it, in its order, with what the columns read: a QuerySet, or
    rows that were computed. `filters` narrow a QuerySet; their parameters mean the same as in the
    list for people, which has the URL name `page`. `figure` marks numbers computed from others.
    """

    name: str
    title: Words
    about: Words
    columns: tuple[Column, ...]
    rows: Callable[[], Rows]
    key: str = "code"
    filters: type[django_filters.FilterSet] | None = None
    page: str = ""
    keywords: tuple[Words, ...] = ()
    frequency: Frequency = Frequency.AS_IT_HAPPENS
    figure: bool = False
    # The row that a key names, or None: for rows that no QuerySet holds and that are many.
    find: Callable[[str], Any] | None = None
    # The column that says what a row is called; otherwise the first translated text.
    called: str = ""
    # The way to the column that says when a row changed; empty for rows that are computed.
    changed: str = "changed_at"


_datasets: dict[str, Dataset] = {}


def register(dataset: Dataset) -> None:
    """Raises ValueError when the name is taken, or when two columns have one name."""
    names = [column.name for column in dataset.columns]
    if dataset.name in _datasets or len(names) != len(set(names)) or dataset.key not in names:
        raise ValueError(f"dataset {dataset.name}: taken, or columns named twice, or no key")
    _datasets[dataset.name] = dataset


def datasets() -> list[Dataset]:
    """In the order in which the apps stand."""
    return list(_datasets.values())


def dataset(name: str) -> Dataset:
    """Raises KeyError for a name that nobody registered."""
    return _datasets[name]
