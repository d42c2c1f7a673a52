"""Rows into a file, part by part: CSV for every program, XLSX for spreadsheets.

No cell is ever a formula: whoever opens the file runs nothing that somebody typed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import IO, Any, Protocol

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from oda_portal.privacy.exports import FORMULA, defused

from .columns import Cell, Column

NAMES_FILL = PatternFill("solid", fgColor="FFE6EEF5")
WIDE, NARROW = 40, 16
# A text of more letters gets a wide column.
LONG_LABEL = 20


class Writer(Protocol):
    def write(self, rows: Iterable[Sequence[Cell]]) -> None: ...
    def close(self) -> None: ...


def writer_for(kind: str, file: IO[bytes], columns: Sequence[Column]) -> Writer:
    """`kind` is "xlsx" or "csv"; the heads are written at once."""
    return XlsxWriter(file, columns) if kind == "xlsx" else CsvWriter(file, columns)


class CsvWriter:
    """UTF-8 with the mark that spreadsheets know it by. The first row has the names."""

    def __init__(self, file: IO[bytes], columns: Sequence[Column]) -> None:
        self._file = file
        self._put("\ufeff")
        self.write([[column.label for column in columns]])

    def write(self, rows: Iterable[Sequence[Cell]]) -> None:
        buffer = io.StringIO()
        csv.writer(buffer).writerows([_text(cell) for cell in row] for row in rows)
        self._put(buffer.getvalue())

    def _put(self, text: str) -> None:
        self._file.write(text.encode())

    def close(self) -> None:
        self._file.flush()


def _text(cell: Cell) -> str:
    """A number is no formula, even below zero."""
    if isinstance(cell, int | float):
        return str(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes")
    return cell.isoformat() if isinstance(cell, date) else defused(cell)


class XlsxWriter:
    """One sheet, with the names and below them the keys, by which an import knows the columns.

    Rows go to the disk as they come; nothing of them stays in memory.
    """

    def __init__(self, file: IO[bytes], columns: Sequence[Column]) -> None:
        self._file = file
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet()
        for number, column in enumerate(columns, start=1):
            is_long = len(column.label) > LONG_LABEL or number == 2
            place = get_column_letter(number)
            self._sheet.column_dimensions[place].width = WIDE if is_long else NARROW
        # What stands still while one scrolls.
        self._sheet.freeze_panes = "B3"
        names = [self._cell(column.label) for column in columns]
        for cell in names:
            cell.font, cell.fill = Font(bold=True), NAMES_FILL
        keys = [self._cell(column.key) for column in columns]
        for cell in keys:
            cell.font = Font(color="FF6B6B6B", size=9)
        self._sheet.append(names)
        self._sheet.append(keys)

    def write(self, rows: Iterable[Sequence[Cell]]) -> None:
        for row in rows:
            self._sheet.append([self._value(cell) for cell in row])

    def _value(self, value: Cell) -> Any:
        return self._cell(value) if isinstance(value, str) else value

    def _cell(self, text: str) -> Any:
        text = ILLEGAL_CHARACTERS_RE.sub("", text)
        cell = WriteOnlyCell(self._sheet, text)
        if text.startswith(FORMULA):
            # A text, and it stays one when somebody edits it.
            cell.data_type, cell.quotePrefix = "s", True
        return cell

    def close(self) -> None:
        self._book.save(self._file)
        self._file.flush()
