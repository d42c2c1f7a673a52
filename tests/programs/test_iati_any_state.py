"""Whatever the database may hold: it is reported without fault, or staff are told why it is not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from oda_portal.opendata.iati.checking import check
from oda_portal.opendata.iati.writing import whole, written
from programs.models import (
    BudgetLine,
    Confirmation,
    CountryShare,
    Program,
    Reporting,
    SdgTarget,
    SectorShare,
)
from programs.reporting.building import setting_of
from programs.reporting.fingerprints import fingerprint
from programs.reporting.mapping import activity_of
from programs.reporting.readiness import for_reporting, missing
from programs.reporting.requirements import Frame
from programs.reporting.rules import identifier_of
from tests.factories import (
    IndicatorFactory,
    MeasurementFactory,
    OrganisationFactory,
    ParticipantGroupFactory,
    ProgramFactory,
    RoleFactory,
    RunFactory,
)

from .reporting import SUMMARY, country, name_publisher, sector

pytestmark = pytest.mark.django_db

DAYS = st.none() | st.integers(-3000, 1000).map(lambda days: date(2026, 11, 22) + timedelta(days))
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60)
PERCENTAGES = st.none() | st.sampled_from(["0", "33.33", "33.34", "50", "66.67", "100"]).map(
    Decimal
)
NUMBERS = st.none() | st.integers(0, 40)
KINDS = ("training", "volunteer", "sister_village", "forum", "network", "consulting")
STATES = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(KINDS),
        "modality": st.sampled_from(["", "bilateral", "triangular"]),
        "first": DAYS,
        "last": DAYS,
        "closed_on": DAYS,
        "follow_up_until": DAYS,
        "cancelled": st.booleans(),
        "precision": st.sampled_from(["day", "month", "year"]),
        "words": WORDS,
        "place": st.none() | st.tuples(st.floats(-200, 200), st.floats(-400, 400)),
        "countries": st.dictionaries(st.sampled_from(["VN", "LA", "KR", "QQ"]), PERCENTAGES, max_size=3),
        "countries_total": st.none() | st.integers(0, 5),
        "sectors": st.dictionaries(
            st.sampled_from(["43030", "21010", "99820", "00000", "23010"]), PERCENTAGES, max_size=3
        ),
        "estimated": st.booleans(),
        "roles": st.sets(st.sampled_from(["funds", "hosts", "implements", "pivotal", "beneficiary"])),
        "reference": st.sampled_from([None, "KR-GOV-051", "A B", "A/B"]),
        "target": st.sampled_from(["", "11.2", "17.99", "1.z"]),
        "aid_type": st.sampled_from(["", "D01", "Z99"]),
        "budget": st.sampled_from(["", "KRW", "XYZ"]),
        "women": NUMBERS,
        "men": NUMBERS,
        "measured": st.none() | st.tuples(DAYS, st.decimals(-999, 999, places=2), st.booleans()),
    }
)  # fmt: skip


def made(state: dict[str, Any]) -> Program:
    """A row as no form would let it through, but every constraint does."""
    first, last = state["first"], state["last"]
    if first and last and last < first:
        first, last = last, first
    latitude, longitude = state["place"] or (None, None)
    program = ProgramFactory(
        **{name: state[name] for name in ("kind", "modality", "precision", "closed_on")},
        starts_on=first,
        ends_on=last,
        follow_up_until=state["follow_up_until"],
        cancelled_at=timezone.now() if state["cancelled"] else None,
        title_ko=f"가{state['words']}",
        title_en=f"Urban planning {state['words']}",
        summary_en=SUMMARY + state["words"],
        body_ko=f"<p>{state['words']}</p>",
        latitude=latitude,
        longitude=longitude,
        countries_total=state["countries_total"],
    )
    _add_codes(program, state)
    _add_parts(program, state)
    for aspect in Confirmation.Aspect.values:
        seen = fingerprint(fresh(program), aspect)
        values = {"fingerprint": seen, "at": timezone.now()}
        Confirmation.objects.create(program=program, aspect=aspect, **values)
    return fresh(program)


def _add_codes(program: Program, state: dict[str, Any]) -> None:
    for code, share in state["countries"].items():
        CountryShare.objects.create(program=program, country=country(code), percentage=share)
    basis = "estimated" if state["estimated"] else "reported"
    for code, share in state["sectors"].items():
        row = {"sector": sector(code), "percentage": share, "basis": basis}
        SectorShare.objects.create(program=program, **row)
    if state["target"]:
        SdgTarget.objects.create(program=program, code=state["target"])
    Reporting.objects.create(program=program, wanted=True, aid_type=state["aid_type"])


def _add_parts(program: Program, state: dict[str, Any]) -> None:
    organisation = OrganisationFactory(org_ref=state["reference"])
    for kind in state["roles"]:
        RoleFactory(program=program, organisation=organisation, kind=kind)
    if state["budget"]:
        BudgetLine.objects.create(program=program, amount=1000, currency=state["budget"])
    run = RunFactory(program=program, number=1, starts_on=program.starts_on, ends_on=None)
    numbers = {name: state[name] for name in ("women", "men")}
    total = sum(number or 0 for number in numbers.values())
    ParticipantGroupFactory(run=run, total=total, **numbers)
    if state["measured"]:
        day, value, announced = state["measured"]
        indicator = IndicatorFactory(program=program, target=value)
        values = {"measured_on": day, "value": value, "announced": announced}
        MeasurementFactory(indicator=indicator, **values)


def fresh(program: Program) -> Program:
    return for_reporting(Program.objects.all()).get(pk=program.pk)


@pytest.mark.thorough
@settings(max_examples=25, deadline=None)
@given(state=STATES)
def test_any_state_is_reported_clean_or_says_why_not(state):
    with transaction.atomic():
        publisher = name_publisher()
        program, frame = made(state), Frame.now()
        lacking = missing(program, frame)
        if lacking:
            assert all(each.reason for each in lacking)
        else:
            activity = activity_of(
                program, identifier_of(program, publisher), setting_of(publisher)
            )
            file = whole([written(activity)], datetime(2026, 1, 1, tzinfo=UTC))
            assert [str(found) for found in check(file)] == []
        transaction.set_rollback(True)


@pytest.mark.thorough
@settings(max_examples=25, deadline=None)
@given(state=STATES)
def test_what_is_complete_is_clean_whatever_else_it_says(state):
    """Most invented states lack something: here what must be there is there."""
    complete = {
        "countries": {"VN": None},
        "countries_total": None,
        "sectors": {"43030": None},
        "estimated": False,
        "roles": state["roles"] | {"funds", "implements"},
        "reference": "KR-GOV-051",
        "target": "11.2",
        "aid_type": "",
        "first": state["first"] or date(2019, 3, 1),
        "closed_on": None,
    }
    with transaction.atomic():
        publisher = name_publisher()
        program = made({**state, **complete})
        assert missing(program, Frame.now()) == []
        activity = activity_of(program, identifier_of(program, publisher), setting_of(publisher))
        file = whole([written(activity)], datetime(2026, 1, 1, tzinfo=UTC))
        assert [str(found) for found in check(file)] == []
        transaction.set_rollback(True)
