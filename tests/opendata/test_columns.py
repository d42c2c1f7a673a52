"""Columns: what a cell says in a language, and what `lang=all` makes of it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.utils import translation

from oda_portal.library.licences import Licence
from oda_portal.opendata.columns import (
    ALL,
    Column,
    Type,
    choice,
    in_language,
    linked,
    page_address,
    several,
    stored,
    text,
)
from programs.models.program import Kind

KOREAN_ONLY = SimpleNamespace(title_ko="제목", title_en="", title_zh_hans="")
IN_THREE = SimpleNamespace(name_ko="몽골", name_en="Mongolia", name_zh_hans="蒙古", code="MN")


def said(columns, row, language: str) -> dict:
    with translation.override(language):
        return {column.name: column.value(row) for column in columns}


@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
def test_a_text_says_in_which_language_it_stands(language: str):
    columns = text("title", "Title")

    assert said(columns, KOREAN_ONLY, language) == {"title": "제목", "title_language": "ko"}


def test_a_text_that_is_nowhere_has_no_language():
    empty = SimpleNamespace(title_ko="", title_en=None, title_zh_hans="")

    assert said(text("title", "Title"), empty, "en") == {"title": "", "title_language": None}


def test_a_choice_has_its_code_and_its_label():
    row = SimpleNamespace(kind="training")

    found = said(choice("kind", "Kind", Kind), row, "en")

    assert found == {"kind": "training", "kind_name": "Training"}
    assert said(choice("kind", "Kind", Kind), row, "ko")["kind_name"] == "연수사업"


def test_nought_is_a_code_like_another():
    found = said(choice("licence", "Licence", Licence), SimpleNamespace(licence=0), "en")

    assert found == {"licence": "0", "licence_name": "KOGL Type 0: no conditions"}


def test_no_choice_is_null():
    columns = choice("kind", "Kind", Kind, nullable=True)

    assert said(columns, SimpleNamespace(kind=""), "en") == {"kind": None, "kind_name": None}


def test_a_row_that_leads_nowhere_is_null():
    columns = linked("country", "Country", lambda row: row.country, nullable=True)

    nowhere = said(columns, SimpleNamespace(country=None), "en")
    somewhere = said(columns, SimpleNamespace(country=IN_THREE), "zh-hans")

    assert nowhere == {"country_code": None, "country_name": None}
    assert somewhere == {"country_code": "MN", "country_name": "蒙古"}


def test_several_keep_their_order_in_codes_and_names():
    other = SimpleNamespace(name_ko="라오스", name_en="", name_zh_hans="", code="LA")
    columns = several("country", "Countries", lambda row: row, code="code")

    found = said(columns, [other, IN_THREE], "en")

    assert found == {"country_codes": ["LA", "MN"], "country_names": ["라오스", "Mongolia"]}


def test_nothing_stored_is_null_only_where_it_may_be():
    row = SimpleNamespace(ref="", total=0)

    assert stored("ref", "Reference").value(row) == ""
    assert stored("ref", "Reference", nullable=True).value(row) is None
    assert stored("total", "Total", Type.INTEGER, nullable=True).value(row) == 0


def test_a_field_that_there_is_not_is_a_mistake():
    with pytest.raises(AttributeError):
        stored("misspelt", "Nothing", nullable=True).value(SimpleNamespace())


def test_all_languages_have_columns_of_their_own():
    columns = [
        stored("code", "Code"),
        *text("name", "Name"),
        *several("country", "Countries", lambda row: [row], code="code"),
    ]

    found = said(in_language(columns, ALL), IN_THREE, "ko")

    assert found == {
        "code": "MN",
        "name_ko": "몽골",
        "name_en": "Mongolia",
        "name_zh_hans": "蒙古",
        "country_codes": ["MN"],
        "country_names_ko": ["몽골"],
        "country_names_en": ["Mongolia"],
        "country_names_zh_hans": ["蒙古"],
    }


def test_a_language_that_a_text_is_not_in_is_null():
    found = said(in_language(text("title", "Title"), ALL), KOREAN_ONLY, "ko")

    assert found == {"title_ko": "제목", "title_en": None, "title_zh_hans": None}


@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
def test_one_language_leaves_the_columns_as_they_are(language: str):
    columns = [*text("name", "Name"), Column(name="code", about="Code", value=str)]

    assert in_language(columns, language) == columns


def test_addresses_are_whole_and_in_the_language(settings):
    settings.SITE_URL = "https://oda.example.org"
    row = SimpleNamespace(get_absolute_url=lambda: f"/{translation.get_language()}/page/")

    assert page_address().value(row) == "https://oda.example.org/ko/page/"
    assert said(in_language([page_address()], ALL), row, "ko") == {
        "url_ko": "https://oda.example.org/ko/page/",
        "url_en": "https://oda.example.org/en/page/",
        "url_zh_hans": "https://oda.example.org/zh-hans/page/",
    }
