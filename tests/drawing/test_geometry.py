from itertools import pairwise
from math import hypot

import pytest

from oda_portal.drawing.geometry import (
    Point,
    angle,
    distance_km,
    great_circle,
    midpoint,
    north_at,
    vector,
)


@pytest.mark.parametrize(
    ("a", "b", "km"),
    [
        (Point(129.0756, 35.1796), Point(106.9057, 47.8864), 2310),
        (Point(179, 0), Point(-179, 0), 222),
        (Point(0, 90), Point(120, -90), 20015),
        (Point(40, 90), Point(-100, 90), 0),
        (Point(129.0756, 35.1796), Point(129.0756, 35.1796), 0),
    ],
)
def test_distance_km_is_the_shortest_way(a, b, km):
    assert distance_km(a, b) == pytest.approx(km, abs=2)


def test_distance_km_tells_near_places_apart():
    assert distance_km(Point(129, 35), Point(129.0001, 35)) == pytest.approx(0.0091, rel=0.01)


def test_midpoint_lies_half_way_across_the_antimeridian():
    middle = midpoint(vector(Point(170, 10)), vector(Point(-170, 10)))

    assert middle == pytest.approx(vector(Point(180, 10.15)), abs=1e-3)


@pytest.mark.parametrize("lat", [0, 35, 90])
def test_midpoint_of_opposite_ends_is_as_far_from_both(lat):
    here, there = vector(Point(20, lat)), vector(Point(-160, -lat))

    middle = midpoint(here, there)

    assert angle(middle, here) == pytest.approx(angle(middle, there))


def test_great_circle_goes_from_end_to_end_in_equal_steps():
    here, there = vector(Point(129, 35)), vector(Point(-79, 9))

    way = great_circle(here, there, 8)

    assert way[0] == pytest.approx(here)
    assert way[-1] == pytest.approx(there)
    steps = [angle(a, b) for a, b in pairwise(way)]
    assert steps == pytest.approx([angle(here, there) / 8] * 8)


def test_great_circle_of_one_place_stays_there():
    here = vector(Point(129, 35))

    assert great_circle(here, here, 8) == [here, here]


def test_north_at_has_no_direction_at_a_pole():
    assert hypot(*north_at(vector(Point(20, 90)))) == 0
    assert north_at(vector(Point(20, 0))) == pytest.approx((0, 0, 1))
