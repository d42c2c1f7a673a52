"""Spreadsheets that the office gets: the template to fill in, and its file back with reasons."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Min
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from oda_portal.publishing.texts import without_controls

from .cells import FORMULA, LONGEST_CELL, Cell, Formula
from .columns import Column, columns_of
from .heads import reason_head
from .models import Import, ImportRow
from .reading import rows_of
from .registry import Importable

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

# A list of choices in each cell of so many rows.
ROWS_WITH_CHOICES = 1000
MOST_ALLOWED = 2000
_HEAD = Font(bold=True)
_GREY = PatternFill("solid", fgColor="E8EEF7")


# --- template ---------------------------------------------------------------------------------


def template_of(importable: Importable, by: User | None = None) -> IO[bytes]:
    """A sheet with names of columns and below them their keys; one of allowed values; notes."""
    columns = columns_of(importable, by=by)
    book = Workbook()
    sheet: Any = book.active
    sheet.title = pgettext("spreadsheet", "Fill in")
    sheet.append([column.label for column in columns])
    sheet.append([column.name for column in columns])
    for index, column in enumerate(columns, 1):
        _dress(sheet, index, column)
    sheet.freeze_panes = "A3"
    allowed = book.create_sheet(pgettext("spreadsheet", "Allowed values"))
    _fill_allowed(sheet, allowed, columns)
    _fill_notes(book.create_sheet(pgettext("spreadsheet", "Notes")), importable, columns)
    return _stored(book)


def _dress(sheet: Any, index: int, column: Column) -> None:
    letter = get_column_letter(index)
    sheet.column_dimensions[letter].width = max(14, min(36, len(column.label) * 2))
    for row in (1, 2):
        cell = sheet.cell(row=row, column=index)
        cell.fill, cell.font = _GREY, Font(bold=row == 1, color=None if row == 1 else "5B6472")
    sheet.cell(row=1, column=index).alignment = Alignment(wrap_text=True, vertical="top")


def _fill_allowed(sheet: Any, allowed: Any, columns: list[Column]) -> None:
    place = 0
    for index, column in enumerate(columns, 1):
        values = column.allowed()[:MOST_ALLOWED]
        if not values:
            continue
        place += 1
        letter = get_column_letter(place)
        allowed.cell(row=1, column=place, value=column.label).font = _HEAD
        allowed.column_dimensions[letter].width = 28
        for row, value in enumerate(values, 2):
            _write_text(allowed.cell(row=row, column=place), value)
        if not column.field.many_to_many:
            source = f"'{allowed.title}'!${letter}$2:${letter}${len(values) + 1}"
            choice = DataValidation(type="list", formula1=source, allow_blank=True)
            choice.showErrorMessage = False  # a name is taken as well as its code
            where = get_column_letter(index)
            choice.add(f"{where}3:{where}{ROWS_WITH_CHOICES}")
            sheet.add_data_validation(choice)


def _fill_notes(sheet: Any, importable: Importable, columns: list[Column]) -> None:
    for line in _general_notes(importable):
        sheet.append([line])
    sheet.append([])
    sheet.append([_("Column"), _("Key"), _("What to write")])
    for cell in sheet[sheet.max_row]:
        cell.font, cell.fill = _HEAD, _GREY
    for column in columns:
        sheet.append([column.label, column.name, _note(importable, column)])
    for letter, width in (("A", 32), ("B", 24), ("C", 90)):
        sheet.column_dimensions[letter].width = width


def _general_notes(importable: Importable) -> list[str]:
    return [
        _("Write from the third row on; leave the two rows above as they are."),
        _("Columns that you do not need can be deleted. What they hold then stays as it is."),
        _("An empty cell empties the field of the record."),
        _("New records become drafts. Nothing is published, taken down or deleted."),
    ]


def _note(importable: Importable, column: Column) -> str:
    help_text = str(getattr(column.field, "help_text", "") or "")
    notes = [column.note(), help_text]
    if column.is_required:
        notes.insert(0, _("Needed for a new record."))
    if column.name == importable.slug:
        notes.append(_("Leave it empty for a new record: it is made from the title."))
    return " ".join(filter(None, notes))


# --- the file with reasons --------------------------------------------------------------------


def with_reasons(source: Import) -> IO[bytes]:
    """The file as it came, with why a row cannot be taken in a column of its own, the first."""
    reasons = {
        number: _in_words(problems)
        for number, problems in source.rows.filter(verdict=ImportRow.Verdict.WRONG).values_list(
            "number", "problems"
        )
    }
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    first_row = source.rows.aggregate(first=Min("number"))["first"] or 0
    for number, row in rows_of(bytes(source.content or b""), source.ending):
        first = reason_head() if number < first_row else reasons.get(number, "")
        sheet.append([_text_cell(sheet, first), *_cells(sheet, row)])
    return _stored(book)


def _in_words(problems: Iterable[dict[str, str]]) -> str:
    return " / ".join(
        f"{each['cell']}: {each['text']}" if each["cell"] else each["text"] for each in problems
    )


def _cells(sheet: Any, row: list[Cell]) -> list[Any]:
    found = []
    for cell in row:
        value = FORMULA if isinstance(cell.value, Formula) else cell.value
        found.append(_text_cell(sheet, value) if isinstance(value, str) else value)
    return found


def _text_cell(sheet: Any, text: str) -> Any:
    """A cell whose text is no formula, whatever it begins with."""
    cell = WriteOnlyCell(sheet, "")
    _write_text(cell, text)
    return cell


def _write_text(cell: Any, text: str) -> None:
    # A control letter of a CSV file is none that XLSX can hold.
    cell.value = without_controls(str(text))[:LONGEST_CELL]
    cell.data_type = "s"


def _stored(book: Any) -> IO[bytes]:
    file = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115  (sent, then closed)
    book.save(file)
    file.seek(0)
    return file
