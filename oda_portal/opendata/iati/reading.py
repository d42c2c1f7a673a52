"""IATI files as others send them: never more than a part in memory, and nothing that harms.

Entities are not resolved, nothing is fetched, and a file that declares entities at all is refused.
What cannot be read raises UnreadableError with one sentence for the person who sent it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

from django.utils.translation import gettext as _
from lxml import etree

Source: TypeAlias = "bytes | str | Path | BinaryIO"
Element: TypeAlias = etree._Element

VERSIONS = ("2.01", "2.02", "2.03")
# The root element of a file, and what it has many of.
RECORDS = {"iati-activities": "iati-activity", "iati-organisations": "iati-organisation"}
XML = "{http://www.w3.org/XML/1998/namespace}"
SAFE = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "attribute_defaults": False,
    "huge_tree": False,
}
AT_ONCE = 200
# Namespaces and attributes: the standard has a handful, and work grows with the square of them.
MOST_NAMES = 100
LONGEST_NAMESPACE = 300
# Elements and attributes that are in a namespace, in one record.
MOST_NAMED = 10_000
# How far to look for what a file is, before anything is parsed.
HEAD = 4096


class UnreadableError(Exception):
    """Why a file cannot be read, as a sentence in the active language."""


@dataclass(frozen=True)
class Limits:
    """Of files that people send: bytes, and activities or organisations."""

    size: int
    records: int


class Document:
    """A file whose root was looked at; what stands in it is read part by part.

    Raises UnreadableError at once for what is no IATI file of a version that is understood, and
    while reading for what breaks off or is not well-formed further on.
    """

    def __init__(self, source: Source, limits: Limits | None = None) -> None:
        self._limits = limits
        self._file = _opened(source)
        _refuse_by_size(self._file, limits)
        _refuse_by_head(self._file)
        root = self._first_element()
        _refuse_by_root(root)
        self.root: str = root.tag
        self.record: str = RECORDS[root.tag]
        self.version: str = root.get("version", "")
        # Neither namespaces nor what needs them: each record declares those that it uses itself,
        # and a root's would be copied into the text of every record.
        self._attributes: dict[Any, Any] = {
            name: value for name, value in root.attrib.items() if not _is_foreign(str(name))
        }
        self._declared = len(root.nsmap)

    @property
    def of_organisations(self) -> bool:
        return self.record == RECORDS["iati-organisations"]

    def records(self) -> Iterator[Element]:
        """One by one, each inside a root of its own kind; not to be kept past the next part."""
        for part in self.parts():
            yield from part.findall(self.record)

    def parts(self, at_once: int = AT_ONCE) -> Iterator[Element]:
        """The file in parts: roots that hold at most `at_once` records, and what is between them.

        Together they hold everything that stands below the root, in its order, but for comments,
        processing instructions and elements of other vocabularies. A file without records has one
        part.
        """
        counted = 0
        whole: Element | None = None
        part = self._empty()
        for record in self._ends():
            parent = record.getparent()
            if parent is None or parent.getparent() is not None:
                continue  # of another's vocabulary, further down
            whole = parent
            counted += 1
            self._refuse_by_number(counted)
            # The record itself stays: what follows it is not read yet.
            _move(whole, part, up_to=record)
            if len(part) >= at_once:
                yield part
                part = self._empty()
        if whole is not None:
            _move(whole, part)
        if len(part) or not counted:
            yield part

    def _first_element(self) -> Element:
        self._file.seek(0)
        events = etree.iterparse(self._file, events=("start",), **SAFE)
        for _event, element in _guarded(events, self._file):
            return element
        raise UnreadableError(_("The file is empty."))

    def _ends(self) -> Iterator[Element]:
        self._file.seek(0)
        events = etree.iterparse(self._file, events=("start-ns", "end"), tag=self.record, **SAFE)
        declared = -self._declared
        for event, found in _guarded(events, self._file):
            if event == "end":
                declared = 0
                yield found
                continue
            # Counted while they come: moving a record looks each up among all the others.
            declared += 1
            if declared > MOST_NAMES or len(found[1]) > LONGEST_NAMESPACE:
                raise overloaded()

    def _empty(self) -> Element:
        return etree.Element(self.root, attrib=self._attributes)

    def _refuse_by_number(self, counted: int) -> None:
        if self._limits and counted > self._limits.records:
            message = _("The file holds more than %(number)s activities. Please divide it.")
            raise UnreadableError(message % {"number": self._limits.records})


def parsed(raw: str) -> Element:
    """A record from its kept text, read as carefully as its file was."""
    return etree.fromstring(raw.encode(), etree.XMLParser(**SAFE))  # type: ignore[arg-type]


def raw_text(record: Element) -> str:
    """A record as it stands in the file, with the namespaces that it needs."""
    return etree.tostring(record, encoding="unicode", with_tail=False)


def overloaded() -> UnreadableError:
    sentence = _("The file has far more namespaces or attributes than IATI needs. It is not read.")
    return UnreadableError(sentence)


def _move(whole: Element, part: Element, up_to: Element | None = None) -> None:
    # The first alone is asked for: len() counts them all, which half a million never end.
    while (first := next(iter(whole), None)) is not None and first is not up_to:
        is_element = isinstance(first.tag, str)
        if is_element and (_many_attributes(first) or _many_named(first)):
            raise overloaded()
        if is_element and not _is_foreign(first.tag):
            part.append(first)
        else:
            whole.remove(first)


def _is_foreign(name: str) -> bool:
    return name.startswith("{") and not name.startswith(XML)


_many_attributes = etree.XPath(f"boolean(descendant-or-self::*[@*[{MOST_NAMES + 1}]])")
_many_named = etree.XPath(
    f"boolean((descendant-or-self::*[namespace-uri() or @*[namespace-uri()]])[{MOST_NAMED + 1}])"
)


def _opened(source: Source) -> BinaryIO:
    if isinstance(source, bytes):
        return io.BytesIO(source)
    if isinstance(source, str | Path):
        return open(source, "rb")  # closed when the document is let go
    return source


def _refuse_by_size(file: BinaryIO, limits: Limits | None) -> None:
    size = file.seek(0, io.SEEK_END)
    if not size:
        raise UnreadableError(_("The file is empty."))
    if limits and size > limits.size:
        message = _("The file is larger than %(size)s MB. Please divide it.")
        raise UnreadableError(message % {"size": limits.size // 1_000_000})


def _refuse_by_head(file: BinaryIO) -> None:
    """By the first bytes in whatever encoding, before the parser sees a declaration."""
    file.seek(0)
    head = file.read(HEAD).replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    small = head.lower()
    if b"<!doctype html" in small or small.startswith(b"<html"):
        raise UnreadableError(_("This is a web page (HTML), not an IATI file."))
    if b"<!doctype" in small or b"<!entity" in small:
        raise UnreadableError(_declares())
    if not head.startswith(b"<"):
        raise UnreadableError(_("This is not an XML file. IATI files are XML and end in .xml."))


def _declares() -> str:
    return _("The file declares its own entities (DOCTYPE). Such files are not read.")


def _refuse_by_root(root: Element) -> None:
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableError(_declares())
    if len(root.nsmap) > MOST_NAMES or len(root.attrib) > MOST_NAMES:
        raise overloaded()
    name = etree.QName(root)
    if name.localname.lower() == "html":
        raise UnreadableError(_("This is a web page (HTML), not an IATI file."))
    if root.tag not in RECORDS:
        message = _("This is XML but not an IATI file: it begins with <%(name)s>.")
        raise UnreadableError(message % {"name": name.localname[:60]})
    version = root.get("version", "").strip()
    if not version:
        raise UnreadableError(_("The file does not say which version of IATI it is."))
    if version not in VERSIONS:
        message = _("IATI version %(version)s is not read. Versions 2.01, 2.02 and 2.03 are.")
        raise UnreadableError(message % {"version": version[:20]})


def _guarded(events: Any, file: BinaryIO) -> Iterator[Any]:
    try:
        yield from events
    except etree.XMLSyntaxError as wrong:
        raise UnreadableError(_sentence(wrong, file)) from wrong
    except (LookupError, UnicodeError) as wrong:  # an encoding that there is not
        raise UnreadableError(_wrong_encoding()) from wrong


_Errors = etree.ErrorTypes
ENCODING = {
    _Errors.ERR_UNKNOWN_ENCODING,
    _Errors.ERR_UNSUPPORTED_ENCODING,
    _Errors.ERR_INVALID_ENCODING,
    _Errors.ERR_INVALID_CHAR,
    _Errors.ERR_ENCODING_NAME,
    _Errors.I18N_CONV_FAILED,
    _Errors.I18N_NO_OUTPUT,
    _Errors.I18N_NO_HANDLER,
    _Errors.I18N_EXCESS_HANDLER,
    _Errors.IO_ENCODER,
}


def _sentence(wrong: etree.XMLSyntaxError, file: BinaryIO) -> str:
    code = wrong.code  # type: ignore[attr-defined]  # the stubs leave it out
    if code == _Errors.ERR_ENTITY_LOOP:
        return _declares()
    if code in ENCODING:
        return _wrong_encoding()
    # The parser says where it stopped at the end of its message once more.
    at = {"line": wrong.lineno or 1, "message": (wrong.msg or "").rsplit(", line ", 1)[0]}
    if code == _Errors.ERR_RESOURCE_LIMIT:
        return _("Line %(line)s holds more, or is nested deeper, than can be read safely.") % at
    if _breaks_off(file):
        return _("The file breaks off in line %(line)s before it is complete.") % at
    return _("The file is not well-formed XML, line %(line)s: %(message)s") % at


def _breaks_off(file: BinaryIO) -> bool:
    """Whether the last tag of an IATI file is missing, whatever the parser stumbled over."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - HEAD))
    end = file.read().replace(b"\0", b"")
    return not any(f"</{root}".encode() in end for root in RECORDS)


def _wrong_encoding() -> str:
    return _("The letters of the file are not in the encoding that it declares.")
