"""The registry of what the public calendar shows. Each app registers its own in `ready()`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import TypeAlias

from django.utils.functional import Promise

from oda_portal.publishing.texts import Text

Words: TypeAlias = "str | Promise"


class Certainty(Enum):
    """STATUS of an iCalendar event."""

    CONFIRMED = "CONFIRMED"
    TENTATIVE = "TENTATIVE"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """Something public with a day, or with hours; never anything of a person’s.

    `name` never changes, and no other occasion has it. `ends` is the last day, or the moment at
    which it is over.
    """

    name: str
    title: Text
    text: str
    path: str
    starts: date | datetime
    ends: date | datetime | None = None
    changed_at: datetime
    certainty: Certainty = Certainty.CONFIRMED


@dataclass(frozen=True)
class Source:
    """`kinds`: values of the parameter `kind`, and what readers call them.

    `public(kinds)` gives what is public of these kinds, in the active language and in a number of
    queries that does not grow with what there is.
    """

    kinds: Mapping[str, Words]
    public: Callable[[Collection[str]], Iterable[Occasion]]


_sources: list[Source] = []


def register(source: Source) -> None:
    """Raises ValueError when one of its kinds is taken."""
    if taken := set(kinds()) & set(source.kinds):
        raise ValueError(f"kinds of the calendar are registered twice: {sorted(taken)}")
    _sources.append(source)


def kinds() -> dict[str, Words]:
    return {value: label for source in _sources for value, label in source.kinds.items()}


def occasions(kind: str = "") -> Iterator[Occasion]:
    """What is public now, of one kind or of all; raises KeyError for a kind that nobody has."""
    if kind and kind not in kinds():
        raise KeyError(kind)
    for source in _sources:
        if wanted := [value for value in source.kinds if kind in ("", value)]:
            yield from source.public(wanted)
