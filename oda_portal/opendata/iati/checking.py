"""Is this a clean IATI file: the schema, the ruleset, the code lists, and no identifier twice.

A file is checked in parts, so that its size is no matter. Severities, numbers and messages of
rules are those of the IATI ruleset, in English as everywhere; what cannot be read at all raises
`reading.UnreadableError` with a sentence in the active language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from . import codes
from .reading import AT_ONCE, Document, Element, Source, UnreadableError
from .rules import NAMESPACES, Asked, Node, failures, found_by, text_of
from .standard import ACTIVITIES_SCHEMA, FOLDER, ORGANISATIONS_SCHEMA, mapping, rules

# Our own numbers beside those of the ruleset.
SCHEMA = "0.3.1"
DUPLICATE = "1.1.2"
NO_CODE = "9.x"
WITHDRAWN = "W.1"

MOST = 10_000
# The parser counts lines up to here only.
LAST_LINE = 65_535


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """What is wrong, in which activity or organisation and line (0 where nobody counted)."""

    severity: Severity
    rule: str
    identifier: str
    line: int
    message: str
    detail: str = ""

    def __str__(self) -> str:
        detail = f" ({self.detail})" if self.detail else ""
        where = f"line {self.line}: {self.identifier or '-'}"
        return f"{self.severity}: [{self.rule}] {where}: {self.message}{detail}"

    def as_dict(self) -> dict[str, str | int]:
        return asdict(self)


def check(
    source: Source,
    *,
    organisation: bool | None = None,
    now: datetime | None = None,
    most: int = MOST,
) -> list[Finding]:
    """Everything that is wrong with a file, errors first; nothing for a clean one.

    `organisation` says which kind of file it must be, None takes either. No more than `most`
    findings are collected. Raises UnreadableError for what is no IATI file.
    """
    document = Document(source)
    if organisation is not None and organisation != document.of_organisations:
        raise UnreadableError(_wrong_kind(document))
    found: list[Finding] = []
    for finding in findings(document, now=now):
        found.append(finding)
        if len(found) >= most:
            break
    return sorted(found, key=lambda each: (each.severity != Severity.ERROR, each.line))


def _wrong_kind(document: Document) -> str:
    if document.of_organisations:
        return _("This is a file about organisations; one about activities is wanted.")
    return _("This is a file about activities; one about organisations is wanted.")


def findings(document: Document, *, now: datetime | None = None) -> Iterator[Finding]:
    """As they are met, part by part."""
    seen: dict[str, int] = {}
    for part in document.parts(AT_ONCE):
        yield from findings_in(part, now=now)
        if not document.of_organisations:
            yield from _twice(part, seen)


def findings_in(part: Element, *, now: datetime | None = None) -> Iterator[Finding]:
    """Of a root with some of its records: all but what only the whole file can tell."""
    yield from _by_schema(part)
    yield from _by_rules(part, now or datetime.now(UTC))
    yield from _by_codes(part)


@cache
def _schema(root: str) -> etree.XMLSchema:
    name = ACTIVITIES_SCHEMA if root == "iati-activities" else ORGANISATIONS_SCHEMA
    return etree.XMLSchema(etree.parse(str(FOLDER / "xsd" / name)))


def _by_schema(part: Element) -> Iterator[Finding]:
    schema = _schema(part.tag)
    if schema.validate(part):
        return
    for error in list(schema.error_log):  # type: ignore[call-overload]  # of the stubs
        found = RECORD_OF_PATH.match(error.path or "")
        record = part.getroottree().find(found[1]) if found else None
        identifier = identifier_of(record)
        yield Finding(Severity.ERROR, SCHEMA, identifier, _line(error.line), error.message)


# The record in the path that the schema’s errors give.
RECORD_OF_PATH = re.compile(r"/iati-\w+/(iati-(?:activity|organisation)(?:\[\d+\])?)(?=/|$)")


def _by_rules(part: Element, now: datetime) -> Iterator[Finding]:
    for context, kinds in _rulebook():
        for element in found_by(context, part.getroottree()):
            for kind, case in kinds:
                for info, node, detail in failures(kind, Asked(element, case, now)):
                    yield _finding(info["severity"], info["id"], info["message"], node, detail)


@cache
def _rulebook() -> list[tuple[etree.XPath, list[tuple[str, dict]]]]:
    return [
        (
            etree.XPath(context, namespaces=NAMESPACES),
            [(kind, case) for kind, block in kinds.items() for case in block["cases"]],
        )
        for context, kinds in rules().items()
    ]


def _by_codes(part: Element) -> Iterator[Finding]:
    for place, path, list_name in _places():
        for node in found_by(path, part.getroottree()):
            code = text_of(node).strip()
            if not codes.is_known(list_name, code):
                complete = codes.is_complete(list_name)
                severity = Severity.ERROR if complete else Severity.WARNING
                message = f"{place} is not a code of {list_name}."
                yield _finding(severity, NO_CODE, message, node, repr(code))
            elif codes.is_withdrawn(list_name, code):
                message = f"{place} is a withdrawn code of {list_name}."
                yield _finding(Severity.WARNING, WITHDRAWN, message, node, code)


@cache
def _places() -> list[tuple[str, etree.XPath, str]]:
    found = []
    for entry in mapping():
        element, _slash, leaf = entry["path"].rpartition("/")
        condition = f"[{entry['condition']}]" if "condition" in entry else ""
        # Reports to the OECD in an IATI file are nobody's business here.
        if "/crs-add" not in element:
            path = etree.XPath(f"{element}{condition}/{leaf}", namespaces=NAMESPACES)
            found.append((entry["path"].lstrip("/"), path, entry["list"]))
    return found


def _twice(part: Element, seen: dict[str, int]) -> Iterator[Finding]:
    message = "The activity identifier must be unique for each activity."
    for element in part.iterfind("iati-activity/iati-identifier"):
        identifier = text_of(element).strip()
        if identifier in seen:
            detail = f"also in line {seen[identifier]}"
            yield _finding(Severity.ERROR, DUPLICATE, message, element, detail)
        seen.setdefault(identifier, _line(element.sourceline))


def _finding(severity: str, rule: str, message: str, node: Node, detail: str) -> Finding:
    element = node if isinstance(node, etree._Element) else node.getparent()
    identifier, line = identifier_of(element), _line(element.sourceline)
    return Finding(Severity(severity), rule, identifier, line, message, detail)


def identifier_of(element: Element | None) -> str:
    """Of the activity or organisation that an element is part of; "" outside."""
    while element is not None and element.tag not in ("iati-activity", "iati-organisation"):
        element = element.getparent()
    if element is None:
        return ""
    found = element.findtext("iati-identifier") or element.findtext("organisation-identifier")
    return (found or "").strip()


def _line(line: Any) -> int:
    return line if line and line < LAST_LINE else 0


def counted(found: Iterable[Finding]) -> tuple[int, int]:
    """Errors and warnings."""
    severities = [finding.severity for finding in found]
    return severities.count(Severity.ERROR), severities.count(Severity.WARNING)
