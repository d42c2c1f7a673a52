"""HTML as Word, Hangul Office and Google Docs put it on the clipboard, made into our own kind.

They write lists as paragraphs with a bullet in them, bold as a style, and tables without heads.
The same is done in the browser while somebody pastes: `static/admin_portal/editor.js`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from lxml import etree, html

# What our own rich text never has. Clean text is not taken apart again. No sign reaches past the
# next tag: looking for its end as far as the text goes takes time with the square of its length.
FOREIGN = re.compile(
    r"<(?:o:p|st1:|font|span|div|b|i|u|s|h1|h5|h6|center|section)\b|<p[^<>]*\s(?:class|style)=|mso-",
    re.IGNORECASE,
)
# A comment that nobody closes runs to the end, as in a browser.
_COMMENTS = re.compile(r"<!--.*?(?:-->|\Z)|<!\[[^\[\]>]*\]>|<\?xml[^<>]*>", re.DOTALL)
_LIST = re.compile(r"mso-list:\s*l(\d+)\s+level(\d+)", re.IGNORECASE)
_BOLD = re.compile(r"font-weight:\s*(bold|bolder|[6-9]00)", re.IGNORECASE)
_NOT_BOLD = re.compile(r"font-weight:\s*(normal|[1-5]00)", re.IGNORECASE)
_ITALIC = re.compile(r"font-style:\s*(italic|oblique)", re.IGNORECASE)
_RAISED = re.compile(r"vertical-align:\s*(super|sub)\b", re.IGNORECASE)
_NUMBERED = re.compile(r"^(?:\(?(?:\d+|[a-z]|[ivxl]+|[가-힣])[.)]|\d+|[①-⑳])$", re.IGNORECASE)
_TAGS = {"b": "strong", "i": "em", "h1": "h2", "h5": "h4", "h6": "h4"}
_BLOCKS = {
    *("p", "div", "ul", "ol", "table", "blockquote", "hr", "h1", "h2", "h3", "h4", "h5", "h6"),
    *("section", "article", "pre", "dl"),
}
_DROPPED = {"style", "script", "meta", "link", "title", "xml", "head", "colgroup", "col"}
# Not worth taking apart: no clipboard is nested so.
MAX_DEPTH = 100


def ours(text: str) -> str:
    """The HTML with our tags for what it means; attributes are left to `clean_html`."""
    if not FOREIGN.search(text):
        return text
    try:
        root = html.fragment_fromstring(_COMMENTS.sub("", text), create_parent="div")
    except (etree.ParserError, ValueError):
        return text
    if any(_depth(element) > MAX_DEPTH for element in root.iter()):
        return text
    _drop(root)
    _make_lists(root)
    _mark(root)
    _make_heads(root)
    _make_paragraphs(root)
    _drop_empty(root)
    for line_break in root.findall("br"):
        line_break.drop_tag()
    return (root.text or "") + "".join(
        etree.tostring(child, encoding="unicode", method="html") for child in root
    )


def _depth(element: Any) -> int:
    return sum(1 for _parent in element.iterancestors())


def _tag(element: Any) -> str:
    return element.tag if isinstance(element.tag, str) else ""


def _words(element: Any) -> str:
    return "".join(element.itertext()).replace("\xa0", " ").replace("\u200b", "").strip()


def _drop(root: Any) -> None:
    for element in list(root.iter()):
        if not _tag(element) or _tag(element) in _DROPPED:
            _remove(element)


def _remove(element: Any) -> None:
    if element.getparent() is not None:
        element.drop_tree()


# --- lists --------------------------------------------------------------------------------------


def _make_lists(root: Any) -> None:
    """Paragraphs that Word numbers become lists, one inside the other by their level."""
    open_lists: list[Any] = []
    last: Any = None
    for paragraph in list(root.iter("p")):
        found = _LIST.search(paragraph.get("style") or "")
        if not found:
            continue
        if last is None or paragraph.getprevious() is not last or (last.tail or "").strip():
            open_lists = []
        level = max(1, min(int(found[2]), 6))
        is_ordered = bool(_NUMBERED.match(_take_marker(paragraph)))
        last = _put(paragraph, open_lists, level, "ol" if is_ordered else "ul")


def _put(paragraph: Any, open_lists: list[Any], level: int, kind: str) -> Any:
    """Move a paragraph into the list of its level; the outermost list is returned."""
    del open_lists[level:]
    if level == 1 and open_lists and open_lists[0].tag != kind:
        open_lists.clear()
    if len(open_lists) == level and open_lists[-1].tag != kind and level > 1:
        open_lists.pop()
    if not open_lists:
        outermost = html.Element(kind)
        paragraph.addprevious(outermost)
        open_lists.append(outermost)
    while len(open_lists) < level:
        items = open_lists[-1]
        inner = html.Element(kind)
        (items[-1] if len(items) else _item(items)).append(inner)
        open_lists.append(inner)
    tail, paragraph.tail = paragraph.tail, None
    _item(open_lists[-1]).append(paragraph)
    open_lists[0].tail = tail
    paragraph.attrib.clear()
    return open_lists[0]


def _item(items: Any) -> Any:
    item = html.Element("li")
    items.append(item)
    return item


def _take_marker(paragraph: Any) -> str:
    """The bullet or number that Word wrote as text, taken out."""
    for span in paragraph.iter("span"):
        if "mso-list:ignore" in (span.get("style") or "").lower().replace(" ", ""):
            marker = _words(span)
            _remove(span)
            return marker
    text = paragraph.text or ""
    found = re.match(r"\s*([·•§o▪◦-]|\(?\w{1,3}[.)])[\s\xa0]+", text)
    if not found:
        return ""
    paragraph.text = text[found.end() :]
    return found[1]


# --- letters ------------------------------------------------------------------------------------


def _mark(root: Any) -> None:
    """Bold, italic, raised and lowered by a style; our names of tags; the rest is unwrapped."""
    for element in list(root.iterdescendants()):
        tag, style = _tag(element), element.get("style") or ""
        if tag in ("b", "strong") and _NOT_BOLD.search(style):
            element.drop_tag()
            continue
        if tag in ("span", "font"):
            _wrap(element, style)
            element.drop_tag()
        elif ":" in tag or tag in ("u", "center", "section", "article"):
            element.drop_tag()
        elif tag in _TAGS:
            element.tag = _TAGS[tag]
        elif tag in ("p", "div", "td", "th", "li") and style:
            _wrap(element, style)
        if "style" in element.attrib:
            del element.attrib["style"]
        element.attrib.pop("class", None)


def _wrap(element: Any, style: str) -> None:
    """Put what it holds inside the tags that its style means; blocks are left as they are."""
    if not _words(element) or any(_tag(child) in _BLOCKS for child in element.iterdescendants()):
        return
    raised = _RAISED.search(style)
    tags = ["strong"] if _BOLD.search(style) else []
    tags += ["em"] if _ITALIC.search(style) else []
    tags += ["sup" if raised[1].lower() == "super" else "sub"] if raised else []
    for tag in tags:
        inner = html.Element(tag)
        inner.text, element.text = element.text, None
        inner.extend(list(element))
        element.append(inner)


# --- tables, paragraphs -------------------------------------------------------------------------


def _make_heads(root: Any) -> None:
    """Rows of heads by what Word says of them, or a first row that is bold all over."""
    for table in root.iter("table"):
        rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
        if len(rows) < 2:
            continue
        heads = [row for row in rows if _tag(row.getparent()) == "thead"] or rows[:1]
        for row in heads:
            cells = [cell for cell in row if _tag(cell) == "td"]
            if _tag(row.getparent()) == "thead" or (cells and all(map(_is_bold, cells))):
                for cell in cells:
                    cell.tag = "th"
                    _drop_strong(cell)


def _is_bold(cell: Any) -> bool:
    bold = "".join("".join(each.itertext()) for each in cell.iter("strong"))
    words = "".join(cell.itertext())
    return bool(words.strip()) and "".join(bold.split()) == "".join(words.split())


def _drop_strong(cell: Any) -> None:
    for strong in list(cell.iter("strong")):
        strong.drop_tag()


def _make_paragraphs(root: Any) -> None:
    for element in list(root.iterdescendants("div")):
        if any(_tag(child) in _BLOCKS for child in element.iterdescendants()):
            element.drop_tag()
        else:
            element.tag = "p"


def _drop_empty(root: Any) -> None:
    """Paragraphs and marks without a letter; the innermost first."""
    for element in reversed(
        list(_of(root, ("p", "strong", "em", "sub", "sup", "a", "li", "h2", "h3", "h4")))
    ):
        holds = any(
            _tag(child) in ("table", "hr", "ul", "ol") for child in element.iterdescendants()
        )
        if _words(element) or holds:
            continue
        parent = element.getparent()
        if parent is None or _is_only_of_cell(element, parent):
            continue
        if _tag(element) in ("strong", "em", "sub", "sup", "a") and len(element) == 0:
            element.drop_tag()
        else:
            _remove(element)


def _of(root: Any, tags: Iterable[str]) -> Any:
    return root.iterdescendants(*tags)


def _is_only_of_cell(element: Any, parent: Any) -> bool:
    return _tag(parent) in ("td", "th") and len(parent) == 1 and not (parent.text or "").strip()
