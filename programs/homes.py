"""Programmes of some kinds have their page elsewhere; `/programs/<code>/` sends readers there.

An app to the right registers where, in `AppConfig.ready()`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .models import Program

_homes: dict[str, Callable[[Program], str | None]] = {}


def register(kind: str, home: Callable[[Program], str | None]) -> None:
    """`home(program)`: the address of its page, or None where it has no other than its own."""
    if kind in _homes:
        raise ValueError(f"programmes of kind {kind} have a home already")
    _homes[kind] = home


def home_of(program: Program) -> str | None:
    """Where the page of this programme is; None: below `/programs/`, as of most."""
    find = _homes.get(program.kind)
    return find(program) if find else None
