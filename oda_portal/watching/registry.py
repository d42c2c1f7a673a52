"""What can be sick. The apps register their checks, each with the figures that it measures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    OK = "ok", pgettext_lazy("system state", "In order")
    LATE = "late", pgettext_lazy("system state", "Late")
    SICK = "sick", pgettext_lazy("system state", "Faulty")
    # Nobody can look while the database does not answer, and nothing has run on a new site.
    UNKNOWN = "unknown", pgettext_lazy("system state", "Not known")


# How bad it is; what nobody knows is no better than what is late.
RANK = {State.OK: 0, State.UNKNOWN: 1, State.LATE: 1, State.SICK: 2}


@dataclass(frozen=True)
class Figure:
    """A number that a check measures; with `label`, one for each value of that label."""

    name: str
    help: str
    label: str = ""


Measured = Mapping[str, float | Mapping[str, float]]


@dataclass(frozen=True)
class Found:
    """What a check found: `note` is a sentence for staff, `since` the time where it is known.

    `figures` are the numbers by the names of the check's figures; what could not be measured is
    left out.
    """

    state: State
    note: str | Promise = ""
    since: datetime | None = None
    figures: Measured = field(default_factory=dict)


@dataclass(frozen=True)
class Check:
    """`stops`: without it nobody is served, and whoever balances load should send nobody here.

    `advice` says in a sentence what to do; the section of `docs/operations.md` with the same name
    says the rest.
    """

    name: str
    label: str | Promise
    advice: str | Promise
    look: Callable[[], Found]
    figures: tuple[Figure, ...] = ()
    stops: bool = False
    needs_database: bool = True


_checks: dict[str, Check] = {}
_awaited: set[str] = set()


def register(check: Check) -> None:
    _checks[check.name] = check


def all_checks() -> list[Check]:
    """What stops everything first, then in the order in which they were registered."""
    return sorted(_checks.values(), key=lambda check: not check.stops)


def await_task(name: str) -> str:
    """Have each end of this task leave a sign of life under its name, which is returned."""
    _awaited.add(name)
    return name


def is_awaited(name: str) -> bool:
    return name in _awaited


def by_age(age: timedelta | None, *, late: timedelta, sick: timedelta) -> State:
    """The state of something that should not be older than `late`; without an age, in order."""
    if age is None or age <= late:
        return State.OK
    return State.LATE if age <= sick else State.SICK


def since(age: timedelta | None) -> datetime | None:
    return None if age is None else timezone.now() - age
