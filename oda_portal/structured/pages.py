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
    What only shows how the site works is told to no machine as if it were real: of a page of it
    `nodes` are left out, and search engines are asked to leave it out too.
    """

    nodes: tuple[Node, ...] = ()
    picture: Picture | None = None
    kind: str = "website"
    is_demonstration: bool = False
