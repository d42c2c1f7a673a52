"""The world seen from home, and the maps of partner cities."""

from math import cos, dist, radians, sin
from xml.etree import ElementTree as ET

import pytest

from oda_portal.drawing.geometry import Point
from oda_portal.drawing.labels import INSET, frame_of
from oda_portal.drawing.maps import (
    LOCATOR,
    LOCATOR_LETTERS,
    WORLD,
    WORLD_RADIUS,
    locator,
    world_base,
    world_points,
)

from .places import CITIES, HOME

SVG = "{http://www.w3.org/2000/svg}"
FORBIDDEN = {"style", "class", "onload", "onclick", "href"}
HOMES = [HOME, Point(174.8, -36.8), Point(-3.7, 40.4), Point(88, 69), Point(0, 90), Point(0, -90)]
# Two places of each kind that goes wrong when maps are drawn in degrees.
ODD_PAIRS = {
    "one place": (HOME, HOME),
    "forty kilometres": (Point(129.4, 35.4), HOME),
    "at the North Pole": (Point(0, 90), HOME),
    "home at a pole": (Point(18.9, 69.6), Point(45, -90)),
    "from pole to pole": (Point(0, -90), Point(0, 90)),
    "across the antimeridian": (Point(-171.8, -13.8), Point(178.4, -18.1)),
    "opposite ends": (Point(HOME.lon - 180, -HOME.lat), HOME),
    "over the pole": (Point(-73.6, 45.5), HOME),
}


def frames(labels, size=LOCATOR_LETTERS):
    return [frame_of(label, size) for label in labels]


@pytest.mark.parametrize("home", HOMES)
def test_world_base_is_well_formed_and_light(home):
    svg = world_base(home)

    root = ET.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    assert not {name for part in root.iter() for name in part.attrib} & FORBIDDEN
    assert 5_000 < len(svg) <= 12_000


def test_world_base_is_the_same_each_time():
    first = world_base(HOME)
    world_base.cache_clear()

    assert world_base(HOME) == first


def test_world_points_puts_home_in_the_middle_and_keeps_directions():
    (x, y, inside), (east_x, east_y, _) = world_points(HOME, [HOME, Point(129.5, HOME.lat)])

    assert (x, y, inside) == (640, 640, True)
    assert east_x > 640
    assert abs(east_y - 640) < 1


def test_world_points_puts_cities_beyond_the_map_on_the_rim():
    beyond = {
        city.name: dist((x, y), WORLD.middle)
        for city, (x, y, inside) in zip(
            CITIES, world_points(HOME, [city.point for city in CITIES]), strict=True
        )
        if not inside
    }

    assert set(beyond) == {"Rio de Janeiro", "Valparaíso"}
    assert list(beyond.values()) == pytest.approx([WORLD_RADIUS] * len(beyond), abs=0.2)


@pytest.mark.parametrize("city", CITIES, ids=lambda city: city.name)
def test_locator_of_a_city_is_light_and_shows_both_places(city):
    drawn = locator(city.point, HOME, city.country)

    root = ET.fromstring(drawn.svg)
    pin = [part for part in root.iter(f"{SVG}circle") if part.get("fill") == "#d63d4a"]
    assert len(drawn.svg) <= 8_000
    assert [(part.get("cx"), part.get("cy")) for part in pin] == [
        tuple(str(round(value)) for value in drawn.place_xy)
    ]
    assert LOCATOR.holds(drawn.place_xy, inset=40)
    assert LOCATOR.holds(drawn.home_xy, inset=40)
    assert not {name for part in root.iter() for name in part.attrib} & FORBIDDEN


@pytest.mark.parametrize("city", CITIES, ids=lambda city: city.name)
@pytest.mark.parametrize("home_name", ["Busan", "부산", "釜山"])
def test_locator_labels_stay_in_the_box_and_apart(city, home_name):
    drawn = locator(city.point, HOME, city.country)

    labels = drawn.labels(city.name, home_name)

    assert {label.text for label in labels} == {city.name, home_name}
    here, there = frames(labels)
    assert not here.meets(there)
    for left, top, right, bottom in (here, there):
        assert left >= INSET
        assert top >= INSET
        assert right <= LOCATOR.width - INSET
        assert bottom <= LOCATOR.height - INSET


@pytest.mark.parametrize("pair", ODD_PAIRS)
def test_locator_holds_odd_pairs_of_places(pair):
    place, home = ODD_PAIRS[pair]

    drawn = locator(place, home, "410")

    ET.fromstring(drawn.svg)
    assert len(drawn.svg) <= 8_000
    assert "nan" not in drawn.svg
    assert LOCATOR.holds(drawn.place_xy, inset=40)
    assert LOCATOR.holds(drawn.home_xy, inset=40)


def test_locator_of_home_itself_has_one_mark_and_one_name():
    drawn = locator(HOME, HOME, "410")

    assert drawn.place_xy == pytest.approx(LOCATOR.middle)
    assert "stroke-dasharray" not in drawn.svg
    assert [label.text for label in drawn.labels("Busan", "Busan")] == ["Busan"]


def test_locator_over_the_pole_runs_level():
    drawn = locator(Point(-73.6, 45.5), HOME)

    across, down = (abs(a - b) for a, b in zip(drawn.place_xy, drawn.home_xy, strict=True))
    assert across > 10 * down


def test_locator_to_the_south_runs_down():
    drawn = locator(Point(HOME.lon, -38), HOME)

    assert drawn.place_xy[0] == pytest.approx(drawn.home_xy[0], abs=1)
    assert drawn.place_xy[1] > drawn.home_xy[1]


def test_locator_marks_the_country_only_where_there_is_an_outline():
    place = Point(-61.7, 12.1)

    assert locator(place, HOME, "308").svg == locator(place, HOME).svg
    assert 'fill="#86aff9"' in locator(Point(106.9, 47.9), HOME, "496").svg
    assert 'fill="#86aff9"' not in locator(Point(106.9, 47.9), HOME).svg


def test_locator_works_for_another_home():
    for turn in range(0, 360, 45):
        home = Point(40 * cos(radians(turn)), 60 * sin(radians(turn)))
        drawn = locator(Point(-40, 20), home)
        ET.fromstring(drawn.svg)
        assert LOCATOR.holds(drawn.home_xy, inset=40)
