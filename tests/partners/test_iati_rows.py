"""Messy files: nothing raises, nothing is counted wrongly, the raw text is kept."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oda_portal.opendata.iati.reading import Document
from partners.iati.rows import Row, language_of, row_of
from tests.partners.iati_files import REFERENCE, activity, iati


def rows(*activities: str, version: str = "2.03") -> list[Row]:
    document = Document(iati(*activities, version=version))
    return [row_of(each, document.version) for each in document.records()]


@pytest.mark.parametrize(
    ("code", "text", "language"),
    [
        ("EN", "Water", "en"),
        ("en-GB", "Water", "en"),
        ("zh", "水", "zh-hans"),
        ("zh-CN", "水", "zh-hans"),
        ("zh_Hans", "水", "zh-hans"),
        ("zh-TW", "水", "zh-tw"),
        ("KO", "물", "ko"),
        ("fr", "Eau", "fr"),
        ("", "물", "ko"),
        ("", "水", "zh-hans"),
        ("", "Water", "en"),
    ],
)
def test_languages_are_understood(code: str, text: str, language: str):
    assert language_of(code, text) == language


def test_spaces_and_foreign_namespaces_do_no_harm():
    messy = activity(1).replace(
        "<iati-identifier>", '<x:note xmlns:x="urn:x">hm</x:note><iati-identifier>\n   '
    )

    [row] = rows(messy)

    assert row.identifier == f"{REFERENCE}-1"
    assert "urn:x" in str(row.fields["raw_xml"])


def test_title_in_a_language_that_the_site_does_not_have_is_kept():
    french = activity(1, **{"xml:lang": "fr"}).replace(
        '<narrative xml:lang="ko">마을 식수</narrative>', ""
    )

    [row] = rows(french)

    assert row.fields["title_other"] == "Water for a village"
    assert row.fields["other_language"] == "fr"
    assert row.fields["title_en"] == ""
    assert row.title == "Water for a village"


def test_countries_and_sectors_of_transactions_count_where_the_activity_has_none():
    moved = (
        activity(1)
        .replace('<recipient-country code="KH"/>', "")
        .replace('<sector vocabulary="1" code="14031"/>', "")
        .replace(
            "</iati-activity>",
            '<transaction><transaction-type code="1"/><sector code="11120"/>'
            '<recipient-country code="la"/></transaction></iati-activity>',
        )
    )

    [row] = rows(moved)

    assert (row.countries, row.sectors) == (["LA"], [("1", "11120", None)])


def test_absurd_values_are_left_empty():
    absurd = (
        activity(1, last_updated_datetime="yesterday")
        .replace("2025-03-01", "0001-01-01")
        .replace("2027-02-28", "2027-02-31")
        .replace('activity-status code="2"', 'activity-status code="77"')
        .replace('code="14031"', 'code="14031" percentage="NaN"')
    )

    [row] = rows(absurd)

    assert row.fields["last_updated"] is None
    assert (row.fields["starts_on"], row.fields["ends_on"]) == (None, None)
    assert row.fields["activity_status"] == ""
    assert row.sectors == [("1", "14031", None)]


def test_shares_beyond_a_hundred_and_doubled_sectors():
    body = '<sector code="11120" percentage="150"/><sector code="11120" percentage="50.5"/>'
    [row] = rows(activity(1, body=body))

    assert row.sectors == [("1", "14031", None), ("1", "11120", None)]
    [other] = rows(activity(1).replace('code="14031"', 'code="14031" percentage="50.5"'))
    assert other.sectors == [("1", "14031", Decimal("50.5"))]


@pytest.mark.parametrize("version", ["2.01", "2.02", "2.03"])
def test_versions_of_two_are_read_alike(version: str):
    [row] = rows(activity(1), version=version)

    assert row.fields["iati_version"] == version
    assert row.title == "마을 식수"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.integers(0, 3000), st.sampled_from(["", "x", "<a/>", "&#10;", "9" * 40])))
)
def test_whatever_is_cut_out_of_an_activity_raises_nothing(cuts: list[tuple[int, str]]):
    """Well-formed files alone reach this; the others are refused before."""
    from oda_portal.opendata.iati.reading import UnreadableError

    text = activity(1)
    for place, put in cuts:
        text = text[:place] + put + text[place + len(put) :]
    try:
        found = rows(text)
    except UnreadableError:
        return
    assert all(isinstance(row.identifier, str) for row in found)


def test_sectors_beyond_a_hundred_are_left_out():
    [row] = rows(activity(1, body="".join(f'<sector code="{n}"/>' for n in range(500))))

    assert len(row.sectors) == 100
