"""Rows as CSV for a spreadsheet, which must not run what a person typed; and why they are asked."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django import forms
from django.http import StreamingHttpResponse
from django.utils.translation import gettext_lazy as _

from .numbers import RefuseResidentNumbers

# A cell that begins with one of these is a formula to a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class ExportForm(RefuseResidentNumbers, forms.Form):
    reason = forms.CharField(
        label=_("Reason for export"),
        max_length=300,
        help_text=_("It is recorded in the personal data access log."),
        error_messages={"required": _("Give a reason to export.")},
    )


def defused(value: Any) -> str:
    """The cell as text; an apostrophe before what would be a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def csv_response(
    name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    """A download that is kept nowhere, with the mark by which spreadsheets know UTF-8."""
    response = StreamingHttpResponse(_lines(head, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _lines(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    yield "\ufeff"
    for row in itertools.chain([head], rows):
        writer.writerow([defused(cell) for cell in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
