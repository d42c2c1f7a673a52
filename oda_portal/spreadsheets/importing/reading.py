"""The rows of a spreadsheet, one at a time, from XLSX or CSV; what is no such file says so.

Nothing is read before its size is known, and no file is held as a whole once it is unpacked.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from oda_portal.files.containers import OLE_MAGIC
from oda_portal.files.documents import check_document
from oda_portal.files.refusals import refusal

from .cells import Cell, Fault, Formula
from .weight import is_too_heavy

ENDINGS = ("xlsx", "csv")
MAX_ROWS = 10_000
MAX_COLUMNS = 100
# Texts that stand in several cells are kept apart in the file, and loaded before the first row.
MAX_SHARED = 20 * 1024 * 1024
MAX_SHEET = 120 * 1024 * 1024
MAX_PART = 30 * 1024 * 1024
# Of rows that hold nothing. In some files a single row far below stands for all those above it.
MAX_EMPTY = 20_000
SMALL_PART = 512 * 1024

_SHARED = "xl/sharedStrings.xml"
_SHEETS = "xl/worksheets/"
_HEAD = 4096
_PART = 1024 * 1024
_DELIMITERS = ",;\t"
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^<>]*?ref=["\']([A-Z]{1,3}\d+:[A-Z]{1,3}\d+)["\']')

Row = tuple[int, list[Cell]]


class UnreadableError(Exception):
    """The file as a whole cannot be taken; the text says why, and what to do."""


def check_file(content: bytes, ending: str) -> None:
    """Raises ValidationError or UnreadableError unless it is a spreadsheet of its ending’s kind."""
    if not content:
        raise refusal("file_empty")
    if ending == "xls":
        sentence = _("This is the format of old Excel. Save it as XLSX and attach it again.")
        raise UnreadableError(sentence)
    if ending not in ENDINGS:
        raise refusal("file_type", types="XLSX, CSV")
    if ending == "xlsx":
        if content.startswith(OLE_MAGIC) and _is_old_book(content):
            raise UnreadableError(
                _("This is an old Excel file with a new name ending. Save it as XLSX.")
            )
        check_document(content, "xlsx")
        _check_parts(content)
    elif content.startswith((b"PK\x03\x04", OLE_MAGIC, b"%PDF")) or _is_binary(content):
        raise refusal("file_mismatch")


def _is_old_book(content: bytes) -> bool:
    return any(name.encode("utf-16-le") in content for name in ("Workbook", "Book"))


def _is_binary(content: bytes) -> bool:
    return b"\0" in content[:_HEAD] and not content.startswith((b"\xff\xfe", b"\xfe\xff"))


def _check_parts(content: bytes) -> None:
    """What openpyxl would load whole, or take declarations from."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        for part in book.infolist():
            is_shared = part.filename == _SHARED
            most = MAX_SHEET if part.filename.startswith(_SHEETS) else MAX_PART
            if part.file_size > (MAX_SHARED if is_shared else most):
                raise UnreadableError(_("There is too much text in this file. Please divide it."))
            with book.open(part) as stream:
                if b"<!DOCTYPE" in stream.read(_HEAD):
                    raise refusal("file_damaged")
            # A sheet may stand under any name; a small part can do no harm.
            if part.file_size > SMALL_PART:
                with book.open(part) as stream:
                    if is_too_heavy(stream, shared=is_shared):
                        raise UnreadableError(
                            _("There is too much text in this file. Please divide it.")
                        )


def rows_of(content: bytes, ending: str) -> Iterator[Row]:
    """Rows that hold anything, with their numbers in the spreadsheet. Raises UnreadableError."""
    rows = _book_rows(content) if ending == "xlsx" else _text_rows(content)
    found = empty = 0
    for number, row in rows:
        if all(cell.is_empty for cell in row):
            empty += 1
            if empty > MAX_EMPTY:
                raise UnreadableError(_("There are too many empty rows in this file."))
            continue
        if len(row) > MAX_COLUMNS and any(not cell.is_empty for cell in row[MAX_COLUMNS:]):
            sentence = _(
                "Row %(row)s has more than %(n)s columns. Delete those that are not needed."
            )
            raise UnreadableError(sentence % {"row": number, "n": MAX_COLUMNS})
        found += 1
        if found > MAX_ROWS + 10:
            sentence = _("There are more than %(n)s rows in this file. Please divide it.")
            raise UnreadableError(sentence % {"n": f"{MAX_ROWS:,}"})
        yield number, row[:MAX_COLUMNS]


