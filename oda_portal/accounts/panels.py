"""What stands on My page. Apps register their panels in `AppConfig.ready()`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString


@dataclass(frozen=True)
class Panel:
    """A part of My page: `template` is drawn with what `context` gives.

    `name` is unique and becomes the part's anchor. A context of None leaves the panel out for
    this person.
    """

    name: str
    label: str | Promise
    position: int
    template: str
    context: Callable[[HttpRequest], dict[str, Any] | None]


_panels: dict[str, Panel] = {}


def register_panel(panel: Panel) -> None:
    """Show this panel to whoever is signed in; the same name again takes its place."""
    _panels[panel.name] = panel


def drawn_panels(request: HttpRequest) -> list[tuple[Panel, SafeString]]:
    """The panels for this person in their order, each with its HTML."""
    shown = []
    for panel in sorted(_panels.values(), key=lambda panel: (panel.position, panel.name)):
        context = panel.context(request)
        if context is not None:
            shown.append((panel, render_to_string(panel.template, context, request)))
    return shown
