"""A form as a browser would send it back: every control with what it shows."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client


class _Controls(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self.select: tuple[str, bool] | None = None
        self.options: list[tuple[str, bool]] = []
        self.textarea: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {key: value or "" for key, value in attrs}
        name = values.get("name", "")
        if tag == "input" and name:
            self._input(name, values)
        elif tag == "select":
            self.select, self.options = (name, "multiple" in values), []
        elif tag == "option" and self.select:
            self.options.append((values.get("value", ""), "selected" in values))
        elif tag == "textarea":
            self.textarea = name
            self.found[name] = [""]

    def _input(self, name: str, values: dict[str, str]) -> None:
        kind = values.get("type", "text")
        if kind in ("submit", "button", "file", "image"):
            return
        if kind in ("checkbox", "radio") and "checked" not in values:
            return
        self.found.setdefault(name, []).append(
            values.get("value", "on" if kind == "checkbox" else "")
        )

    def handle_data(self, data: str) -> None:
        if self.textarea is not None:
            self.found[self.textarea][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.textarea is not None:
            # A browser leaves out the line break that follows the opening tag.
            self.found[self.textarea] = [self.found[self.textarea][0].removeprefix("\n")]
            self.textarea = None
        elif tag == "select" and self.select:
            name, many = self.select
            chosen = [value for value, selected in self.options if selected]
            if not many and not chosen and self.options:
                chosen = [self.options[0][0]]
            self.found[name] = chosen
            self.select = None


def filled(page: HttpResponse, **changes: Any) -> dict[str, Any]:
    """What the page's form would send, with some controls changed; the templates of inlines too."""
    controls = _Controls()
    controls.feed(page.content.decode())
    return {**controls.found, **changes}


def publish(client: Client, page: str, **changes: Any) -> HttpResponse:
    """Saves the form with “Save and publish”, and confirms what is shown then."""
    shown = client.post(page, filled(client.get(page), _publish="1", **changes), follow=True)
    where = shown.redirect_chain[-1][0]  # type: ignore[attr-defined]
    return client.post(where, filled(shown), follow=True)


def confirm(client: Client, page: str, **changes: Any) -> HttpResponse:
    """Confirms a page that asks once more, as it is shown."""
    return client.post(page, filled(client.get(page), **changes), follow=True)
