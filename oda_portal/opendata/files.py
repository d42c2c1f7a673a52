"""Rows as files that are written while they are read: CSV for spreadsheets, JSON for programs."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone, translation

from oda_portal.languages import HTML_LANG
from oda_portal.privacy.exports import defused
from oda_portal.publishing.parts import in_parts

from .asking import Asked
from .columns import ALL, Column, in_language
from .registry import Dataset, Rows
from .sharing import for_everybody
from .terms import LICENCE

# What spreadsheets with semicolons between cells would read as a formula in a cell of its own.
CELL_AFTER_SEMICOLON = re.compile(r";(?=[=+\-@＝＋－＠])")
# Rows that are in memory at a time.
AT_ONCE = 500
BOM = "\ufeff"


def csv_file(dataset: Dataset, asked: Asked) -> StreamingHttpResponse:
    """UTF-8 with the mark that spreadsheets know it by, RFC 4180, cells that are no formulas.

    All but numbers stand in quotes: a semicolon in them ends no cell where both end one.
    """
    return _download(dataset, asked, _csv(dataset, asked), "text/csv; charset=utf-8", "csv")


def json_file(dataset: Dataset, asked: Asked) -> StreamingHttpResponse:
    """`{"dataset": …, "language": …, "licence": …, "results": […]}`"""
    return _download(dataset, asked, _json(dataset, asked), "application/json", "json")


def _download(
    dataset: Dataset, asked: Asked, lines: Iterator[str], content_type: str, end: str
) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines, content_type=content_type)
    name = f"{dataset.name}_{timezone.localdate().isoformat()}.{end}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "public, no-cache"
    if asked.language != ALL:
        response.headers["Content-Language"] = HTML_LANG[asked.language]
    return for_everybody(response)


def _csv(dataset: Dataset, asked: Asked) -> Iterator[str]:
    columns = in_language(dataset.columns, asked.language)
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_NONNUMERIC)
    yield BOM
    writer.writerow([column.name for column in columns])
    for rows in _in_parts(asked.rows):
        with translation.override(_active(asked.language)):
            writer.writerows([[_cell(column.value(row)) for column in columns] for row in rows])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def _json(dataset: Dataset, asked: Asked) -> Iterator[str]:
    columns = in_language(dataset.columns, asked.language)
    head = {
        "dataset": dataset.name,
        "language": asked.language if asked.language == ALL else HTML_LANG[asked.language],
        "licence": LICENCE,
    }
    yield json.dumps(head)[:-1] + ', "results": ['
    joiner = ""
    for rows in _in_parts(asked.rows):
        with translation.override(_active(asked.language)):
            found = [record(columns, row) for row in rows]
        yield joiner + ",\n".join(json.dumps(each, ensure_ascii=False) for each in found)
        joiner = ",\n"
    yield "]}\n"


def record(columns: list[Column], row: Any) -> dict[str, Any]:
    """A row as JSON takes it; read in the active language."""
    return {column.name: plain(column.value(row)) for column in columns}


def plain(value: Any) -> Any:
    """Days and moments by ISO 8601 in Korea's time, numbers as numbers."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return [plain(each) for each in value] if isinstance(value, list) else value


def _cell(value: Any) -> str | int | float:
    """Several values with semicolons between; a number is no formula, even below zero."""
    if isinstance(value, list):
        return ";".join(str(_cell(each)) for each in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    found = plain(value)
    if isinstance(found, int | float):
        return found
    return CELL_AFTER_SEMICOLON.sub(";'", defused(found))


def _in_parts(rows: Rows) -> Iterator[list[Any]]:
    """Never more than a part of the rows in memory, with what was fetched for them."""
    if not isinstance(rows, QuerySet):
        yield from in_parts(rows, AT_ONCE)
        return
    for part in in_parts(rows.iterator(AT_ONCE), AT_ONCE):
        yield part
        # What was fetched for a row leads back to it: both would wait for the collector.
        for row in part:
            getattr(row, "_prefetched_objects_cache", {}).clear()
        part.clear()


def _active(language: str) -> str:
    return settings.LANGUAGE_CODE if language == ALL else language
