"""Whether the page that is being made is a preview: then nothing of it may be kept.

Asked by what leaves traces outside the database, which alone is rolled back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Look:
    """`stand_ins` gives what is shown of a picture that has no public files yet."""

    stand_ins: Callable[[Any], list[Any]]


_look: ContextVar[Look | None] = ContextVar("look", default=None)


def present_look() -> Look | None:
    """The preview that is being made; None on every other page."""
    return _look.get()


@contextmanager
def looking(look: Look) -> Iterator[None]:
    before = _look.set(look)
    try:
        yield
    finally:
        _look.reset(before)
