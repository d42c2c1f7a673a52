"""Rows as CSV and JSON: what spreadsheets and programs read out of them."""

from __future__ import annotations

import csv
import gc
import io
import json
import weakref
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oda_portal.opendata import files
from oda_portal.opendata.asking import Asked
from oda_portal.opendata.columns import ALL, Column, Type, text
from oda_portal.opendata.files import csv_file, json_file, plain
from oda_portal.opendata.registry import Dataset
from programs.models import Program
from tests.factories import ProgramFactory, ThemeFactory

CELL = Column(name="cell", about="Cell", value=lambda row: row)


def dataset(*columns: Column, rows: Any = ()) -> Dataset:
    key = columns[0].name
    return Dataset(
        name="cells", title="Cells", about="Cells.", columns=columns, rows=lambda: rows, key=key
    )


def body(*values: Any) -> str:
    """The CSV file with one cell a row."""
    return csv_file(dataset(CELL), Asked(list(values), "en")).getvalue().decode()


def cells(*values: Any) -> list[str]:
    lines = list(csv.reader(io.StringIO(body(*values).removeprefix("\ufeff"))))
    return [line[0] for line in lines[1:]]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        ("", ""),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (-3, "-3"),
        (Decimal("12.50"), "12.5"),
        (Decimal("608000000"), "608000000"),
        (-1.5, "-1.5"),
        (date(2026, 11, 22), "2026-11-22"),
        (datetime(2026, 11, 22, 0, 30, 5, 123, tzinfo=UTC), "2026-11-22T09:30:05+09:00"),
        (["KR", "VN"], "KR;VN"),
        ([], ""),
        ([Decimal("40.00"), ""], "40;"),
        ('a "quoted", cell\nin two lines', 'a "quoted", cell\nin two lines'),
        ("부산 釜山", "부산 釜山"),
    ],
)
def test_a_cell_is_what_was_meant(value: Any, cell: str):
    assert cells(value) == [cell]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "－"])
def test_a_cell_is_no_formula(start: str):
    assert cells(f"{start}1+1", [f"{start}1+1", "x"]) == [f"'{start}1+1", f"'{start}1+1;x"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝"])
def test_no_part_of_a_cell_is_a_formula_where_semicolons_end_cells(start: str):
    assert cells(["x", f"{start}1+1", 3, -3], f"x;{start}1+1") == [
        f"x;'{start}1+1;3;-3", f"x;'{start}1+1",
    ]  # fmt: skip


def test_texts_stand_in_quotes_and_numbers_do_not():
    assert body("a;b", 3, Decimal("-1.5"), None, True).splitlines()[1:] == [
        '"a;b"', "3", "-1.5", '""', '"true"',
    ]  # fmt: skip


def test_spreadsheets_know_the_file_as_utf_8_by_its_mark():
    assert body("a") == '\ufeff"cell"\r\n"a"\r\n'


def test_a_file_without_rows_has_its_columns():
    assert body() == '\ufeff"cell"\r\n'
    found = json.loads(json_file(dataset(CELL), Asked([], "ko")).getvalue())
    assert found["results"] == []


def test_json_says_what_it_is():
    found = json.loads(json_file(dataset(CELL), Asked(["가", None], "zh-hans")).getvalue())

    assert found == {
        "dataset": "cells",
        "language": "zh-Hans",
        "licence": "https://www.kogl.or.kr/info/licenseType1.do",
        "results": [{"cell": "가"}, {"cell": None}],
    }


def test_json_keeps_types():
    assert [plain(value) for value in (Decimal("1.5"), Decimal(2), 3, True, None, [Decimal(4)])] == [
        1.5, 2, 3, True, None, [4],
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["ko", "en", "zh-hans", ALL])
def test_the_answer_says_in_which_language_and_what_to_call_it(language: str):
    response = csv_file(dataset(CELL), Asked([], language))

    named = {"ko": "ko", "en": "en", "zh-hans": "zh-Hans"}
    assert response.headers.get("Content-Language") == named.get(language)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Content-Disposition"].startswith('attachment; filename="cells_20')
    assert response.streaming


@pytest.mark.parametrize("make", [csv_file, json_file])
def test_rows_are_read_while_the_file_is_written(make, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(files, "AT_ONCE", 3)
    read: list[int] = []

    def rows():
        for number in range(10):
            read.append(number)
            yield number

    lines = iter(make(dataset(CELL), Asked(rows(), "en")))
    for _line in range(2):
        next(lines)

    assert len(read) <= 6


@pytest.mark.django_db
@pytest.mark.parametrize("make", [csv_file, json_file])
def test_what_rows_lead_to_is_fetched_for_many_at_once(make, monkeypatch: pytest.MonkeyPatch):

    monkeypatch.setattr(files, "AT_ONCE", 4)
    for program in ProgramFactory.create_batch(8):
        program.themes.add(ThemeFactory())
    themes = Column(
        name="themes",
        about="Themes",
        value=lambda row: [theme.slug for theme in row.themes.all()],
        type=Type.LIST,
    )
    rows = Program.objects.order_by("pk").prefetch_related("themes")

    with CaptureQueriesContext(connection) as queries:
        content = make(dataset(*text("title", "Title"), themes), Asked(rows, "en")).getvalue()

    assert content.count(b"theme-") == 8
    assert len([query for query in queries if "SELECT" in query["sql"]]) <= 3


@pytest.mark.django_db
@pytest.mark.parametrize("make", [csv_file, json_file])
def test_rows_go_with_their_part_and_need_no_collector(make, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(files, "AT_ONCE", 5)
    for _turn in range(10):
        ProgramFactory().themes.add(ThemeFactory())
    read: list[weakref.ref] = []

    def themes(row: Program) -> int:
        read.append(weakref.ref(row))
        return len(row.themes.all())

    column = Column(name="themes", about="Themes", value=themes)
    rows = Program.objects.prefetch_related("themes")
    gc.disable()
    try:
        lines = iter(make(dataset(column), Asked(rows, "en")))
        while len(read) < 10:
            next(lines)
        held = sum(ref() is not None for ref in read[:5])
    finally:
        gc.enable()

    assert held <= 1  # the last that was looked at
