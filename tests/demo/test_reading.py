"""Dates and texts as the files write them."""

from datetime import date

import pytest

from oda_portal.demo.reading import FactError, Record, parse_day


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("2019-07-05", date(2019, 7, 5), date(2019, 7, 5), "day"),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29), "month"),
        ("2019", date(2019, 1, 1), date(2019, 12, 31), "year"),
    ],
)
def test_day_is_known_as_far_as_it_is_written(text, first, last, precision):
    day = parse_day(text)

    assert (day.first, day.last, day.precision) == (first, last, precision)


@pytest.mark.parametrize(
    "text", ["2019-13-01", "2019-02-30", "2019-autumn", "", "2019-1-2-3", "-5"]
)
def test_day_that_is_none_is_refused(text):
    with pytest.raises((ValueError, TypeError)):
        parse_day(text)


def test_text_fills_the_column_of_each_language():
    record = Record("a.yaml", "one", {"name": {"ko": "부산", "en": "Busan", "zh": "釜山"}})

    assert record.text("name", "title") == {
        "title_ko": "부산",
        "title_en": "Busan",
        "title_zh_hans": "釜山",
    }


@pytest.mark.parametrize("value", [None, {}, {"ko": "", "en": "", "zh": ""}])
def test_text_that_may_be_absent_is_empty_in_every_language(value):
    record = Record("a.yaml", "one", {"name": value})

    assert record.text("name", required=False) == {"name_ko": "", "name_en": "", "name_zh_hans": ""}


def test_text_with_two_languages_is_refused_even_where_none_is_needed():
    record = Record("a.yaml", "one", {"name": {"ko": "부산", "en": "Busan"}})

    with pytest.raises(FactError, match=r"^a\.yaml, one, name\.zh: is missing$"):
        record.text("name", required=False)


def test_error_in_a_part_names_the_way_to_it():
    record = Record("a.yaml", "one", {"sessions": [{"start": "2019-07-05"}, {"start": "soon"}]})

    with pytest.raises(
        FactError, match=r"^a\.yaml, one, sessions\[1\]\.start: “soon” is not a date"
    ):
        [part.day("start") for part in record.parts("sessions")]
