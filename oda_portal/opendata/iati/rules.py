"""The kinds of rules of the IATI ruleset, each as a function that finds what breaks it.

Written from the ruleset's specification. Where the official validator is laxer than the words of a
rule, this one follows the words: every date is compared, not the first alone; `if` and `then` are
true when they find something; and values of a loop count in its condition too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, TypeAlias

from lxml import etree

from .reading import Element
from .standard import code_lists

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
NAMESPACES = {"xml": "http://www.w3.org/XML/1998/namespace"}
# Publishers that have been on the registry since before identifiers had prefixes.
OLD_PUBLISHERS = ("KR-GOV-010", "KR-GOV-051", "XM-DAC-41114", "US-GOV-1", "44000")
LONGEST_PERIOD = 365

# What an XPath finds: elements, or text and attributes, which know their element.
Node: TypeAlias = Any
Failure: TypeAlias = "tuple[Node, str]"


@dataclass(frozen=True)
class Asked:
    """A case of a rule about one element. `value` stands for $1 inside a loop."""

    element: Element
    case: dict[str, Any]
    now: datetime
    value: str = ""
    nodes: list[Node] = field(default_factory=list)

    def find(self, path: str) -> list[Node]:
        return found_by(_compiled(path), self.element, value=self.value)

    def holds(self, path: str) -> bool:
        found = _compiled(path)(self.element, value=self.value)
        return found == found and bool(found)  # a number that is none is false

    def dates(self, key: str) -> list[tuple[Node, datetime]]:
        path = self.case[key]
        if path == "NOW":
            return [(self.element, self.now)]
        return [(node, day) for node in self.find(path) if (day := moment_of(node))]


def found_by(path: etree.XPath, where: Any, **values: str) -> list[Node]:
    """The nodes of a path; none for one that gives a number or a truth."""
    found = path(where, **values)
    return found if isinstance(found, list) else []


@cache
def _compiled(path: str) -> etree.XPath:
    """The value of a loop is passed as a variable: it comes from the file that is checked."""
    return etree.XPath(path.replace("'$1'", "$value"), namespaces=NAMESPACES)


def failures(kind: str, asked: Asked) -> Iterator[tuple[dict[str, Any], Node, str]]:
    """The cases that fail, with where and why. Raises KeyError for an unknown kind of rule."""
    if kind == "loop":
        yield from _failures_of_loop(asked)
        return
    case = asked.case
    if "condition" in case and not asked.holds(case["condition"]):
        return
    nodes = [node for path in case.get("paths", ()) for node in asked.find(path)]
    if _is_excepted(case.get("idCondition"), nodes):
        return
    about = Asked(asked.element, case, asked.now, asked.value, nodes)
    for node, detail in KINDS[kind](about):
        yield case["ruleInfo"], node, detail


def _failures_of_loop(asked: Asked) -> Iterator[tuple[dict[str, Any], Node, str]]:
    values = dict.fromkeys(text_of(node) for node in asked.find(asked.case["foreach"]))
    for value in values:
        for kind, block in asked.case["do"].items():
            for case in block["cases"]:
                yield from failures(kind, Asked(asked.element, case, asked.now, value))


def _is_excepted(condition: str | None, nodes: list[Node]) -> bool:
    if condition is None:
        return False
    texts = [text_of(node) for node in nodes]
    if condition == "NOT_EXISTING_ORG_ID":
        return any(text in OLD_PUBLISHERS for text in texts)
    if condition == "NOT_EXISTING_ORG_ID_PREFIX":
        starts = tuple(f"{publisher}-" for publisher in OLD_PUBLISHERS)
        return any(text.startswith(starts) for text in texts)
    return False


def text_of(node: Node) -> str:
    return node if isinstance(node, str) else "".join(node.itertext())


def moment_of(node: Node) -> datetime | None:
    """A day or a moment; in UTC when it does not say. None for what is neither."""
    text = text_of(node).strip()
    for part in (text, text[:19], text[:10]):
        try:
            found = datetime.fromisoformat(part)
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def _atleast_one(asked: Asked) -> Iterator[Failure]:
    if not asked.nodes:
        yield asked.element, ""


def _no_more_than_one(asked: Asked) -> Iterator[Failure]:
    if len(asked.nodes) > 1:
        yield asked.nodes[1], f"{len(asked.nodes)} found"


def _one_or_all(asked: Asked) -> Iterator[Failure]:
    if asked.holds(asked.case["one"]):
        return
    path, attribute = ALL_OF[asked.case["all"]]
    for node in asked.find(path):
        if attribute is None or node.get(attribute) is None:
            yield node, ""


# What the words “all must have …” mean: where to look, and for which attribute.
ALL_OF: dict[str, tuple[str, str | None]] = {
    "sector": ("transaction[not(sector)][../transaction/sector]", None),
    "lang": ("descendant::narrative", LANG),
    "currency": (
        "descendant::value|descendant::forecast|descendant::loan-status",
        "currency",
    ),
}


def _unique(asked: Asked) -> Iterator[Failure]:
    texts = [text_of(node).strip() for node in asked.nodes]
    if doubled := sorted({text for text in texts if texts.count(text) > 1}):
        yield asked.element, ", ".join(doubled)


def _startswith(asked: Asked) -> Iterator[Failure]:
    prefixes = asked.case["prefix"]
    if prefixes == ["ORG-ID-PREFIX"]:
        known = code_lists()["OrganisationRegistrationAgency"]["codes"]
        for node in asked.nodes:
            if "-".join(text_of(node).split("-")[:2]) not in known:
                yield node, text_of(node)
        return
    separator = asked.case.get("separator", "")
    found = [text_of(node) + separator for path in prefixes for node in asked.find(path)]
    for node in asked.nodes:
        if not text_of(node).strip().startswith(tuple(found)):
            yield node, f"{text_of(node).strip()}: {', '.join(found)}"


def _regex_matches(asked: Asked) -> Iterator[Failure]:
    for node in asked.nodes:
        if (text := text_of(node)) and not re.search(asked.case["regex"], text):
            yield node, text


def _no_spaces(asked: Asked) -> Iterator[Failure]:
    for node in asked.nodes:
        if (text := text_of(node)) != text.strip():
            yield node, repr(text)


def _range(asked: Asked) -> Iterator[Failure]:
    lowest = Decimal(str(asked.case.get("min", "-Infinity")))
    highest = Decimal(str(asked.case.get("max", "Infinity")))
    for node in asked.nodes:
        number = _number(text_of(node))
        if number is None or not lowest <= number <= highest:
            yield node, text_of(node)


def _strict_sum(asked: Asked) -> Iterator[Failure]:
    numbers = [_number(text_of(node)) for node in asked.nodes]
    where = asked.nodes[0] if asked.nodes else asked.element
    if None in numbers:
        yield where, "not a number"
    elif (total := sum(filter(None, numbers), Decimal(0))) != Decimal(str(asked.case["sum"])):
        yield where, f"{total:f}"


def _number(text: str) -> Decimal | None:
    """None for what is no number, and for words that a Decimal would take (NaN, Infinity)."""
    try:
        found = Decimal(text.strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _if_then(asked: Asked) -> Iterator[Failure]:
    if asked.holds(asked.case["if"]) and not asked.holds(asked.case["then"]):
        yield asked.element, ""


def _date_order(asked: Asked) -> Iterator[Failure]:
    later = asked.dates("more")[:1]
    for node, day in asked.dates("less"):
        for _other, limit in later:
            if day > limit:
                yield node, f"{day.date()} > {limit.date()}"


def _date_now(asked: Asked) -> Iterator[Failure]:
    for node, day in asked.dates("date"):
        if day > asked.now:
            yield node, day.isoformat()


def _time_limit(asked: Asked) -> Iterator[Failure]:
    pairs = zip(asked.dates("start"), asked.dates("end"), strict=False)
    for (_start, first), (node, last) in pairs:
        if (days := (last - first).days) > LONGEST_PERIOD:
            yield node, f"{days} days"


def _between_dates(asked: Asked) -> Iterator[Failure]:
    first, last = asked.dates("start"), asked.dates("end")
    if not (first and last):
        return
    for node, day in asked.dates("date"):
        if not first[0][1] <= day <= last[0][1]:
            yield node, str(day.date())


KINDS: dict[str, Callable[[Asked], Iterator[Failure]]] = {
    "atleast_one": _atleast_one,
    "no_more_than_one": _no_more_than_one,
    "one_or_all": _one_or_all,
    "unique": _unique,
    "startswith": _startswith,
    "regex_matches": _regex_matches,
    "no_spaces": _no_spaces,
    "range": _range,
    "strict_sum": _strict_sum,
    "if_then": _if_then,
    "date_order": _date_order,
    "date_now": _date_now,
    "time_limit": _time_limit,
    "between_dates": _between_dates,
}
