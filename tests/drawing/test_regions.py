"""The map of a programme's countries."""

from itertools import combinations
from xml.etree import ElementTree as ET

import pytest

from oda_portal.drawing.flat import Flat
from oda_portal.drawing.geometry import Point, vector
from oda_portal.drawing.labels import INSET, frame_of
from oda_portal.drawing.regions import REGION, REGION_LETTERS, region

from .places import HOME

CENTRAL_ASIA = ("398", "762", "417", "860", "795")
ISLANDS = {"308": Point(-61.7, 12.1), "702": Point(103.8, 1.35)}
WIDE = {
    "496": "Mongolia",
    "116": "Cambodia",
    "218": "Ecuador",
    "818": "Egypt",
    "834": "Tanzania",
    "288": "Ghana",
    "360": "Indonesia",
    "558": "Nicaragua",
    "524": "Nepal",
    "860": "Uzbekistan",
    "608": "Philippines",
    "404": "Kenya",
    "308": "Grenada",
}
CASES = {
    "one": ("418",),
    "five neighbours": CENTRAL_ASIA,
    "an island": ("702",),
    "across the antimeridian": ("242", "554"),
    "the largest": ("643",),
    "three continents": tuple(WIDE),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("pin", [None, HOME, Point(-86.2, 12.1)])
def test_region_is_well_formed_light_and_holds_its_marks(case, pin):
    drawn = region(CASES[case], home=HOME, pin=pin, fallbacks=ISLANDS)

    ET.fromstring(drawn.svg)
    assert len(drawn.svg) <= 9_000
    assert "nan" not in drawn.svg
    assert set(drawn.marks) == set(CASES[case])
    assert drawn.missing == ()
    for mark in drawn.marks.values():
        assert REGION.holds(mark.at)
    assert drawn.pin_xy is None or REGION.holds(drawn.pin_xy, inset=20)


def test_region_is_the_same_each_time():
    assert region(CENTRAL_ASIA, home=HOME) == region(list(CENTRAL_ASIA), home=HOME)


def test_region_names_thirteen_countries_in_the_box_and_apart():
    drawn = region(tuple(WIDE), home=HOME, pin=HOME, fallbacks=ISLANDS)

    labels = drawn.labels(WIDE, pin_name="Busan")

    assert {label.text for label in labels} == {*WIDE.values(), "Busan"}
    found = [frame_of(label, REGION_LETTERS) for label in labels]
    assert not [pair for pair in combinations(found, 2) if pair[0].meets(pair[1])]
    for left, top, right, bottom in found:
        assert INSET <= left < right <= REGION.width - INSET
        assert INSET <= top < bottom <= REGION.height - INSET


def test_region_labels_stand_on_a_large_country_and_beside_a_small_one():
    drawn = region(("360", "626"), home=HOME)

    large, small = drawn.labels({"360": "인도네시아", "626": "Timor-Leste"})

    assert (large.text, large.anchor) == ("인도네시아", "middle")
    assert (small.text, small.anchor) != ("Timor-Leste", "middle")


def test_region_reports_countries_without_outline_or_coordinate():
    drawn = region(("398", "308", "999"), home=HOME)

    assert drawn.missing == ("308", "999")
    assert list(drawn.marks) == ["398"]


def test_region_shows_a_pole_alone_but_not_on_a_level_map():
    assert region(("010",), home=HOME).marks["010"].width > 200
    assert region(("010",), home=HOME, pin=HOME).missing == ("010",)


def test_region_draws_an_island_as_a_dot():
    drawn = region(("308", "218"), home=HOME, fallbacks=ISLANDS)

    x, y = drawn.marks["308"].at
    assert drawn.marks["308"].is_dot
    assert f'<circle cx="{round(x)}" cy="{round(y)}" r="7"' in drawn.svg


def test_region_of_nothing_that_can_be_shown_is_a_map_of_home():
    drawn = region(("999",), home=HOME)

    assert drawn.missing == ("999",)
    assert drawn.home_xy == pytest.approx(REGION.middle)


def test_region_leaves_overseas_parts_out_of_its_span():
    france = region(("250",), home=HOME)

    # With Guiana in the span, the mainland would be a few dozen pixels wide.
    assert france.marks["250"].width > 200


def test_region_hides_the_mark_of_home_under_the_pin():
    assert region(("410",), home=HOME, pin=HOME).home_xy is None
    assert region(("410",), home=HOME).home_xy is not None


def test_region_breaks_the_way_home_at_the_edge_of_the_level_map():
    drawn = region(("558", "834", "360"), home=HOME, pin=Point(-86.2, 12.1))

    way = next(
        part for part in ET.fromstring(drawn.svg).iter() if "stroke-dasharray" in part.attrib
    )
    assert way.get("d").count("M") == 2


def test_flat_project_shows_every_place():
    view = Flat.around([vector(Point(-86, 12)), vector(Point(120, -5))], REGION, 0.8)

    assert view.shows(vector(Point(0, 0)))
    assert REGION.holds(view.project(vector(Point(-86, 12))))
