"""What an app does when a place is offered to, or taken from, one of its records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .models import Seat


@dataclass(frozen=True)
class Queue:
    """The rules of one kind of subject. All are called with the pool locked, in a transaction.

    `until(seat)`: the end of an offer that is made now; None when nothing is offered any more.
    `on_offer(seat)`: a place was offered to whoever was next: tell them.
    `on_freed(seat)`: the time to answer ran out, and the place is given back.
    """

    until: Callable[[Seat], datetime | None]
    on_offer: Callable[[Seat], None]
    on_freed: Callable[[Seat], None]


_queues: dict[str, Queue] = {}


def register(label: str, queue: Queue) -> None:
    """Rules for the subjects of this model (`app.model`); raises ValueError when it has some."""
    if label in _queues:
        raise ValueError(f"the waiting list of {label} is registered twice")
    _queues[label] = queue


def queue_of(seat: Seat) -> Queue:
    """Raises KeyError when the subject's app registered nothing: then nobody of it may wait."""
    return _queues[_label(seat)]


def _label(seat: Any) -> str:
    return f"{seat.content_type.app_label}.{seat.content_type.model}"
