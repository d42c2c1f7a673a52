"""What the filters of the programme lists offer."""

from datetime import date

import pytest

from programs.models import CountryShare, Program, SdgTarget
from programs.offered import kept_offers, years
from tests.factories import (
    CityFactory,
    CountryFactory,
    ProgramFactory,
    RoleFactory,
    SectorShareFactory,
    ThemeFactory,
)

pytestmark = pytest.mark.django_db


def offered(name: str) -> list[str]:
    return [value for value, _label in kept_offers(ours=True)[name].choices]


def of_everything(**fields) -> Program:
    program = ProgramFactory(**fields)
    program.themes.add(ThemeFactory())
    program.cities.add(CityFactory())
    CountryShare.objects.create(program=program, country=CountryFactory())
    RoleFactory(program=program)
    SectorShareFactory(program=program)
    SdgTarget.objects.create(program=program, code="3.2")
    return program


@pytest.mark.parametrize("hidden", [{"status": "draft"}, {"ours": False}])
def test_only_what_a_listed_programme_has_is_offered(hidden: dict):
    shown, _other = of_everything(), of_everything(**hidden)

    assert offered("theme") == [shown.themes.get().slug]
    assert offered("city") == [shown.cities.get().slug]
    assert offered("country") == [shown.countries.get().code]
    assert offered("organisation") == [shown.roles.get().organisation.slug]
    assert offered("sector") == [shown.sector_shares.get().sector.code]
    assert offered("sdg") == ["3"]


def test_keys_are_of_the_rows_that_values_stand_for():
    program = of_everything()

    offers = kept_offers(ours=True)

    assert offers["city"].keys == {program.cities.get().slug: program.cities.get().pk}
    assert offers["year"].keys == {}


def test_every_year_in_which_a_programme_ran_is_offered_and_no_other():
    ProgramFactory(starts_on=date(2012, 5, 1), ends_on=date(2012, 6, 1))
    ProgramFactory(starts_on=date(2015, 12, 30), ends_on=date(2018, 1, 2))
    ProgramFactory(starts_on=date(2024, 5, 1), ends_on=None)
    ProgramFactory(starts_on=None, ends_on=date(2030, 5, 1))

    found = [value for value, _label in years(Program.objects.published()).choices]

    assert found == ["2024", "2018", "2017", "2016", "2015", "2012"]


def test_without_dates_no_year_is_offered():
    ProgramFactory(starts_on=None, ends_on=None)

    assert years(Program.objects.published()).choices == []
