"""Bar charts: what is drawn is what the numbers say."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from oda_portal.drawing.charts import (
    BAR_HEIGHT,
    PLOT,
    WIDTH,
    Bar,
    Said,
    columns_chart,
    rows_chart,
    scale,
)

SVG = "{http://www.w3.org/2000/svg}"
BOX = re.compile(r"M([\d.e+-]+) ([\d.e+-]+)h([\d.e+-]+)v([\d.e+-]+)h")
WORDS = Said("Title", "What it shows")


def parsed(drawn: str) -> ET.Element:
    # In a page the parser of HTML gives it its name space.
    return ET.fromstring(drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def boxes(drawn: str, kind: str = "b") -> list[tuple[float, ...]]:
    """x, y, width and height of what is drawn as `kind`, without legend and pattern."""
    found = []
    for path in parsed(drawn).findall(f"{SVG}path[@class='{kind}']"):
        found += [tuple(map(float, box)) for box in BOX.findall(path.get("d", ""))]
    return found


def texts(drawn: str) -> list[str]:
    return [each.text or "" for each in parsed(drawn).iter(f"{SVG}text")]


def bars(*values: int) -> list[Bar]:
    return [Bar(f"name {n}", (value,), str(value)) for n, value in enumerate(values)]


def test_rows_are_as_long_as_their_numbers():
    drawn = boxes(rows_chart("c", WORDS, bars(80, 40, 0)))

    assert drawn[0][2] == pytest.approx(2 * drawn[1][2], abs=1)
    assert drawn[2][2] == 0
    assert all(x + width < WIDTH and height == BAR_HEIGHT for x, _y, width, height in drawn)


def test_a_small_number_is_seen_beside_a_large_one():
    assert boxes(rows_chart("c", WORDS, bars(100_000, 1)))[1][2] >= 3


def test_columns_are_as_high_as_their_numbers_and_stand_on_one_another():
    years = [Bar("2019", (2, 4), "6"), Bar("2020", (8, 0), "8")]
    words = Said("Title", "What it shows", ("Sister", "Friendship"))

    drawn = [box for box in boxes(columns_chart("c", words, years)) if box[3] != 14]
    (_, low_y, _, low), (_, _, _, other), (_, high_y, _, high) = drawn

    assert (low, other, high) == pytest.approx((PLOT / 4, PLOT, PLOT / 2), rel=0.01)
    assert high_y + high == pytest.approx(low_y, abs=0.5)


def test_a_second_series_is_told_by_more_than_its_colour():
    words = Said("Title", "What it shows", ("Sister", "Friendship"))
    drawn = columns_chart("c-x", words, [Bar("2019", (2, 4), "6")])

    assert 'id="c-x-2"' in drawn
    assert drawn.count('fill="url(#c-x-2)"') == 2  # the columns and the legend
    assert {"Sister", "Friendship"} <= set(texts(drawn))


@pytest.mark.parametrize("chart", [rows_chart, columns_chart])
def test_what_is_left_open_ends_in_a_dashed_box(chart):
    drawn = chart("c", WORDS, [Bar("2019", (3,), "3+", is_open=True), Bar("2020", (2,), "2")])

    assert len(boxes(drawn, "o")) == 1
    assert "stroke-dasharray" in drawn
    assert "3+" in texts(drawn)


@pytest.mark.parametrize("chart", [rows_chart, columns_chart])
def test_a_chart_says_what_it_is_and_its_words_are_escaped(chart):
    words = Said('<b>"R&D"</b>', "<script>alert(1)</script>")
    root = parsed(chart("c-name", words, [Bar("</text><a>", (1,), "<1>")]))

    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "c-name-t c-name-d"
    assert root.findtext(f"{SVG}title") == '<b>"R&D"</b>'
    assert root.findtext(f"{SVG}desc") == "<script>alert(1)</script>"
    assert "</text><a>" in [each.text for each in root.iter(f"{SVG}text")]
    assert root.find(f".//{SVG}a") is None


@pytest.mark.parametrize("chart", [rows_chart, columns_chart])
@pytest.mark.parametrize("values", [(), (0,), (0, 0), (10**9,)])
def test_a_chart_of_nothing_or_of_very_much_is_whole(chart, values: tuple[int, ...]):
    drawn = chart("c", WORDS, bars(*values))

    assert parsed(drawn).get("viewBox", "").startswith(f"0 0 {WIDTH} ")
    assert "nan" not in drawn
    assert all(height <= PLOT for *_, height in boxes(drawn))


@pytest.mark.parametrize(
    ("most", "found"),
    [
        (0, (1, 1)),
        (1, (1, 1)),
        (4, (1, 4)),
        (5, (2, 3)),
        (11, (5, 3)),
        (71, (20, 4)),
        (127, (50, 3)),
    ],
)
def test_scale_is_round_and_holds_the_most(most: int, found: tuple[int, int]):
    step, lines = scale(most)

    assert (step, lines) == found
    assert step * lines >= most


def test_years_are_named_as_often_as_there_is_room_and_never_outside():
    drawn = columns_chart("c", WORDS, [Bar(str(year), (1,), "1") for year in range(1966, 2027)])
    named = [text for text in texts(drawn) if len(text) == 4]
    places = [
        int(each.get("x", "0"))
        for each in parsed(drawn).iter(f"{SVG}text")
        if len(each.text or "") == 4
    ]

    assert named == ["1970", "1980", "1990", "2000", "2010", "2020"]
    assert max(places) < WIDTH - 20


def test_numbers_over_columns_are_left_out_where_they_would_meet():
    close = columns_chart(
        "c", WORDS, [Bar(str(year), (1000,), "1,000 N") for year in range(2000, 2030)]
    )
    apart = columns_chart(
        "c", WORDS, [Bar(str(year), (1000,), "1,000 N") for year in range(2000, 2004)]
    )

    assert "1,000 N" not in texts(close)
    assert texts(apart).count("1,000 N") == 4


def test_a_long_name_is_cut_and_a_wide_script_sooner():
    long_english, long_korean = "word " * 30, "가나다라마바사 " * 10
    drawn = rows_chart("c", WORDS, [Bar(long_english, (1,), "1"), Bar(long_korean, (1,), "1")])
    english, korean = (text for text in texts(drawn) if text.endswith("…"))

    assert 30 < len(english) < 60
    assert 20 < len(korean) < len(english)
