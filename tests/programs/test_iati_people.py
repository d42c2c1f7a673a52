"""Numbers of people single out nobody, neither by themselves nor by what they leave."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.reporting.people import FEWEST, count_of, shown
from tests.factories import CountryFactory, ParticipantGroupFactory, RunFactory


@pytest.mark.parametrize(
    ("parts", "total", "left"),
    [
        ({"female": 8, "male": 7}, 15, {"female": 8, "male": 7}),
        ({"female": 15, "male": 0}, 15, {"female": 15, "male": 0}),
        ({"female": 14, "male": 1}, 15, {}),
        # One person of whom it was not written down.
        ({"female": 7, "male": 7}, 15, {"male": 7}),
        ({"KH": 10, "LA": 5, "VN": 2}, 17, {"KH": 10}),
        # Two hidden ones of one each would both be known.
        ({"KH": 10, "LA": 5, "MN": 1, "VN": 1}, 17, {"KH": 10}),
        ({"KH": 10, "LA": 2, "VN": 2}, 14, {"KH": 10}),
    ],
)
def test_what_would_tell_of_few_is_left_out(parts, total, left):
    assert shown(parts, total) == left


PARTS = st.dictionaries(st.sampled_from("ABCDEFG"), st.integers(0, 30), max_size=7)


@given(parts=PARTS, rest=st.integers(0, 5))
def test_nothing_small_is_shown_nor_left_over(parts, rest):
    total = sum(parts.values()) + rest
    left = shown(parts, total)
    assert not [number for number in left.values() if 0 < number < FEWEST]
    assert left.items() <= parts.items()
    hidden = [number for name, number in parts.items() if name not in left and number]
    cells, people = len(hidden) + (rest > 0), total - sum(left.values())
    # What is left over is nobody, or enough people in more than one place; or nothing is shown.
    assert (
        people == 0 or (people >= FEWEST and cells > 1) or rest >= FEWEST or not any(left.values())
    )


@pytest.mark.django_db
def test_groups_are_added_up_where_all_is_known():
    run, laos, cambodia = RunFactory(), CountryFactory(code="LA"), CountryFactory(code="KH")
    ParticipantGroupFactory(run=run, country=laos, women=6, men=4, total=10)
    ParticipantGroupFactory(run=run, country=cambodia, women=5, men=5, total=10, about=True)
    count = count_of(run)
    assert (count.total, count.about) == (20, True)
    assert count.sexes == {"female": 11, "male": 9}
    assert count.countries == {"KH": 10, "LA": 10}


@pytest.mark.django_db
def test_a_part_that_is_not_known_of_every_group_is_left_out():
    run = RunFactory()
    ParticipantGroupFactory(run=run, country=CountryFactory(code="LA"), women=6, men=4, total=10)
    ParticipantGroupFactory(run=run, total=10)
    count = count_of(run)
    assert (count.total, count.sexes, count.countries) == (20, {}, {})


@pytest.mark.django_db
@pytest.mark.parametrize("total", [None, 0, 2])
def test_a_number_that_is_unknown_or_small_is_none(total):
    assert count_of(ParticipantGroupFactory(total=total).run) is None
