"""Circles for numbers: their areas, what is made one, and what is moved apart."""

from __future__ import annotations

import math
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oda_portal.drawing.bubbles import OVERLAP, Scale, Spot, bubbles
from oda_portal.drawing.frames import BOX

SCALE = Scale(unit=16, largest=60, room=56, joined=10)


def spot(name: str, at: tuple[float, float], number: int, group: str = "a", first: int = 0) -> Spot:
    return Spot(name, at, group, numbered=frozenset(range(first, first + number)))


def test_area_is_the_number():
    small, large = (
        bubbles([spot("x", (640, 640), n), spot("y", (100, 100), 9)], SCALE, BOX)[index].radius
        for n, index in ((1, 1), (4, 1))
    )
    assert large**2 / small**2 == pytest.approx(4)


def test_largest_number_fits_and_the_smallest_can_be_seen():
    largest, smallest = bubbles(
        [spot("x", (300, 300), 10_000), spot("y", (900, 900), 1)], SCALE, BOX
    )

    assert largest.radius == pytest.approx(SCALE.largest)
    assert smallest.radius >= SCALE.room / 5


def test_near_places_become_one_circle_that_counts_what_they_share_once():
    (joined,) = bubbles(
        [spot("less", (600, 600), 3), spot("more", (604, 600), 5, first=1)], SCALE, BOX
    )

    assert joined.things == ("more", "less")
    assert joined.number == 6


def test_places_of_different_groups_are_never_joined():
    found = bubbles([spot("x", (600, 600), 1, "a"), spot("y", (600, 600), 1, "b")], SCALE, BOX)

    assert [circle.things for circle in found] == [("x",), ("y",)]
    assert math.dist(found[0].at, found[1].at) >= SCALE.room - 1


def test_circle_on_its_own_lies_on_its_place():
    (circle,) = bubbles([spot("x", (600, 400), 2)], SCALE, BOX)

    assert circle.at == circle.place == (600, 400)
    assert not circle.is_moved


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(st.integers(0, 1280), st.integers(0, 1280), st.integers(1, 9)), max_size=12)
)
def test_wherever_places_lie_each_circle_has_room_in_the_box(
    places: list[tuple[int, int, int]],
):
    spots = [spot(str(i), (x, y), n, group=str(i)) for i, (x, y, n) in enumerate(places)]

    found = bubbles(spots, SCALE, BOX)

    assert len(found) == len(places)
    assert all(BOX.holds(circle.at, SCALE.room / 2 - 1) for circle in found)
    for a, b in combinations(found, 2):
        least = max(SCALE.room, OVERLAP * (a.radius + b.radius))
        assert math.dist(a.at, b.at) > 0.75 * least


def test_kin_is_joined_from_further_away_and_before_others():
    scale = Scale(unit=16, largest=60, room=56, joined=10, kin=90)
    places = [
        Spot("city", (600, 600), "a", "KH", frozenset({1, 4})),
        Spot("country", (660, 600), "a", "KH", frozenset({2})),
        Spot("neighbour", (607, 600), "a", "VN", frozenset({3})),
    ]

    found = {circle.things for circle in bubbles(places, scale, BOX)}

    assert found == {("city", "country"), ("neighbour",)}
