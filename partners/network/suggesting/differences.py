"""Two versions of a text side by side: what goes, what comes, what stays."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from oda_portal.languages import HTML_LANG
from oda_portal.publishing.histories import label_of

from ...models import Suggestion
from .registry import Suggestable, of_row

# Words of scripts that have spaces; of Chinese each character.
TOKEN = re.compile(r"[^\W\u3400-\u9fff]+|\s+|.", re.DOTALL)


class Piece(NamedTuple):
    """`act` is "same", "gone" or "new"."""

    act: str
    text: str


@dataclass(frozen=True)
class Difference:
    """One column of a suggestion as it stands now and as it would be."""

    label: str
    html_lang: str
    pieces: list[Piece]
    # What the writer saw, where it is no longer what stands there.
    seen: str | None


def pieces(before: str, after: str) -> list[Piece]:
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    found = []
    for act, first, last, start, end in SequenceMatcher(None, old, new, False).get_opcodes():
        if act == "equal":
            found.append(Piece("same", "".join(old[first:last])))
            continue
        if last > first:
            found.append(Piece("gone", "".join(old[first:last])))
        if end > start:
            found.append(Piece("new", "".join(new[start:end])))
    return found


def differences(
    suggestable: Suggestable, now: Mapping[str, str], was: Mapping[str, str],
    wanted: Mapping[str, str],
) -> list[Difference]:  # fmt: skip
    """In the order of the record's columns, those that are wanted otherwise."""
    found = []
    for column, code in suggestable.columns():
        if column not in wanted:
            continue
        changed = now[column] != was[column] and now[column] != wanted[column]
        found.append(
            Difference(
                label=_label(suggestable, column),
                html_lang=HTML_LANG.get(code, ""),
                pieces=pieces(now[column], wanted[column]),
                seen=was[column] if changed else None,
            )
        )
    return found


def compared(suggestion: Suggestion, *, may_see: bool = True) -> list[Difference]:
    """While it waits against what stands there; after that against what stood there.

    Who may not see the record (any more) reads only what they saw then. Empty when it is gone.
    """
    subject: Any = suggestion.subject
    if subject is None:
        return []
    about, now = of_row(subject), dict(suggestion.was)
    if may_see and suggestion.state == Suggestion.State.WAITING:
        now |= about.texts(subject)
    return differences(about, now, suggestion.was, suggestion.wanted)


def _label(suggestable: Suggestable, column: str) -> str:
    field: Any = suggestable.model._meta.get_field(column)
    return label_of(field)