# --- XLSX -----------------------------------------------------------------------------------------


def _book_rows(content: bytes) -> Iterator[Row]:
    try:
        yield from _sheet_rows(content)
    except (UnreadableError, ValidationError, GeneratorExit):
        raise
    except Exception as error:
        # The reader has as many errors as a broken file can have faults.
        raise UnreadableError(
            _("This file is damaged and cannot be opened. Save it again or attach another.")
        ) from error


def _sheet_rows(content: bytes) -> Iterator[Row]:
    with warnings.catch_warnings():
        # Of styles and extensions that are no matter here.
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False, rich_text=False)
    try:
        if not book.worksheets:
            raise UnreadableError(_("There is no sheet with rows in this file."))
        sheet: Any = book.worksheets[0]
        _refuse_merged(sheet)
        # What the file says of its size may be wrong, and a million columns wide.
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1), 1):
            # Nothing is made of cells that hold nothing: there may be a hundred in every row.
            if all(each.value is None for each in row):
                yield number, []
                continue
            yield number, [_cell(each, index, number) for index, each in enumerate(row, 1)]
    finally:
        book.close()


def _refuse_merged(sheet: Any) -> None:
    """Of merged cells only the first holds what all of them show: the others would be emptied."""
    before = b""
    with sheet._get_source() as stream:
        while part := stream.read(_PART):
            if found := _MERGED.search(before + part):
                sentence = _(
                    "The cells %(cells)s are merged. Unmerge them, write into each cell what it"
                    " holds, and attach the file again."
                )
                raise UnreadableError(sentence % {"cells": found[1].decode()})
            before = part[-_HEAD:]


def _cell(cell: Any, index: int, number: int) -> Cell:
    where = f"{get_column_letter(index)}{number}"
    value = cell.value
    if value is not None and cell.data_type == "f":
        value = Formula(value)
    elif value is not None and cell.data_type == "e":
        value = Fault(value)
    return Cell(value, where)


# --- CSV ------------------------------------------------------------------------------------------


def _text_rows(content: bytes) -> Iterator[Row]:
    encoding = _encoding_of(content)
    stream = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")
    first = stream.readline(_HEAD)
    stream.seek(0)
    delimiter = max(_DELIMITERS, key=first.count)
    csv.field_size_limit(1_000_000)
    rows = csv.reader(stream, delimiter=delimiter)
    for number in itertools.count(1):
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            sentence = _("Row %(row)s cannot be read. Save the file again as CSV or XLSX.")
            raise UnreadableError(sentence % {"row": number}) from error
        yield (
            number,
            [
                Cell(_computed(value), f"{get_column_letter(index)}{number}")
                for index, value in enumerate(row[: MAX_COLUMNS + 1], 1)
            ],
        )


def _computed(value: str) -> str:
    """What spreadsheets would compute; an export writes an apostrophe before such a text."""
    return Formula(value) if value.startswith("=") else value


def _encoding_of(content: bytes) -> str:
    """UTF-8 as everybody writes it, UTF-16 or CP949 as Excel does in Korea."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates = ["utf-16"]
    else:
        candidates = ["utf-8-sig", "cp949"]
    for encoding in candidates:
        try:
            for _part in io.TextIOWrapper(io.BytesIO(content), encoding=encoding):
                pass
        except UnicodeError:
            continue
        return encoding
    raise UnreadableError(
        _("The letters of this file cannot be read. Save it as “CSV UTF-8” or as XLSX.")
    )
