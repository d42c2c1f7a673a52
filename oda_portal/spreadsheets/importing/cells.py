"""What stands in a cell, as a text, a number, a day or a yes: whatever the program made of it."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from oda_portal.publishing.texts import without_controls

# What a cell of Excel can hold; a longer text was cut off when it was saved.
LONGEST_CELL = 32_767
# What a database can compare a number with.
LARGEST = 2**63 - 1
FIRST_YEAR, LAST_YEAR = 1900, 2100
# Days are stored by spreadsheets as numbers since then.
_EPOCH = date(1899, 12, 30)

_DAY = re.compile(r"(\d{4})\s*[-./년年]\s*(\d{1,2})\s*[-./월月]\s*(\d{1,2})\s*[.일日]?")
_SHORT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_TIME = re.compile(r"[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(?:\+09:00|KST)?")
# What `privacy.exports.defused` puts an apostrophe before.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_NUMBER = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?|[-+]?\d+(\.\d+)?")

# A formula in a file that was given back to be corrected, and what programs write for errors.
FORMULA = "#FORMULA!"
FAULTS = {FORMULA, "#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"}

YES = {"yes", "y", "true", "1", "o", "예", "네", "참", "○", "✓", "✔", "v", "是", "对"}
NO = {"no", "n", "false", "0", "x", "아니오", "아니요", "거짓", "×", "✗", "否", "不是"}


class CellError(Exception):
    """Why a cell cannot be taken; the text says so to whoever sent the file."""


class Cell(NamedTuple):
    """`where` is its name in the spreadsheet: C7."""

    value: Any
    where: str

    @property
    def is_empty(self) -> bool:
        return self.value is None or (isinstance(self.value, str) and not self.value.strip())


class Formula(str):
    """A cell that is computed: what it shows is not in the file for certain."""


class Fault(str):
    """A cell that shows an error of the spreadsheet program: #REF!"""


def folded(text: str) -> str:
    """For comparing what people type: one form of letters, no case, no spaces."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def text_of(cell: Cell) -> str:
    """The text as it was meant; raises CellError for what is none."""
    value = cell.value
    if isinstance(value, Formula):
        sentence = _("This cell is computed by a formula. Copy it and paste its value.")
        raise CellError(sentence)
    if isinstance(value, Fault):
        raise CellError(_("The spreadsheet shows the error %(error)s here.") % {"error": value})
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if isinstance(value, datetime | date):
        value = value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    text = str(value)
    if len(text) >= LONGEST_CELL:
        raise CellError(
            _("Excel cuts texts off at 32,767 letters. Change this text on the record itself.")
        )
    text = normal(text)
    if text in FAULTS:
        raise CellError(_("The spreadsheet shows the error %(error)s here.") % {"error": text})
    return _plain(text)


def normal(text: str) -> str:
    """One form of letters and of line breaks, whichever program wrote the text."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_", "")
    return unicodedata.normalize("NFC", without_controls(lines)).strip()


def _plain(text: str) -> str:
    """Without the apostrophe that an export puts before what would be a formula."""
    return text[1:].strip() if text[:1] == "'" and text[1:2] in _FORMULA else text


def number_of(cell: Cell) -> Decimal | None:
    number = _number_of(cell)
    if number is not None and abs(number) > LARGEST:
        raise CellError(_("“%(value)s” is too large a number.") % {"value": text_of(cell)[:60]})
    return number


def _number_of(cell: Cell) -> Decimal | None:
    if isinstance(cell.value, bool | datetime | date | time):
        raise CellError(_("“%(value)s” is no number.") % {"value": text_of(cell)})
    text = text_of(cell)
    if not text:
        return None
    if isinstance(cell.value, float) and not math.isfinite(cell.value):
        raise CellError(_("“%(value)s” is no number.") % {"value": text})
    if isinstance(cell.value, int | float):
        return Decimal(str(cell.value))
    text = unicodedata.normalize("NFKC", text)
    if not _NUMBER.fullmatch(text):
        raise CellError(
            _("“%(value)s” is no number. Write figures only: 1234.") % {"value": text[:60]}
        )
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation as error:
        raise CellError(_("“%(value)s” is no number.") % {"value": text[:60]}) from error


def whole_of(cell: Cell) -> int | None:
    number = number_of(cell)
    if number is None:
        return None
    if number != int(number):
        raise CellError(_("“%(value)s” is no whole number.") % {"value": text_of(cell)[:60]})
    return int(number)


def yes_of(cell: Cell) -> bool | None:
    if isinstance(cell.value, bool):
        return cell.value
    text = folded(text_of(cell))
    if not text:
        return None
    if text in YES:
        return True
    if text in NO:
        return False
    raise CellError(
        _("Write Yes or No here; “%(value)s” is neither.") % {"value": text_of(cell)[:60]}
    )


def day_of(cell: Cell) -> date | None:
    if isinstance(cell.value, datetime):
        return _checked(cell.value.date())
    if isinstance(cell.value, date):
        return _checked(cell.value)
    text = _text_of_day(cell)
    if not text:
        return None
    found = _DAY.fullmatch(text) or _SHORT_DAY.fullmatch(text)
    if not found and (midnight := _moment(text)) and midnight.time() == time():
        return _checked(midnight.date())
    if not found:
        raise CellError(_no_day(text))
    return _checked(_date(text, *found.groups()))


def moment_of(cell: Cell) -> datetime | None:
    """A day and an hour in Korea."""
    if isinstance(cell.value, datetime):
        _checked(cell.value.date())
        return timezone.make_aware(cell.value.replace(microsecond=0))
    if isinstance(cell.value, date):
        return timezone.make_aware(datetime.combine(_checked(cell.value), time()))
    text = _text_of_day(cell)
    if not text:
        return None
    if (found := _moment(text)) is None:
        day = _DAY.fullmatch(text) or _SHORT_DAY.fullmatch(text)
        if day is None:
            raise CellError(
                _("“%(value)s” is no day with a time. Write it so: 2026-03-05 14:30.")
                % {"value": text[:60]}
            )
        found = datetime.combine(_date(text, *day.groups()), time())
    _checked(found.date())
    return timezone.make_aware(found)


def _text_of_day(cell: Cell) -> str:
    if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
        number = Decimal(str(cell.value))
        if 10_000 <= number < 80_000:
            raise CellError(
                _(
                    "This is the number %(number)s and no day. If it means %(day)s, give the cell"
                    " the format of a date."
                )
                % {"number": number, "day": (_EPOCH + timedelta(days=int(number))).isoformat()}
            )
    return unicodedata.normalize("NFKC", text_of(cell))


def _moment(text: str) -> datetime | None:
    found = _DAY.match(text)
    at = _TIME.fullmatch(text[found.end() :]) if found else None
    if not found or not at:
        return None
    day = _date(text, *found.groups())
    try:
        hour, minute, second = (int(part or 0) for part in at.groups())
        return datetime.combine(day, time(hour, minute, second))
    except ValueError as error:
        raise CellError(_no_day(text)) from error


def _date(text: str, year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise CellError(
            _("“%(value)s” is no day of the calendar.") % {"value": text[:60]}
        ) from error


def _no_day(text: str) -> str:
    return _("“%(value)s” is no day. Write it so: 2026-03-05.") % {"value": text[:60]}


def _checked(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise CellError(_("The year %(year)s cannot be right. Check the day.") % {"year": day.year})
    return day
