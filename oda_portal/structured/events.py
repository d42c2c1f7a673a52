"""What takes place: editions, sessions, meetings and runs of courses."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from .nodes import CANCELLED, SCHEDULED, Node, node, place

# More parts than these stand on pages of their own.
MOST_PARTS = 12


def event(
    kind: str = "Event", *, cancelled: bool, announced: bool = False, venue: str = "", **parts: Any
) -> Node:
    """An event. `starts` and `ends` are ISO 8601, as far as they are known.

    Of what was only announced nobody says that it takes place.
    """
    status = CANCELLED if cancelled else None if announced else SCHEDULED
    return node(
        kind,
        name=parts.pop("name"),
        startDate=parts.pop("starts", None),
        endDate=parts.pop("ends", None),
        eventStatus=status,
        location=place(venue),
        **parts,
    )


def bounded(nodes: Iterable[Node]) -> list[Node]:
    return list(islice(nodes, MOST_PARTS))
