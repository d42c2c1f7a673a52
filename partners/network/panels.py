"""What stands on the members’ home, and on which pages they find the rest.

The rooms of the network (meetings, action items, proposals) register theirs in
`AppConfig.ready()`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from ..models import Membership


@dataclass(frozen=True)
class Panel:
    """A part of the members’ home: `template` is drawn with what `context` gives.

    `context(request, memberships)` gets the person’s active memberships, each with its
    organisation; None leaves the panel out. `name` is unique and becomes the part’s anchor.
    """

    name: str
    label: str | Promise
    position: int
    template: str
    context: Callable[[HttpRequest, Sequence[Membership]], dict[str, Any] | None]


class Tab(NamedTuple):
    """A list that members go to from any of their pages: what it is called, and its address."""

    name: str  # as in `reverse`, without arguments
    label: str | Promise
    position: int


class Shown(NamedTuple):
    label: str
    url: str
    is_here: bool


_panels: dict[str, Panel] = {}
_tabs: dict[str, Tab] = {}


def register_panel(panel: Panel) -> None:
    """Raises ValueError when its name is taken."""
    if panel.name in _panels:
        raise ValueError(f"the panel {panel.name} is registered twice")
    _panels[panel.name] = panel


def register_tab(tab: Tab) -> None:
    """Raises ValueError when its address has a tab."""
    if tab.name in _tabs:
        raise ValueError(f"the tab {tab.name} is registered twice")
    _tabs[tab.name] = tab


def drawn_panels(
    request: HttpRequest, memberships: Sequence[Membership]
) -> list[tuple[Panel, SafeString]]:
    """The panels for this person in their order, each with its HTML."""
    shown = []
    for panel in sorted(_panels.values(), key=lambda panel: (panel.position, panel.name)):
        context = panel.context(request, memberships)
        if context is not None:
            shown.append((panel, render_to_string(panel.template, context, request)))
    return shown


def tabs(here: str) -> list[Shown]:
    """The members’ lists in their order; `here` is the name of the page that is shown."""
    rows = sorted(_tabs.values(), key=lambda tab: (tab.position, tab.name))
    return [Shown(str(row.label), reverse(row.name), row.name == here) for row in rows]
