"""The azimuthal and the level map: what lies where, and what is land."""

from math import degrees, pi, radians

import pytest

from oda_portal.drawing import outlines
from oda_portal.drawing.flat import Flat
from oda_portal.drawing.geometry import Point, vector
from oda_portal.drawing.plane import Box
from oda_portal.drawing.projection import Azimuthal

BOX = Box(800, 400)
LAND = {
    "Gobi": Point(105, 44),
    "Sahara": Point(5, 23),
    "Amazonia": Point(-62, -5),
    "Outback": Point(134, -25),
    "South Pole": Point(0, -90),
    "Chukotka, on the antimeridian": Point(180, 68),
}
SEA = {
    "Pacific": Point(-150, 0),
    "Atlantic": Point(-30, 20),
    "Indian Ocean": Point(80, -30),
    "Caspian": Point(51, 41),
    "North Pole": Point(0, 90),
    "south of New Zealand": Point(180, -60),
}
# Opposite to some of these lies land, whose outline comes out inside out.
CENTRES = {
    "Busan": Point(129, 35),
    "North Pole": Point(0, 90),
    "Auckland": Point(175, -37),
    "Buenos Aires": Point(-58, -35),
    "Bogota": Point(-74, 5),
    "South Pole": Point(0, -90),
}


def is_filled(view, at) -> bool:
    """Whether the land drawn on a map covers a point of it, by the even-odd rule."""
    x, y = at
    inside = False
    for ring in outlines.land():
        for shape in view.contours(ring, 0):
            for (x1, y1), (x2, y2) in zip([shape[-1], *shape[:-1]], shape, strict=True):
                if (y1 > y) != (y2 > y) and x1 + (y - y1) * (x2 - x1) / (y2 - y1) > x:
                    inside = not inside
    return inside


@pytest.mark.parametrize("centre", CENTRES)
@pytest.mark.parametrize("reach", [60, 128, 165])
def test_azimuthal_draws_land_as_land_and_sea_as_sea(centre, reach):
    view = Azimuthal.over(vector(CENTRES[centre]), scale=300, reach=radians(reach))

    def seen(places):
        return {
            name: is_filled(view, view.project(vector(place)))
            for name, place in places.items()
            if view.shows(vector(place))
        }

    land, sea = seen(LAND), seen(SEA)
    assert set(land.values()) <= {True}, land
    assert set(sea.values()) <= {False}, sea
    assert land or sea


def test_azimuthal_keeps_directions_and_areas():
    view = Azimuthal.over(vector(Point(0, 0)), scale=100)

    east, north = view.project(vector(Point(30, 0))), view.project(vector(Point(0, 30)))

    assert east == pytest.approx((2 * 100 * 0.258819, 0), abs=1e-3)
    assert north == pytest.approx((0, -east[0]), abs=1e-3)


def test_azimuthal_puts_what_lies_beyond_on_the_rim_in_its_direction():
    view = Azimuthal.over(vector(Point(0, 0)), scale=100, reach=radians(90))

    x, y = view.project(vector(Point(150, 0)))

    assert not view.shows(vector(Point(150, 0)))
    assert (x, y) == pytest.approx((view.rim, 0))


def test_azimuthal_place_at_undoes_project():
    view = Azimuthal.over(vector(Point(100, 60)), scale=200, middle=(10, 20))

    assert view.place_at(view.project(vector(Point(-170, 40)))) == pytest.approx(
        vector(Point(-170, 40))
    )
    assert view.place_at((10, 20)) == pytest.approx(vector(Point(100, 60)))


def test_azimuthal_with_a_lens_draws_the_near_larger_and_keeps_the_rim():
    plain = Azimuthal.over(vector(Point(0, 0)), scale=100, reach=radians(120))
    lens = Azimuthal.over(vector(Point(0, 0)), scale=100, reach=radians(120), lens=0.7)

    assert lens.rim == plain.rim
    assert lens.radius_at(radians(10)) > 1.5 * plain.radius_at(radians(10))
    assert lens.project(vector(Point(0, 0))) == (0, 0)
    near = lens.project(vector(Point(25, 10)))
    assert lens.project_all([vector(Point(25, 10))])[0] == pytest.approx(near)


@pytest.mark.parametrize("lon", [-179, -60, 0, 129, 180])
def test_flat_draws_land_as_land_and_sea_as_sea(lon):
    view = Flat(radians(lon), 0, BOX.width / (2 * pi), BOX.middle)
    places = {**LAND, **SEA}
    del places["South Pole"], places["North Pole"]

    filled = {name: is_filled(view, view.project(vector(p))) for name, p in places.items()}

    assert filled == {name: name in LAND for name in places}


def test_flat_around_takes_the_short_way_round():
    view = Flat.around([vector(Point(170, 1)), vector(Point(-160, -1))], BOX, 0.8)

    left, right = view.project(vector(Point(170, 1))), view.project(vector(Point(-160, -1)))

    assert degrees(view.lon) % 360 == pytest.approx(185)
    assert (left[0], right[0]) == pytest.approx((80, 720))


def test_country_body_leaves_out_what_lies_overseas():
    bodies = {number: len(outlines.country(number).body) for number in ("840", "250", "360", "554")}

    # The United States without Alaska, France without Guiana; all of Indonesia, both New Zealands.
    assert bodies == {"840": 1, "250": 1, "360": 10, "554": 2}


def test_country_without_an_outline_is_none():
    assert outlines.country("308") is None
