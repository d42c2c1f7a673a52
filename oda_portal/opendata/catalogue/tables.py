"""Rows of a dataset as a table that people read."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from oda_portal.languages import HTML_LANG
from oda_portal.opendata.columns import Column, Type
from oda_portal.opendata.registry import Dataset
from oda_portal.publishing.texts import day

# Long texts, and what only machines need, are in the files.
LEFT_OUT = {
    *("url", "summary", "body", "answer", "abstract", "intro", "description", "alt"),
    *("id", "code", "slug", "key", "changed_at", "precision_name"),
}
ENDS_LEFT_OUT = ("_code", "_slug", "_id", "_precision_name")
# More would not be read side by side.
MOST_COLUMNS = 8
NOTHING = "–"
NUMBERS = (Type.INTEGER, Type.NUMBER)


@dataclass(frozen=True)
class Cell:
    """`lang` is set where the text is in another language than the page."""

    text: str
    label: str
    is_number: bool
    lang: str = ""
    url: str = ""


@dataclass(frozen=True)
class Line:
    head: Cell
    cells: list[Cell]


@dataclass(frozen=True)
class Table:
    """`left_out`: how many columns there are that only the files have."""

    heads: list[str]
    lines: list[Line]
    left_out: int


def table_of(dataset: Dataset, rows: Iterable[Any]) -> Table:
    """The first column heads its line, and leads to the row's own page where it has one."""
    names = {column.name: column for column in dataset.columns}
    columns = shown_columns(dataset)
    lines = [_line(columns, names, row) for row in rows]
    heads = [_head(column) for column in columns]
    return Table(heads, lines, len(dataset.columns) - len(columns))


def shown_columns(dataset: Dataset) -> list[Column]:
    """What a row is called first, and names instead of codes; the rest is in the files."""
    names = {column.name: column for column in dataset.columns}
    shown = [column for column in dataset.columns if _is_shown(column, names)]
    called = names.get(dataset.called)
    head = called or next((column for column in shown if column.text), shown[0])
    others = [column for column in shown if column is not head]
    return [head, *others][:MOST_COLUMNS]


def _is_shown(column: Column, names: Container[str]) -> bool:
    named = {f"{column.name}_name", column.name.replace("_codes", "_names")} - {column.name}
    is_code = any(name in names for name in named) or column.name.endswith(ENDS_LEFT_OUT)
    told_of = column.name.removesuffix("_language")
    is_language = told_of != column.name and told_of in names
    return not (is_code or is_language or column.name in LEFT_OUT)


def _line(columns: list[Column], names: Mapping[str, Column], row: Any) -> Line:
    first, *others = [_cell(column, names, row) for column in columns]
    address = (names["url"].value(row) or "") if "url" in names else ""
    return Line(replace(first, url=address.removeprefix(settings.SITE_URL)), others)


def _cell(column: Column, names: Mapping[str, Column], row: Any) -> Cell:
    value = column.value(row)
    labels: dict[Any, Any] = dict(column.codes or ())
    shown = labels.get(value, value) if isinstance(value, str) else value
    told = names.get(f"{column.name}_language")
    lang = (told.value(row) or "") if told else ""
    here = HTML_LANG[translation.get_language() or settings.LANGUAGE_CODE]
    return Cell(
        words(shown),
        _head(column),
        is_number=column.type in NUMBERS and value is not None,
        lang="" if lang == here else lang,
    )


def _head(column: Column) -> str:
    return str(column.short or column.about)


def words(value: Any) -> str:
    """A value as the active language writes it."""
    if value is None or value == "" or value == []:
        return NOTHING
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return day(timezone.localtime(value).date())
    if isinstance(value, date):
        return day(value)
    if isinstance(value, list):
        return pgettext("between the names in a list", ", ").join(words(each) for each in value)
    return str(value)
