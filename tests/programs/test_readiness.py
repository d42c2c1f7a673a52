"""What a programme needs before it is reported, and how many questions that takes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from oda_portal.publishing.models import Status
from partners.models import Organisation
from programs.models import (
    CountryShare,
    Identifier,
    ParticipantGroup,
    Program,
    Publisher,
    Reporting,
    Role,
    SdgTarget,
    SectorShare,
)
from programs.reporting.bonuses import BONUSES
from programs.reporting.codes import Codes, codes_of
from programs.reporting.dates import Dates, dates_of
from programs.reporting.meters import meter_of
from programs.reporting.readiness import (
    for_reporting,
    for_requirements,
    is_ready,
    missing,
    reportable,
    requirements_of,
)
from programs.reporting.recipients import (
    UNSPECIFIED,
    largest_remainders,
    recipients_of,
    suggested_shares,
)
from programs.reporting.requirements import Frame, Requirement
from programs.reporting.rules import MUSTS
from tests.factories import (
    CountryFactory,
    ParticipantGroupFactory,
    ProgramFactory,
    RoleFactory,
    RunFactory,
)
from tests.programs.reporting import TEST_REF as REFERENCE
from tests.programs.reporting import (
    confirmed,
    ready_program,
    sector,
    the_publisher,
    unconfirmed_program,
)
from tests.programs.reporting import country as recipient

pytestmark = pytest.mark.django_db
LANGUAGES = ("ko", "en", "zh-hans")
TODAY = date(2026, 11, 22)


def names_missing(program: Program) -> set[str]:
    return {each.name for each in missing(Program.objects.get(pk=program.pk))}


def change(program: Program, **values: Any) -> None:
    Program.objects.filter(pk=program.pk).update(**values)


# --- whether it is reported -----------------------------------------------------------------------


def test_a_programme_with_everything_is_ready():
    program = ready_program()

    assert names_missing(program) == set()
    assert is_ready(program)
    assert list(reportable()) == [program]


def test_an_empty_programme_is_told_everything_and_breaks_nothing():
    program = Program.objects.create(code="nothing", kind="training", arrangement="own")

    told = requirements_of(program)

    assert [each.name for each in told] == [rule.name for rule in (*MUSTS, *BONUSES)]
    unmet = {each.name for each in told if each.must and not each.met}
    assert {"wanted", "public", "publisher", "title", "description", "dates"} <= unmet
    assert {"funding", "implementing", "sectors", "confirmed_roles"} <= unmet


def _unwanted(program: Program) -> None:
    Reporting.objects.filter(program=program).update(wanted=False)


def _role_gone(kind: str) -> Callable[[Program], None]:
    return lambda program: Role.objects.filter(program=program, kind=kind).delete()  # type: ignore[return-value]


def _reporter(**values: Any) -> Callable[[Program], None]:
    def act(program: Program) -> None:
        reporters = Organisation.objects.filter(publishes_as__isnull=False)
        reporters.update(**values)

    return act


def _implementer(**values: Any) -> Callable[[Program], None]:
    def act(program: Program) -> None:
        Organisation.objects.filter(roles__kind=Role.Kind.IMPLEMENTS).update(**values)

    return act


def _now(**values: Any) -> Callable[[Program], None]:
    return lambda program: change(program, **values)


def _second_sector(program: Program) -> None:
    SectorShare.objects.create(program=program, sector=sector("43032"), basis="reported")


def _sectors(**values: Any) -> Callable[[Program], None]:
    return lambda program: SectorShare.objects.filter(program=program).update(**values)  # type: ignore[return-value]


def _no_sector_of_the_dac(program: Program) -> None:
    SectorShare.objects.filter(program=program).update(sector=sector("99999"))


def _second_country(program: Program) -> None:
    CountryShare.objects.create(program=program, country=recipient("LA"))


def _shares_of_99(program: Program) -> None:
    CountryShare.objects.create(program=program, country=recipient("LA"), percentage=49)
    CountryShare.objects.filter(country__code="VN").update(percentage=50)


def _country_gone(program: Program) -> None:
    change(program, kind="volunteer")
    CountryShare.objects.filter(program=program).delete()


def _no_country_of_the_list(program: Program) -> None:
    CountryShare.objects.filter(program=program).update(country=recipient("QQ"))


def _wrong_target(program: Program) -> None:
    SdgTarget.objects.create(program=program, code="1.9")


def _wrong_code(program: Program) -> None:
    Reporting.objects.filter(program=program).update(aid_type="Z99")


def _withdrawn_code(program: Program) -> None:
    Reporting.objects.filter(program=program).update(flow_type="20")


def _identifier_of_another(program: Program) -> None:
    Identifier.objects.create(program=program, value=f"XM-DAC-1-{program.code}")


def _identifier_retired(program: Program) -> None:
    Identifier.objects.create(program=None, value=f"{REFERENCE}-{program.code}")


TROUBLE: list[tuple[str, Callable[[Program], Any]]] = [
    ("wanted", _unwanted),
    ("public", _now(status=Status.DRAFT)),
    ("public", _now(publish_at=timezone.now() + timedelta(days=1))),
    ("public", _now(expire_at=timezone.now() - timedelta(days=1))),
    ("ours", _now(ours=False)),
    ("ours", _now(is_demonstration=True)),
    ("happened", _now(announced_only=True)),
    ("publisher", lambda program: Publisher.objects.all().delete()),
    ("publisher", _reporter(org_ref="CITY-1")),
    ("publisher", _reporter(org_ref="KR-BRN-1/2")),
    ("publisher", _reporter(org_ref=None)),
    ("publisher", _reporter(status=Status.DRAFT)),
    ("publisher", _reporter(name_en="")),
    ("identifier", _identifier_of_another),
    ("identifier", _identifier_retired),
    ("title", _now(title_ko="")),
    ("title", _now(title_en=None)),
    ("title", _now(title_en="Too short")),
    ("description", _now(summary_ko="", body_ko="")),
    ("description", _now(summary_en="Short.", body_en="<p>" + "<b></b>" * 50 + "</p>")),
    ("dates", _now(starts_on=None)),
    ("dates", _now(date_is_estimate=True)),
    ("dates", _now(closed_on=date(2019, 2, 1))),
    ("funding", _role_gone("funds")),
    ("implementing", _role_gone("implements")),
    ("implementing", _implementer(status=Status.WITHDRAWN)),
    ("references", _implementer(org_ref="KR BRN 1")),
    ("references", _implementer(name_ko="", name_en="", name_zh_hans="")),
    ("recipients", _second_country),
    ("recipients", _shares_of_99),
    ("recipients", _country_gone),
    ("recipients", _no_country_of_the_list),
    ("sectors", lambda program: SectorShare.objects.all().delete()),
    ("sectors", _sectors(basis="estimated")),
    ("sectors", _sectors(percentage=60)),
    ("sectors", _second_sector),
    ("sectors", _no_sector_of_the_dac),
    ("targets", _wrong_target),
    ("codes", _wrong_code),
    ("codes", _withdrawn_code),
]


@pytest.mark.thorough
@pytest.mark.parametrize(("name", "spoil"), TROUBLE)
def test_what_is_missing_is_said_and_keeps_it_from_the_report(
    name: str, spoil: Callable[[Program], Any]
):
    program = ready_program()

    spoil(program)

    program = Program.objects.get(pk=program.pk)
    assert name in names_missing(program)
    assert not is_ready(program)
    for language in LANGUAGES:
        with translation.override(language):
            assert_told_in_sentences(requirements_of(program))


def assert_told_in_sentences(told: list[Requirement]) -> None:
    for each in told:
        assert bool(each.reason) != each.met
        assert each.met or each.reason[-1] in ".。", each.reason
        assert "%(" not in each.reason
        assert each.label


def test_everything_but_the_musts_is_only_wished_for():
    program = ready_program()

    wished = {each.name for each in requirements_of(program) if not each.must and not each.met}

    assert wished == {"goals", "place", "budget", "people", "results", "documents", "networked"}
    assert is_ready(program)


def test_what_may_not_be_asked_about_is_not_reportable():
    ready_program()
    for values in (
        {"ours": False},
        {"is_demonstration": True},
        {"announced_only": True},
        {"status": Status.DRAFT},
        {"status": Status.WITHDRAWN},
    ):
        change(ready_program(), **values)
    _unwanted(ready_program())
    ProgramFactory()

    assert reportable().count() == 1


# --- codes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "aid_type", "scope"),
    [
        ("training", "E01", "4"),
        ("volunteer", "D01", "8"),
        ("sister_village", "C01", "8"),
        ("forum", "H01", "4"),
        ("network", "G01", "4"),
        ("consulting", "D02", "4"),
    ],
)
def test_codes_follow_from_the_kind(kind: str, aid_type: str, scope: str):
    program = unconfirmed_program(kind=kind)

    codes = codes_of(program)

    assert (codes.aid_type, codes.scope) == (aid_type, scope)
    assert (codes.flow_type, codes.finance_type, codes.collaboration_type) == ("10", "110", "1")
    assert "codes" not in names_missing(program)


def test_codes_follow_from_countries_and_modality():
    program = unconfirmed_program(modality="triangular")
    CountryShare.objects.create(program=program, country=recipient("LA"))

    assert codes_of(program).scope == "3"
    assert codes_of(program).collaboration_type == "8"


def test_what_goes_to_no_recipient_of_oda_is_no_oda():
    program = unconfirmed_program()
    program.country_shares.all().delete()
    CountryShare.objects.create(program=program, country=CountryFactory(code="SG"))

    assert codes_of(program).flow_type == "50"
    assert recipients_of(program).is_whole


def test_staff_may_choose_other_codes():
    program = unconfirmed_program()
    Reporting.objects.filter(program=program).update(aid_type="D02", tied_status="5")

    codes = codes_of(Program.objects.get(pk=program.pk))

    assert codes == Codes("4", "1", "10", "110", "D02", "5")


# --- dates ------------------------------------------------------------------------------------------

START, END = date(2026, 11, 1), date(2026, 11, 30)


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"starts_on": None}, None),
        ({}, Dates("2", actual_start=START, planned_end=END)),
        ({"ends_on": None}, Dates("2", actual_start=START)),
        ({"starts_on": date(2026, 11, 23)}, Dates("1", date(2026, 11, 23), planned_end=END)),
        ({"starts_on": TODAY, "ends_on": TODAY}, Dates("2", None, TODAY, TODAY)),
        (
            {"ends_on": date(2026, 11, 21)},
            Dates("4", actual_start=START, actual_end=date(2026, 11, 21)),
        ),
        ({"closed_on": TODAY}, Dates("4", actual_start=START, actual_end=TODAY)),
        (
            {"closed_on": TODAY, "follow_up_until": date(2027, 5, 1)},
            Dates("3", actual_start=START, actual_end=TODAY),
        ),
        ({"cancelled_at": timezone.now()}, Dates("5", START, planned_end=END)),
    ],
)
def test_dates_and_status_follow_from_its_own_dates(values: dict[str, Any], found: Dates | None):
    program = Program(**{"starts_on": START, "ends_on": END, **values})

    assert dates_of(program, TODAY) == found


DAYS = st.none() | st.dates(date(2026, 11, 18), date(2026, 11, 26))


@given(DAYS, DAYS, DAYS, DAYS)
def test_actual_dates_are_in_order_and_never_in_the_future(
    starts: date | None, ends: date | None, closed: date | None, followed: date | None
):
    program = Program(starts_on=starts, ends_on=ends, closed_on=closed, follow_up_until=followed)
    found = dates_of(program, TODAY)

    if found is None or (starts and ends and ends < starts) or (closed and closed < starts):  # type: ignore[operator]
        return  # what cannot be reported, or not be stored
    assert found.planned_start or found.actual_start
    for actual in (found.actual_start, found.actual_end):
        assert actual is None or actual <= TODAY
    if found.actual_start and found.actual_end:
        assert found.actual_start <= found.actual_end


# --- recipients -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weights", "parts"),
    [
        ([3, 3, 3], ["33.34", "33.33", "33.33"]),
        ([7, 11, 13], ["22.58", "35.48", "41.94"]),
        ([1], ["100"]),
        ([0, 5], ["0", "100"]),
        ([0, 0], ["0", "0"]),
        ([], []),
    ],
)
def test_shares_follow_the_weights(weights: list[int], parts: list[str]):
    assert largest_remainders(weights) == [Decimal(part) for part in parts]


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=60))
def test_shares_always_make_a_hundred(weights: list[int]):
    parts = largest_remainders(weights)

    assert sum(parts) == (100 if any(weights) else 0)
    assert all(part >= 0 for part in parts)


def group(program: Program, country: Any, total: int | None) -> ParticipantGroup:
    run = program.runs.first() or RunFactory(program=program)
    return ParticipantGroupFactory(run=run, country=country, total=total)


def test_shares_are_suggested_by_people_where_all_are_known():
    program = unconfirmed_program()
    CountryShare.objects.create(program=program, country=recipient("LA"))
    outside = CountryFactory(code="SG")
    CountryShare.objects.create(program=program, country=outside)
    rows = list(program.country_shares.select_related("country"))
    by_code = {row.country.code: row.country_id for row in rows}

    equal = suggested_shares(program, rows)
    group(program, recipient("VN"), 14)
    group(program, outside, 9)
    half_known = suggested_shares(program, rows)
    group(program, recipient("LA"), 6)
    by_people = suggested_shares(program, rows)

    assert equal == half_known == {by_code["VN"]: 50, by_code["LA"]: 50, by_code["SG"]: 0}
    assert by_people == {by_code["VN"]: 70, by_code["LA"]: 30, by_code["SG"]: 0}


def test_who_receives_no_oda_has_no_share_in_the_report():
    program = unconfirmed_program()
    CountryShare.objects.create(program=program, country=CountryFactory(code="SG"))

    found = recipients_of(program)

    assert [(country.code, share) for country, share in found.countries] == [("VN", None)]
    assert found.is_whole


@pytest.mark.parametrize(
    ("kind", "region"), [("forum", UNSPECIFIED), ("training", UNSPECIFIED), ("volunteer", "")]
)
def test_without_countries_it_goes_to_developing_countries(kind: str, region: str):
    program = unconfirmed_program(kind=kind)
    program.country_shares.all().delete()

    found = recipients_of(program)

    assert (found.countries, found.region, found.is_whole) == ((), region, bool(region))


def test_where_more_took_part_than_are_named_none_has_a_share():
    program = unconfirmed_program(countries_total=6)

    assert recipients_of(program).region == UNSPECIFIED


# --- the whole --------------------------------------------------------------------------------------


def test_the_meter_is_full_for_what_is_ready_alone():
    program = ready_program()
    full = meter_of(program)
    _unwanted(program)
    one_missing = meter_of(Program.objects.get(pk=program.pk))

    assert (full.is_ready, full.level.filled) == (True, 100)
    assert not one_missing.is_ready
    assert 90 <= one_missing.level.filled < 100
    assert one_missing.level.met == len(MUSTS) - 1


def with_many_parts() -> None:
    program = unconfirmed_program()
    for code in ("LA", "KH", "MN"):
        CountryShare.objects.create(program=program, country=recipient(code), percentage=25)
    CountryShare.objects.filter(country__code="VN").update(percentage=25)
    RoleFactory(program=program)
    SdgTarget.objects.create(program=program, code="11.2")
    group(program, recipient(), 4)
    confirmed(program)


@pytest.mark.thorough
def test_all_are_asked_in_as_many_questions_as_one():
    with_many_parts()

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            frame = Frame.now()
            for program in for_requirements(Program.objects.all()):
                requirements_of(program, frame)
            for program in for_reporting(Program.objects.all()):
                assert is_ready(program, frame)
                codes_of(program)
        return len(queries)

    few = asked()
    for _number in range(5):
        with_many_parts()

    assert asked() == few <= 28


def test_there_is_one_publisher():
    assert the_publisher().pk == 1
    assert f"{the_publisher()}".endswith(f"({REFERENCE})")
