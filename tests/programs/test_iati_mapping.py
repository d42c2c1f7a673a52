"""What an activity says of a programme, element by element."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from lxml import etree

from oda_portal.opendata.iati.checking import check
from oda_portal.opendata.iati.writing import whole, written
from programs.models import BudgetLine, CountryShare, Indicator, Program, Role, SdgTarget
from programs.reporting.building import setting_of
from programs.reporting.mapping import activity_of
from programs.reporting.readiness import for_reporting
from programs.reporting.recipients import largest_remainders
from programs.reporting.requirements import the_publisher
from tests.factories import (
    CityFactory,
    DepartmentFactory,
    IndicatorFactory,
    MeasurementFactory,
    OfficeFactory,
    OrganisationFactory,
    ParticipantGroupFactory,
    RoleFactory,
    RunFactory,
)

from .reporting import TEST_REF, name_publisher, reported_program

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
IDENTIFIER = f"{TEST_REF}-x"

pytestmark = pytest.mark.django_db


def told(program: Program) -> Any:
    """The element that is written of the programme as the database has it; always clean."""
    if the_publisher() is None:
        name_publisher()
    row = for_reporting(Program.objects.all()).get(pk=program.pk)
    text = written(activity_of(row, IDENTIFIER, setting_of(the_publisher())))
    file = whole([text], datetime(2026, 1, 1, tzinfo=UTC))
    assert [str(each) for each in check(file)] == []
    return etree.fromstring(file)[0]


def codes(element: Any, tag: str, name: str = "code") -> list[str]:
    return [each.get(name) for each in element.findall(tag)]


def texts(element: Any) -> dict[str | None, str]:
    return {each.get(LANG): each.text for each in element.findall("narrative")}


def test_texts_stand_in_the_languages_that_they_are_written_in():
    program = reported_program(
        title_ko="도시계획 연수",
        title_zh_hans="",
        summary_ko="요약",
        body_ko="<p>한 <b>줄</b>.</p><p>둘</p>",
    )
    element = told(program)
    assert element.get(LANG) == "ko"
    assert texts(element.find("title")) == {None: "도시계획 연수", "en": "Urban planning course"}
    assert texts(element.find("description"))[None] == "요약\n\n한 줄.\n둘"


def test_chinese_is_named_as_iati_names_it():
    assert (
        texts(told(reported_program(title_zh_hans="城市规划研修")).find("title"))["zh"]
        == "城市规划研修"
    )


def test_what_xml_cannot_hold_is_left_out():
    program = reported_program()
    Program.objects.filter(pk=program.pk).update(title_ko="연수\x0b<과정> & \ud7ff")
    assert texts(told(program).find("title"))[None].startswith("연수<과정> &")


def test_roles_are_iatis_and_only_of_public_organisations():
    program = reported_program()
    Role.objects.filter(program=program).delete()
    named = OrganisationFactory(org_ref="KR-GOV-051", kind="10")
    for kind in Role.Kind:
        RoleFactory(program=program, organisation=named, kind=kind)
    RoleFactory(program=program, organisation=OrganisationFactory(status="draft"), kind="funds")
    found = [
        (each.get("ref"), each.get("role")) for each in told(program).findall("participating-org")
    ]
    assert sorted(found) == [("KR-GOV-051", role) for role in ("1", "2", "4")]


def test_an_organisation_without_an_identifier_has_none():
    element = told(reported_program()).find("participating-org")
    assert element.get("ref") is None
    assert element.findtext("narrative")


@pytest.mark.parametrize(
    ("starts", "ends", "status", "days"),
    [
        (date(2026, 12, 1), date(2026, 12, 5), "1", {"1": "2026-12-01", "3": "2026-12-05"}),
        (date(2026, 11, 1), date(2026, 12, 5), "2", {"2": "2026-11-01", "3": "2026-12-05"}),
        (date(2026, 11, 1), None, "2", {"2": "2026-11-01"}),
        (date(2026, 10, 1), date(2026, 10, 5), "4", {"2": "2026-10-01", "4": "2026-10-05"}),
    ],
)
@time_machine.travel("2026-11-22 12:00+09:00", tick=False)
def test_dates_are_actual_once_they_have_passed(starts, ends, status, days):
    element = told(reported_program(starts_on=starts, ends_on=ends))
    assert codes(element, "activity-status") == [status]
    found = {each.get("type"): each.get("iso-date") for each in element.findall("activity-date")}
    assert found == days


# Ten minutes past midnight in Korea, where Greenwich still has the day before.
@time_machine.travel("2026-11-22 00:10+09:00", tick=False)
def test_a_day_that_has_begun_in_korea_alone_is_not_in_the_future():
    element = told(reported_program(starts_on=date(2026, 11, 22), ends_on=date(2026, 11, 25)))
    assert codes(element, "activity-date", "type") == ["1", "3"]


@time_machine.travel("2026-11-22 12:00+09:00", tick=False)
def test_it_changed_last_when_it_did_or_when_a_day_came():
    program = reported_program(starts_on=date(2026, 11, 1), ends_on=date(2026, 11, 20))
    Program.objects.filter(pk=program.pk).update(changed_at=datetime(2026, 11, 2, tzinfo=UTC))
    program.confirmations.update(at=datetime(2026, 11, 3, tzinfo=UTC))
    for organisation in [the_publisher_of(), *_organisations(program)]:
        type(organisation).objects.filter(pk=organisation.pk).update(
            changed_at=datetime(2026, 11, 4, tzinfo=UTC)
        )
    assert told(program).get("last-updated-datetime") == "2026-11-21T00:00:00+09:00"


def the_publisher_of() -> Any:
    return name_publisher().organisation


def _organisations(program: Program) -> list[Any]:
    return [role.organisation for role in program.roles.all()]


def test_dates_that_are_known_to_the_year_say_so():
    program = reported_program(
        starts_on=date(2019, 1, 1), ends_on=date(2019, 12, 31), precision="year"
    )
    for each in told(program).findall("activity-date"):
        assert texts(each)["en"] == "Known to the year only"


@pytest.mark.parametrize("people", [(3, 3, 3), (7, 11, 13), (1, 1, 1, 1, 1, 1, 1)])
def test_shares_make_exactly_a_hundred(people):
    given = dict(
        zip(("KH", "LA", "VN", "MN", "PH", "ID", "NP"), largest_remainders(people), strict=False)
    )
    found = codes(told(reported_program(countries=given)), "recipient-country", "percentage")
    assert sum(Decimal(share) for share in found) == 100


def test_one_country_and_one_sector_need_no_percentage():
    element = told(
        reported_program(countries={"VN": Decimal(100)}, sectors={"43030": Decimal(100)})
    )
    assert codes(element, "recipient-country", "percentage") == [None]
    assert codes(element, "sector", "percentage") == [None]


def test_a_forum_without_countries_is_for_developing_countries_in_general():
    program = reported_program(kind="forum", sectors={"99820": None})
    CountryShare.objects.filter(program=program).delete()
    element = told(program)
    assert codes(element, "recipient-region") == ["998"]
    assert codes(element, "default-aid-type") == ["H01"]


def test_targets_and_numbers():
    program = reported_program()
    SdgTarget.objects.create(program=program, code="11.2")
    program.reporting.national_number = "2026010103248"
    program.reporting.save()
    element = told(program)
    assert codes(element, "tag") == ["11.2"]
    assert codes(element, "other-identifier", "type") == ["A1", "A9"]
    assert codes(element, "other-identifier", "ref") == [program.code, "2026010103248"]


def test_the_contact_is_the_office_and_its_department():
    OfficeFactory(email="oda@example.go.kr", telephone="+82-51-000-0000")
    DepartmentFactory(name_ko="담당", name_en="Department", email="", telephone="")
    contact = told(reported_program()).find("contact-info")
    assert contact.findtext("email") == "oda@example.go.kr"
    assert texts(contact.find("organisation"))["en"] == "Test portal"
    assert contact.find("person-name") is None


def test_the_place_of_a_village_is_rounded():
    program = reported_program(kind="sister_village", latitude=11.482371, longitude=104.903459)
    location = told(program).find("location")
    assert location.findtext("point/pos") == "11.48 104.9"
    assert location.find("exactness").get("code") == "2"


def test_cities_are_where_it_is_or_where_those_live_who_come():
    abroad, hidden = CityFactory(), CityFactory(status="draft")
    for kind, reach in (("training", "2"), ("volunteer", "1")):
        program = reported_program(kind=kind)
        program.cities.set([abroad, hidden])
        assert codes(told(program), "location/location-reach") == [reach]


@pytest.mark.parametrize(
    ("ends_on", "basis", "currency", "number"),
    [
        (date(2019, 3, 20), "announced", "KRW", 1),
        (date(2021, 3, 20), "announced", "KRW", 0),  # nobody said what of it falls into which year
        (date(2019, 3, 20), "spent", "KRW", 0),
        (date(2019, 3, 20), "announced", "XYZ", 0),
    ],
)
def test_only_an_announced_budget_of_one_year_is_a_budget(ends_on, basis, currency, number):
    program = reported_program(ends_on=ends_on)
    BudgetLine.objects.create(program=program, basis=basis, amount=608_000_000, currency=currency)
    found = told(program).findall("budget")
    assert len(found) == number
    for budget in found:
        assert (budget.get("type"), budget.get("status")) == ("1", "1")
        assert budget.find("period-start").get("iso-date") == "2019-01-01"
        assert budget.findtext("value") == "608000000"


def test_pages_are_linked_in_each_language_that_they_are_written_in():
    links = told(reported_program(code="urban", title_zh_hans="")).findall("document-link")
    addresses = [each.get("url") for each in links]
    assert addresses == [
        "http://localhost:8000/programs/urban/",
        "http://localhost:8000/en/programs/urban/",
    ]
    assert codes(links[0], "category") == ["A12"]


def test_people_are_a_result_for_each_run():
    program = reported_program()
    run = RunFactory(program=program, number=1)
    ParticipantGroupFactory(run=run, women=11, men=9, total=20)
    period = told(program).find("result/indicator/period")
    values = {
        (
            each.find("dimension").get("value") if each.find("dimension") is not None else None
        ): each.get("value")
        for each in period.findall("actual")
    }
    assert values == {None: "20", "female": "11", "male": "9"}


def test_people_of_a_run_to_come_are_a_target():
    soon = date.today() + timedelta(days=30)
    program = reported_program(starts_on=soon, ends_on=soon)
    run = RunFactory(program=program, number=1, starts_on=soon, ends_on=soon)
    ParticipantGroupFactory(run=run, total=20)
    period = told(program).find("result/indicator/period")
    assert codes(period, "target", "value") == ["20"]
    assert period.find("actual") is None


def test_indicators_say_what_was_measured_and_what_was_announced():
    program = reported_program()
    indicator = IndicatorFactory(
        program=program, level="outcome", measure="2", target=60, unit_en="homes"
    )
    MeasurementFactory(
        indicator=indicator, value=Decimal("57.50"), measured_on=date(2019, 6, 1), about=True
    )
    MeasurementFactory(indicator=indicator, value=70, measured_on=date(2019, 3, 1), announced=True)
    result = told(program).find("result")
    assert (result.get("type"), result.find("indicator").get("measure")) == ("2", "2")
    assert texts(result.find("title"))["en"].endswith(" (homes)")
    announced, measured = result.findall("indicator/period")
    assert codes(announced, "target", "value") == ["60", "70"]
    assert codes(measured, "actual", "value") == ["57.5"]
    assert texts(measured.find("actual/comment"))["en"] == "Approximate number"


def test_a_qualitative_indicator_has_no_number_and_is_left_out():
    program = reported_program()
    MeasurementFactory(
        indicator=IndicatorFactory(program=program, measure=Indicator.Measure.QUALITATIVE)
    )
    assert told(program).find("result") is None
