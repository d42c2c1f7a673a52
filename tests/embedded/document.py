"""What the crawl needs to know of an HTML page."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
SPOKEN_ATTRIBUTES = ("alt", "title", "aria-label", "placeholder")
LOADED_LINKS = frozenset(("stylesheet", "icon", "apple-touch-icon", "manifest", "preload"))
LOADED = {"script": "src", "img": "src", "object": "data", "iframe": "src", "use": "href"}


@dataclass
class Document:
    """`texts` are (language, text) pairs, the language being that of the nearest `lang`."""

    html_lang: str = ""
    title: str = ""
    links: list[str] = field(default_factory=list)
    assets: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    texts: list[tuple[str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.document = Document()
        self.open: list[tuple[str, str]] = []  # (tag, language) from <html> inwards

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        language = values.get("lang", self.open[-1][1] if self.open else "")
        if tag == "html":
            self.document.html_lang = language
        if "id" in values:
            self.document.ids.add(values["id"])
        self._note_addresses(tag, values)
        spoken = [values[name] for name in SPOKEN_ATTRIBUTES if name in values]
        if tag == "meta" and not re.match("viewport|robots|generator", values.get("name", "")):
            spoken.append(values.get("content", ""))
        self.document.texts += [(language, text) for text in spoken]
        if tag not in VOID:
            self.open.append((tag, language))

    def _note_addresses(self, tag: str, values: dict[str, str]) -> None:
        if tag in ("a", "area") and "href" in values:
            self.document.links.append(values["href"])
        elif tag == "link" and LOADED_LINKS & set(values.get("rel", "").split()):
            self.document.assets.append(values["href"])
        elif (name := LOADED.get(tag)) and name in values:
            self.document.assets.append(values[name])

    def handle_endtag(self, tag: str) -> None:
        # An end tag also closes what was left open inside.
        places = [place for place, (name, _) in enumerate(self.open) if name == tag]
        if places:
            del self.open[places[-1] :]

    def handle_data(self, data: str) -> None:
        inside = [tag for tag, _ in self.open]
        if not inside or inside[-1] in ("script", "style"):
            return
        if inside[-1] == "title" and "svg" not in inside:
            self.document.title += data
        self.document.texts.append((self.open[-1][1], data))


def read_document(html: str) -> Document:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.document
