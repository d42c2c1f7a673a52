"""What is closed changes only with a correction that everybody can read.

Apps to the right say which rows are closed, programmes and what belongs to them included.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from django.db import models

if TYPE_CHECKING:
    from oda_portal.accounts.models import User


class Keeper(Protocol):
    """What keeps its rows closed, and the log of what was put right in them."""

    def correct(self, *, texts: dict[str, str], by: User) -> None:
        """Write into the public log; `texts` has what was put right in each language."""


# What keeps a row closed; empty where it may change. With `lock`, until the transaction ends nobody
# closes the row, or what it belongs to.
Find = Callable[[models.Model, bool], "list[Keeper]"]

_finders: list[Find] = []


def register(find: Find) -> None:
    _finders.append(find)


def keepers_of(row: models.Model, *, lock: bool) -> list[Keeper]:
    return [keeper for find in _finders for keeper in find(row, lock)]
