"""The calls of the demonstration: one open on every day, and dates that staff have the last word on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from oda_portal.demo.calls import Days
from oda_portal.demo.demonstration import load_demonstration
from oda_portal.demo.reading import FactError, Record
from volunteers.models import Call, Opening
from volunteers.models.calls import Phase

pytestmark = [pytest.mark.thorough, pytest.mark.usefixtures("loaded")]

SUMMER = "demo-summer"


def test_there_is_a_call_in_every_list_and_each_is_marked():
    phases = {call.slug: call.phase() for call in Call.objects.published()}

    assert phases == {
        SUMMER: Phase.OPEN,
        "demo-culture": Phase.UPCOMING,
        "demo-medical": Phase.ANNOUNCED,
    }
    assert all(Call.objects.values_list("is_demonstration", flat=True))
    for ko, en, zh in Call.objects.values_list("title_ko", "title_en", "title_zh_hans"):
        assert "(시연)" in ko
        assert "(demonstration)" in en
        assert "（演示）" in zh


def test_open_call_can_be_applied_to():
    call = Call.objects.get(slug=SUMMER)

    assert {row.team: row.mode for row in call.openings.all()} == {
        "education": Opening.Mode.SELECTED,
        "medical": Opening.Mode.SELECTED,
        "skills": Opening.Mode.SELECTED,
        "culture": Opening.Mode.FIRST_COME,
    }
    assert call.openings.get(team="culture").pool.capacity == 10


def test_dates_move_on_where_nobody_touched_them():
    before = Call.objects.get(slug=SUMMER)

    with time_machine.travel(timezone.now() + timedelta(days=30), tick=False):
        load_demonstration()

        call = Call.objects.get(slug=SUMMER)
        assert call.is_open()
    assert call.closes_at == before.closes_at + timedelta(days=30)
    assert timezone.localtime(call.closes_at).strftime("%H:%M") == "18:00"


def test_dates_stay_together_once_staff_changed_one():
    before = Call.objects.get(slug=SUMMER)
    before.closes_at += timedelta(days=3)
    before.save()

    with time_machine.travel(timezone.now() + timedelta(days=90), tick=False):
        counts = load_demonstration()

    call = Call.objects.get(slug=SUMMER)
    assert (call.opens_at, call.closes_at) == (before.opens_at, before.closes_at)
    assert (call.released_at, call.confirm_by) == (before.released_at, before.confirm_by)
    assert counts["spared"] >= len(("opens_at", "closes_at", "released_at", "confirm_by"))


@pytest.mark.parametrize(
    ("today", "summer"),
    [(date(2026, 11, 22), 2027), (date(2027, 1, 26), 2027), (date(2027, 1, 28), 2028)],
)
def test_summer_is_the_next_that_leaves_time_to_prepare(today: date, summer: int):
    record = Record("calls.yaml", "x", {"departs": "summer 07-19"})

    assert Days(today).day(record, "departs") == date(summer, 7, 19)


def test_moment_is_an_hour_in_korea():
    record = Record("calls.yaml", "x", {"closes": "+21 18:00"})

    moment = Days(date(2026, 11, 22)).moment(record, "closes")

    assert moment == datetime(2026, 12, 13, 9, tzinfo=UTC)


@pytest.mark.parametrize("text", ["+21", "+21 six", "winter 12-01 18:00", "18:00"])
def test_unreadable_moment_names_its_place(text: str):
    record = Record("calls.yaml", "demo", {"closes": text})

    with pytest.raises(FactError, match=r"calls\.yaml, demo, closes"):
        Days(date(2026, 11, 22)).moment(record, "closes")
