"""What a view hands to its template for machines, under the name `structured`."""

from __future__ import annotations

from dataclasses import dataclass

from .nodes import Node
from .pictures.registry import Picture


@dataclass(frozen=True)
class PageData:
    """What a page is about.

    The ids of `nodes` begin with "#" and are completed with the page's canonical address.
    Without a `picture` of its own a page is shared with the portal's.
    """

    nodes: tuple[Node, ...] = ()
    picture: Picture | None = None
    kind: str = "website"
