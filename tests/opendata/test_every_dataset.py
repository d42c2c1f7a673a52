"""Every dataset there is: true to its columns, in three languages, at a bounded price."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from oda_portal.opendata.asking import asked_of
from oda_portal.opendata.columns import ALL, Column, Type, in_language
from oda_portal.opendata.files import csv_file, json_file, plain, record
from oda_portal.opendata.registry import Dataset, Frequency, dataset, datasets, register
from oda_portal.publishing.changes import publishable_models
from tests.factories import OfficeFactory, ParticipantGroupFactory, ProgramFactory, RunFactory
from tests.publishing.addresses import public_names

from .world import fill

pytestmark = pytest.mark.django_db

# Figures are computed from the others, and have tests of their own.
TABLES = [each for each in datasets() if not each.figure]
NAMES = [each.name for each in TABLES]
# Filled by what somebody else publishes.
IMPORTED = {"partners-activities"}
# They draw and count what a list holds that has files.
DRAWN = {"programs:map_page", "programs:figures"}
LANGUAGES = ["ko", "en", "zh-Hans"]


def rows_of(name: str, query: str = "") -> list[Any]:
    return list(asked_of(dataset(name), QueryDict(query)).rows)


def records(name: str, language: str) -> list[dict[str, Any]]:
    found = dataset(name)
    columns = in_language(found.columns, language)
    with translation.override(settings.LANGUAGE_CODE if language == ALL else language):
        return [record(columns, row) for row in rows_of(name)]


@pytest.fixture
def world(settings) -> None:
    settings.SIMPLE_HISTORY_ENABLED = False  # rows are made sooner without it
    OfficeFactory()
    fill(2)


# --- columns --------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["en", ALL])
def test_cells_are_of_the_type_that_their_column_says(mode: str, world: None):
    for name in NAMES:
        columns = {column.name: column for column in in_language(dataset(name).columns, mode)}
        found = records(name, mode)

        assert found or name in IMPORTED, f"{name} has no row: the test proves nothing"
        for row in found:
            assert list(row) == list(columns)
            for cell, value in row.items():
                assert_fits(columns[cell], value)


def assert_fits(column: Column, value: Any) -> None:
    if value is None:
        assert column.nullable, f"{column.name} is null"
        return
    kinds: dict[Type, Any] = {
        Type.INTEGER: int,
        Type.NUMBER: (int, float),
        Type.BOOLEAN: bool,
        Type.LIST: list,
    }
    assert isinstance(value, kinds.get(column.type, str)), f"{column.name}: {value!r}"
    if column.type is Type.INTEGER:
        assert not isinstance(value, bool), column.name
    if column.type is Type.DATE:
        date.fromisoformat(value)
    if column.type is Type.MOMENT:
        assert datetime.fromisoformat(value).utcoffset() is not None
    if column.type is Type.ADDRESS:
        assert value.startswith(("http://", "https://")), column.name
    if column.codes is not None:
        assert value in {str(code) for code, _label in column.codes}, f"{column.name}: {value}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_described(language: str):
    for found in datasets():
        columns = [each.about for each in found.columns]
        with translation.override(language.lower()):
            said = [found.title, found.about, *found.keywords, *columns]
            assert all(str(words).strip() for words in said), found.name
            assert str(found.about).endswith((".", "。")), found.name
        assert isinstance(found.frequency, Frequency)


def test_the_key_names_one_row(world: None):
    for name in NAMES:
        keys = [row[dataset(name).key] for row in records(name, "en")]
        assert len(set(keys)) == len(keys), name


def test_lists_beside_each_other_are_equally_long(world: None):
    for name in NAMES:
        for row in records(name, "en"):
            for cell in row:
                if cell.endswith("_codes"):
                    assert len(row[cell]) == len(row[cell.replace("_codes", "_names")]), cell
    for row in records("programmes", "en"):
        sectors = ("sector_codes", "sector_names", "sector_percentages", "sector_bases")
        assert len({len(row[cell]) for cell in sectors}) == 1
        assert len(row["organisation_codes"]) == len(row["organisation_roles"])


@pytest.mark.thorough
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_row_leads_to_its_page(client: Client, language: str, world: None):
    prefix = "/" if language == "ko" else f"/{language.lower()}/"
    for name in NAMES:
        for row in [row for row in records(name, language.lower()) if "url" in row][:1]:
            path = row["url"].removeprefix(settings.SITE_URL).partition("#")[0]
            assert path.startswith(prefix), path
            assert client.get(path).status_code == 200, path


# --- files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", [*LANGUAGES, ALL])
def test_csv_and_json_say_the_same(language: str, world: None):
    for name in NAMES:
        found = dataset(name)
        asked = [asked_of(found, QueryDict(f"lang={language}")) for _form in range(2)]
        text = csv_file(found, asked[0]).getvalue().decode("utf-8-sig")
        lines = list(csv.DictReader(io.StringIO(text)))
        answer = json.loads(json_file(found, asked[1]).getvalue())

        assert answer["language"] == language
        for line, row in zip(lines, answer["results"], strict=True):
            assert list(line) == list(row)
            for cell, value in row.items():
                assert line[cell].removeprefix("'") == _as_cell(value), cell


def _as_cell(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ";".join(map(str, value))
    return "" if value is None else str(value)


@pytest.mark.thorough
def test_a_file_costs_as_many_queries_for_many_rows_as_for_few(world: None):
    few = {name: queries_of(name) for name in NAMES}
    fill(6)

    assert {name: queries_of(name) for name in NAMES} == few
    assert max(few.values()) <= 12


def queries_of(name: str) -> int:
    for _again in range(2):  # addresses and choices are kept for a while
        with CaptureQueriesContext(connection) as found:
            csv_file(dataset(name), asked_of(dataset(name), QueryDict("lang=en"))).getvalue()
    # The table of the embedded site’s cache is none on a larger one.
    return sum('cache"' not in query["sql"] for query in found)


# --- lists ----------------------------------------------------------------------------------------


def test_each_word_joins_nothing_more():
    """Joined once more for each word, what a row has ten of would make 10⁸ rows of eight words."""
    for found in TABLES:
        if found.filters and "q" in found.filters.base_filters:
            one, eight = (
                asked_of(found, QueryDict(f"q={'+'.join(words)}")).rows
                for words in ("a", "abcdefgh")
            )

            assert list(eight.query.alias_map) == list(one.query.alias_map), found.name


def test_every_public_list_has_its_files(client: Client, world: None):
    lists = {}
    for name in public_names():
        response = client.get(reverse(name))
        is_list = response.context is not None and "listing" in response.context
        if response.status_code == 200 and is_list and name not in DRAWN:
            lists[name] = response.content.decode()

    assert {each.page for each in TABLES if each.filters and each.page} <= {
        *lists, "volunteers:round_list",
    }  # fmt: skip
    for name, page in lists.items():
        assert "format=csv" in page, f"{name} is a list without a file"
        assert "format=json" in page, name


@pytest.mark.thorough
@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_the_page_of_a_dataset_links_to_its_files(
    client: Client, prefix: str, world: None, settings
):
    settings.FILES_A_MINUTE = 1000
    for found in TABLES:
        if not found.page or found.name in IMPORTED:
            continue
        path = prefix + reverse(found.page)

        page = client.get(path).content.decode()

        assert f'href="{path}?lang=' in page
        for form in ("csv", "json"):
            assert f"format={form}" in page, path
            assert client.get(f"{path}?format={form}").getvalue()


def test_every_publishable_model_is_in_a_dataset_or_known_not_to_be():
    shown = {
        rows.model._meta.label
        for rows in (each.rows() for each in TABLES)
        if hasattr(rows, "model")
    }
    elsewhere = {
        "pages.Banner",  # a line above pages for some days
        "pages.Page",  # prose
        "volunteers.Story",  # a person’s own words, given to be read here
        "volunteers.DeploymentReport",  # prose beside the deployment’s figures
    }
    models = {model._meta.label for model in publishable_models()}

    assert models - shown == elsewhere & models


# --- people ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("women", "men", "shown"),
    [
        (7, 8, (7, 8)),
        (0, 15, (0, 15)),
        (None, None, (None, None)),
        (1, 14, (None, None)),
        (13, 2, (None, None)),
        (3, 3, (3, 3)),
        (2, None, (None, None)),
    ],
)
def test_few_women_or_men_are_not_singled_out(women: Any, men: Any, shown: tuple[Any, Any]):
    ParticipantGroupFactory(women=women, men=men, total=15)

    [row] = records("participants", "en")

    assert (row["women"], row["men"], row["total"]) == (*shown, 15)


def test_who_did_not_take_part_is_not_counted():
    counted = ParticipantGroupFactory()
    for hidden in (
        {"announced_only": True},
        {"cancelled_at": datetime(2024, 1, 1).astimezone()},
        {"ours": False},
        {"is_demonstration": True},
        {"status": "draft"},
    ):
        ParticipantGroupFactory(run__program=ProgramFactory(**hidden))

    assert [row["id"] for row in records("participants", "en")] == [counted.pk]


def test_participants_are_filtered_by_their_own_year_and_country():
    nothing: dict[str, Any] = {"starts_on": None, "ends_on": None}
    program = ProgramFactory(starts_on=date(2018, 9, 1), ends_on=date(2020, 10, 1))
    first = ParticipantGroupFactory(run=RunFactory(program=program, **nothing))
    second = ParticipantGroupFactory(run__program=program)
    never = RunFactory(program=ProgramFactory(**nothing), **nothing)
    undated = ParticipantGroupFactory(run=never)

    def keys(query: str) -> list[int]:
        return sorted(row.pk for row in rows_of("participants", query))

    assert keys("year=2018") == [first.pk]
    assert keys("year=2019") == [second.pk]
    assert keys("year=unknown") == [undated.pk]
    assert keys("country=unknown") == sorted([first.pk, second.pk, undated.pk])
    assert keys(f"kind=training&q={program.title_en.split()[-1]}")


# --- the registry ---------------------------------------------------------------------------------


def test_a_name_is_taken_once():
    found = dataset("programmes")

    with pytest.raises(ValueError, match="programmes"):
        register(found)


def test_a_dataset_has_a_key_among_its_columns():
    columns = (Column(name="code", about="Code", value=plain),)
    wrong = Dataset(name="wrong", title="", about="", columns=columns, rows=list, key="slug")

    with pytest.raises(ValueError, match="wrong"):
        register(wrong)
