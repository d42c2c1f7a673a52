"""A public page as a preview: its own links stay in it, what it could send is inert."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from html.parser import HTMLParser

Attributes = list[tuple[str, str | None]]

# `kept` of a link: it leads on within the preview, away from it, or nowhere.
WITHIN, AWAY, NOWHERE = "within", "away", "nowhere"
Place = tuple[str, str]

# What a page says of itself to machines: of a preview they must learn nothing.
_FOR_MACHINES = {"canonical", "alternate", "search"}


class _Page(HTMLParser):
    """Copies a page letter by letter, but for the few tags that cannot stay as they are."""

    def __init__(self, place: Callable[[str], Place], head: str, bar: str) -> None:
        super().__init__(convert_charrefs=False)
        self.place, self.head, self.bar = place, head, bar
        self.out: list[str] = []
        self.is_in_data = False

    # --- what is copied ------------------------------------------------------------------------

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self.is_in_data:
            self.is_in_data = False
            return
        if tag == "head":
            self.out.append(self.head)
        self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self.is_in_data:
            self.out.append(data)

    def handle_entityref(self, name: str) -> None:
        self.out.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.out.append(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.out.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.out.append(f"<!{decl}>")

    # --- what is not ---------------------------------------------------------------------------

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        self.handle_starttag(tag, attrs)

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        change = getattr(self, f"_{tag}", None)
        whole = self.get_starttag_text() or ""
        self.out.append(change(dict(attrs), whole) if change else whole)
        if tag == "body":
            self.out.append(self.bar)

    def _a(self, values: dict[str, str | None], whole: str) -> str:
        href = values.get("href")
        if href is None or href.startswith("#"):
            return whole
        kept, address = self.place(href)
        if kept == NOWHERE:
            del values["href"]
            return _tag("a", {**values, "role": "link", "aria-disabled": "true"})
        values["href"] = address
        if kept == AWAY:
            values |= {"target": "_blank", "rel": "noopener noreferrer"}
        return _tag("a", values)

    def _img(self, values: dict[str, str | None], whole: str) -> str:
        kept, address = self.place(values.get("src") or "")
        if kept == NOWHERE:  # the dot that counts readers
            return ""
        return whole if kept == AWAY else _tag("img", {**values, "src": address})

    def _form(self, values: dict[str, str | None], whole: str) -> str:
        values.pop("action", None)
        return _tag("form", {**values, "method": "get", "inert": ""})

    def _link(self, values: dict[str, str | None], whole: str) -> str:
        return "" if (values.get("rel") or "") in _FOR_MACHINES else whole

    def _meta(self, values: dict[str, str | None], whole: str) -> str:
        name = values.get("property") or values.get("name") or ""
        return "" if name == "robots" or name.startswith(("og:", "twitter:")) else whole

    def _script(self, values: dict[str, str | None], whole: str) -> str:
        self.is_in_data = values.get("type") == "application/ld+json"
        return "" if self.is_in_data else whole


def _tag(name: str, values: dict[str, str | None]) -> str:
    parts = [
        key if value is None else f'{key}="{escape(value, quote=True)}"'
        for key, value in values.items()
    ]
    return f"<{' '.join([name, *parts])}>"


def rewritten(html: str, *, place: Callable[[str], Place], head: str, bar: str) -> str:
    """`place` says of an address where it leads; `head` and `bar` are added."""
    page = _Page(place, head, bar)
    page.feed(html)
    page.close()
    return "".join(page.out)
