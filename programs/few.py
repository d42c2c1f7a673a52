"""What numbers of people may be shown: none from which a few single persons could be told.

Every number of people that leaves the office goes through here: pages, lists, datasets, figures and
IATI. It is decided for each group by itself, and a sum adds up only what its groups show. So no
number can be taken from another to find what was left out.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from django.db.models import Q

# Fewer people than this are not shown.
FEWEST = 3


class Numbers(Protocol):
    """A `ParticipantGroup`, or a row of a query with these columns."""

    @property
    def total(self) -> int | None: ...
    @property
    def women(self) -> int | None: ...
    @property
    def men(self) -> int | None: ...


class Shown(NamedTuple):
    """Each is None where it is not known, and where it is known but not shown: nobody is told."""

    total: int | None = None
    women: int | None = None
    men: int | None = None


def enough(path: str = "") -> Q:
    """Groups whose total is known and shown; `path` leads to them, as `runs__groups__`."""
    return Q(**{f"{path}total__gte": FEWEST})


def is_few(group: Numbers) -> bool:
    """Whether all of them together are so few that not even who they were is said."""
    if group.total is None and group.women is None and group.men is None:
        return False
    everybody = _sexes(group) if group.total is None else group.total
    return everybody < FEWEST


def shown_of(group: Numbers) -> Shown:
    """Women and men go together: with the total, one of the two would tell the other."""
    if is_few(group):
        return Shown()
    parts = [group.women or 0, group.men or 0]
    if group.total is not None:
        # Those of whom neither was written down, or the other sex where only one was.
        parts.append(group.total - _sexes(group))
    if any(0 < number < FEWEST for number in parts):
        return Shown(group.total)
    return Shown(group.total, group.women, group.men)


def _sexes(group: Numbers) -> int:
    return (group.women or 0) + (group.men or 0)
