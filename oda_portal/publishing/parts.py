"""Many things, some at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def in_parts(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of `size` things, the last of what is left; never more than one of them at a time."""
    left = iter(things)
    while part := list(islice(left, size)):
        yield part
