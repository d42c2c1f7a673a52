"""Which column of the file is which, by its head: a stable key, or a name in any language."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl.utils import get_column_letter

from oda_portal.publishing.histories import label_of, translated_fields
from oda_portal.publishing.models import language_column

from .cells import Cell, folded
from .columns import Column, columns_of
from .reading import MAX_ROWS, Row, UnreadableError, rows_of
from .registry import Importable

# Above the heads there may be a title, or a remark.
LOOKED_AT = 10


def reason_head() -> str:
    return pgettext("import", "To correct")


def reason_heads() -> set[str]:
    """Of that column in every language: a corrected file still has it."""
    found = set()
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found.add(folded(reason_head()))
    return found


class Heads(NamedTuple):
    """Columns by their place in a row; `passed_over`: heads of what cannot be imported."""

    columns: dict[int, Column]
    passed_over: dict[int, str]

    def cells(self, row: list[Cell]) -> dict[str, Cell]:
        """By the names of the columns. Raises UnreadableError for a cell that has no head."""
        found = {}
        for index, cell in enumerate(row):
            if index in self.columns:
                found[self.columns[index].name] = cell
            elif not cell.is_empty and index not in self.passed_over:
                raise UnreadableError(
                    _(
                        "Cell %(cell)s has something in it, but its column has no name. Write the"
                        " name in the first row; if cells of that row are merged, unmerge them."
                    )
                    % {"cell": cell.where}
                )
        return found


def read(content: bytes, ending: str, importable: Importable) -> tuple[Heads, Iterator[Row]]:
    """The heads, and the rows below them. Raises UnreadableError."""
    rows = rows_of(content, ending)
    known = _Known(importable)
    above: list[Row] = []
    for row in rows:
        above.append(row)
        if len(above) == LOOKED_AT:
            break
    if not above:
        raise UnreadableError(_("There is nothing in this file."))
    best = max(range(len(above)), key=lambda place: known.count(above[place][1]))
    if not known.count(above[best][1]):
        raise UnreadableError(_no_heads(importable))
    heads = known.heads(above[best][1])
    below = [row for row in above[best + 1 :] if not known.is_heads(row[1])]
    return heads, _limited(below, rows)


def _limited(below: list[Row], rows: Iterator[Row]) -> Iterator[Row]:
    found = 0
    for part in (below, rows):
        for row in part:
            found += 1
            if found > MAX_ROWS:
                sentence = _("There are more than %(n)s rows in this file. Please divide it.")
                raise UnreadableError(sentence % {"n": f"{MAX_ROWS:,}"})
            yield row


def _no_heads(importable: Importable) -> str:
    labels = [column.label for column in columns_of(importable)][:4]
    return _(
        "No column of this file has a known name. The first row has to name them: %(names)s …"
        " The template has all of them."
    ) % {"names": ", ".join(labels)}


class _Known:
    """All names of columns, and what they mean."""

    def __init__(self, importable: Importable) -> None:
        self.columns = columns_of(importable)
        self.by_head: dict[str, list[Column]] = defaultdict(list)
        for column in self.columns:
            for head in column.heads:
                self.by_head[head].append(column)
        for head, column in self._without_language(importable):
            # In Korean a title without a language is the Korean one.
            self.by_head.setdefault(head, [column])
        self.others = _heads_of_others(importable) - set(self.by_head)

    def _without_language(self, importable: Importable) -> Iterator[tuple[str, Column]]:
        by_name = {column.name: column for column in self.columns}
        for name in set(translated_fields(importable.model)) & set(importable.columns):
            field = importable.model._meta.get_field(name)
            for code, _language in settings.LANGUAGES:
                with translation.override(code):
                    label = folded(str(field.verbose_name))  # type: ignore[union-attr]
                yield label, by_name[language_column(name, code)]

    def count(self, row: list[Cell]) -> int:
        return sum(folded(str(cell.value)) in self.by_head for cell in row if not cell.is_empty)

    def is_heads(self, row: list[Cell]) -> bool:
        """Whether it names columns once more: by keys below names, as an export does."""
        filled = [folded(str(cell.value)) for cell in row if not cell.is_empty]
        known = [head for head in filled if head in self.by_head or head in self.others]
        return len(known) == len(filled) and len(set(known)) == len(known) and len(known) > 1

    def heads(self, row: list[Cell]) -> Heads:
        columns: dict[int, Column] = {}
        passed_over: dict[int, str] = {}
        for index, cell in enumerate(row):
            if cell.is_empty:
                continue
            head = str(cell.value).strip()
            found = self.by_head.get(folded(head), [])
            if not found and folded(head) in self.others:
                passed_over[index] = head
                continue
            columns[index] = self._only(found, head, cell)
        self._refuse_twice(columns)
        return Heads(columns, passed_over)

    def _only(self, found: list[Column], head: str, cell: Cell) -> Column:
        if len(found) == 1:
            return found[0]
        values = {"cell": cell.where, "head": head[:60]}
        if found:
            keys = ", ".join(column.name for column in found)
            sentence = _("%(cell)s: “%(head)s” may be several columns. Write one of: %(keys)s.")
            raise UnreadableError(sentence % {**values, "keys": keys})
        if guess := self._guess(head):
            sentence = _("%(cell)s: there is no column “%(head)s”. Did you mean “%(guess)s”?")
            raise UnreadableError(sentence % {**values, "guess": guess})
        raise UnreadableError(
            _("%(cell)s: there is no column “%(head)s”. Correct its name, or delete the column.")
            % values
        )

    def _guess(self, head: str) -> str:
        labels = {folded(column.label): column.label for column in self.columns}
        names = {**{key: found[0].label for key, found in self.by_head.items()}, **labels}
        near = difflib.get_close_matches(folded(head), names, n=1, cutoff=0.5)
        return names[near[0]] if near else ""

    def _refuse_twice(self, columns: dict[int, Column]) -> None:
        seen: dict[str, int] = {}
        for index, column in columns.items():
            if column.name in seen:
                sentence = _(
                    "The columns %(first)s and %(second)s are both “%(head)s”. Delete one."
                )
                raise UnreadableError(
                    sentence
                    % {
                        "first": get_column_letter(seen[column.name] + 1),
                        "second": get_column_letter(index + 1),
                        "head": column.label,
                    }
                )
            seen[column.name] = index


def _heads_of_others(importable: Importable) -> set[str]:
    """Of what an export shows besides, and an import passes over: status, times, counts."""
    fields: list[Any] = [
        field for field in importable.model._meta.get_fields() if hasattr(field, "verbose_name")
    ]
    found = {folded(field.name) for field in fields} | reason_heads()
    for code, _language in settings.LANGUAGES:
        with translation.override(code):
            found |= {folded(label_of(field)) for field in fields}
            found |= {folded(str(field.verbose_name)) for field in fields}
    return found
