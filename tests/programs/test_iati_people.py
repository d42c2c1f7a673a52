"""A run is reported with what its groups show, and nothing can be worked out besides."""

from __future__ import annotations

import pytest

from programs.reporting.people import count_of
from tests.factories import CountryFactory, ParticipantGroupFactory, RunFactory


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


@pytest.mark.django_db
def test_sexes_are_left_out_where_those_of_one_group_are_hidden():
    run = RunFactory()
    ParticipantGroupFactory(run=run, women=10, men=10, total=20)
    ParticipantGroupFactory(run=run, women=1, men=19, total=20)
    count = count_of(run)
    assert (count.total, count.sexes) == (40, {})


@pytest.mark.django_db
def test_a_group_of_few_is_in_no_part_of_what_is_reported():
    run, laos = RunFactory(), CountryFactory(code="LA")
    ParticipantGroupFactory(run=run, country=laos, women=6, men=4, total=10)
    mongolia = CountryFactory(code="MN")
    ParticipantGroupFactory(run=run, country=mongolia, women=1, men=0, total=1, about=True)
    count = count_of(run)
    assert (count.total, count.about) == (10, False)
    assert (count.sexes, count.countries) == ({"female": 6, "male": 4}, {"LA": 10})
