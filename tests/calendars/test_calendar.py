"""The public calendar, read by another library than the one that writes it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
import vobject
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oda_portal.calendars.occasions import Source, register
from oda_portal.publishing.freshness import raise_generation
from oda_portal.publishing.models import Status
from tests.factories import (
    CallFactory,
    InterviewSlotFactory,
    OfficeFactory,
    ProgramFactory,
)

pytestmark = pytest.mark.django_db
SEOUL = ZoneInfo("Asia/Seoul")


@pytest.fixture(autouse=True)
def _office() -> None:
    OfficeFactory()


def read(client: Client, address: str = "/en/calendar.ics") -> dict[str, vobject.base.Component]:
    """The entries by the first part of their names, after whatever was changed before."""
    raise_generation()
    response = client.get(address)
    assert response.status_code == 200
    calendar = vobject.readOne(response.content.decode())
    found = {event.uid.value.split("@")[0]: event for event in calendar.contents.get("vevent", [])}
    assert len(found) == len(calendar.contents.get("vevent", []))
    return found


def a_call(**values):
    now = timezone.now()
    times = {
        "opens_at": now - timedelta(days=1),
        "closes_at": now + timedelta(days=9),
        "released_at": now + timedelta(days=20),
        "confirm_by": now + timedelta(days=25),
    }
    return CallFactory(**{**times, **values})


def test_a_call_has_its_three_days_in_korea_time(client: Client):
    call = a_call(
        title_en="The 12th call",
        opens_at=datetime(2026, 11, 1, 9, tzinfo=SEOUL),
        closes_at=datetime(2026, 11, 30, 18, tzinfo=SEOUL),
        released_at=datetime(2026, 12, 15, 10, tzinfo=SEOUL),
        confirm_by=datetime(2026, 12, 20, 10, tzinfo=SEOUL),
    )

    found = read(client)

    assert {name: event.summary.value for name, event in found.items()} == {
        f"call-{call.pk}-opens": "Applications open: The 12th call",
        f"call-{call.pk}-deadline": "Last day to apply: The 12th call",
        f"call-{call.pk}-results": "Results: The 12th call",
    }
    deadline = found[f"call-{call.pk}-deadline"]
    assert deadline.dtend.value == datetime(2026, 11, 30, 18, tzinfo=SEOUL)
    assert deadline.url.value == f"http://localhost:8000/en/volunteers/calls/{call.slug}/"
    text = client.get("/en/calendar.ics").content.decode()
    assert "TZID=Asia/Seoul:20261130T180000" in text
    assert text.count("BEGIN:VTIMEZONE") == 1


def test_a_programme_stands_on_its_days_as_whole_days(client: Client):
    program = ProgramFactory(
        starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 5), title_zh_hans="研修"
    )

    event = read(client, "/zh-hans/calendar.ics")[f"program-{program.pk}"]

    assert (event.dtstart.value, event.dtend.value) == (date(2026, 12, 1), date(2026, 12, 6))
    assert event.summary.value == "研修"
    assert event.summary.params["LANGUAGE"] == ["zh-Hans"]
    assert event.status.value == "CONFIRMED"


def test_what_is_cancelled_or_only_announced_says_so(client: Client):
    days = {"starts_on": date(2026, 12, 1), "ends_on": date(2026, 12, 5)}
    cancelled = ProgramFactory(cancelled_at=timezone.now(), **days)
    announced = ProgramFactory(announced_only=True, **days)

    found = read(client)

    assert found[f"program-{cancelled.pk}"].status.value == "CANCELLED"
    assert found[f"program-{announced.pk}"].status.value == "TENTATIVE"


@pytest.mark.every_case
@pytest.mark.parametrize(
    "values",
    [
        {"status": Status.DRAFT},
        {"status": Status.WITHDRAWN},
        {"publish_at": timezone.now() + timedelta(days=400)},
        {"expire_at": timezone.now() - timedelta(days=1)},
        {"ours": False},
        {"precision": "month"},
        {"date_is_estimate": True},
        {"starts_on": None, "ends_on": None},
        {"starts_on": date(2019, 1, 1), "ends_on": date(2019, 1, 5)},
    ],
)
def test_what_is_not_public_or_has_no_day_is_not_in_it(client: Client, values: dict):
    days = {"starts_on": date(2026, 12, 1), "ends_on": date(2026, 12, 5)}
    ProgramFactory(**{**days, **values})
    shown = ProgramFactory(**days)

    assert set(read(client)) == {f"program-{shown.pk}"}


def test_calls_that_are_not_public_and_all_interviews_stay_out(client: Client):
    a_call(status=Status.DRAFT)
    slot = InterviewSlotFactory(place_en="Secret room")

    text = client.get("/en/calendar.ics").content.decode()

    assert slot.call.slug in text
    assert "Secret room" not in text
    assert "interview" not in text.lower()


def test_an_entry_keeps_its_name_and_counts_up_when_it_moves(client: Client):
    program = ProgramFactory(starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 1))
    name = f"program-{program.pk}"
    before = read(client)[name]

    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        program.starts_on = program.ends_on = date(2026, 12, 2)
        program.save()

    after = read(client)[name]
    assert after.uid.value == before.uid.value == f"{name}@localhost"
    assert int(after.sequence.value) > int(before.sequence.value)
    assert after.last_modified.value > before.last_modified.value
    assert after.dtstart.value == date(2026, 12, 2)


def test_the_entry_of_a_deadline_is_that_of_its_own_file(client: Client):
    call = a_call()
    own = vobject.readOne(
        client.get(reverse("volunteers:call_calendar", args=[call.slug])).content.decode()
    )

    event = read(client)[f"call-{call.pk}-deadline"]

    assert own.vevent.uid.value == event.uid.value
    assert "valarm" in own.vevent.contents
    assert "valarm" not in event.contents


@pytest.mark.parametrize("prefix", ["", "/zh-hans"])
def test_lines_are_folded_between_characters(client: Client, prefix: str):
    long = "가나다라마바사아자차카타파하 개발협력 연수; 부산, \\ 하노이 " * 8
    ProgramFactory(
        starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 2),
        title_ko=long[:200], title_en="", title_zh_hans="", summary_ko=f"첫 줄\n둘째 줄 {long}"[:600],
        summary_en="", summary_zh_hans="",
    )  # fmt: skip

    content = client.get(f"{prefix}/calendar.ics").content

    assert content.endswith(b"\r\n")
    for line in content.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # not cut within a character
        assert b"\n" not in line
    (event,) = read(client, f"{prefix}/calendar.ics").values()
    assert event.summary.value == long[:200]
    assert event.description.value.startswith("첫 줄\n둘째 줄")


def test_a_calendar_of_one_kind(client: Client):
    days = {"starts_on": date(2026, 12, 1), "ends_on": date(2026, 12, 5)}
    forum, course = ProgramFactory(kind="forum", **days), ProgramFactory(kind="training", **days)
    call = a_call()

    assert set(read(client, "/en/calendar.ics?kind=forum")) == {f"program-{forum.pk}"}
    assert set(read(client, "/en/calendar.ics?kind=training")) == {f"program-{course.pk}"}
    assert len(read(client, "/en/calendar.ics?kind=call")) == 3
    assert f"call-{call.pk}-opens" in read(client)
    name = "X-WR-CALNAME:Test portal · Forum"
    assert name in client.get("/en/calendar.ics?kind=forum").content.decode()


@pytest.mark.parametrize("kind", ["nothing", "%00", "<script>", "x" * 5000, "'"])
def test_kinds_that_nobody_has_are_not_found(client: Client, kind: str):
    assert client.get(f"/calendar.ics?kind={kind}").status_code == 404


def test_days_at_the_end_of_time_and_hostile_words_break_nothing(client: Client):
    program = ProgramFactory(
        starts_on=date(9999, 12, 30), ends_on=date(9999, 12, 31),
        title_en="END:VEVENT\r\nBEGIN:VALARM\x0b", summary_en="a\r\nATTENDEE:mailto:x@y.kr",
    )  # fmt: skip
    a_call(closes_at=datetime(9999, 12, 31, 20, tzinfo=SEOUL), released_at=None, confirm_by=None)

    event = read(client)[f"program-{program.pk}"]

    assert event.dtstart.value == date(9999, 12, 30)
    assert "valarm" not in event.contents
    assert "attendee" not in event.contents


def test_a_calendar_that_did_not_change_is_not_sent_again(client: Client):
    a_call()
    first = client.get("/calendar.ics")
    assert first.headers["Content-Type"] == "text/calendar; charset=utf-8"
    known = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/calendar.ics", headers=known).status_code == 304

    a_call()
    raise_generation()

    assert client.get("/calendar.ics", headers=known).status_code == 200


def test_an_empty_calendar_can_be_read(client: Client):
    assert read(client) == {}


def test_the_calendar_asks_the_same_with_one_and_with_fifty(client: Client, uncached_queries):
    days = {"starts_on": date(2026, 12, 1), "ends_on": date(2026, 12, 5)}
    ProgramFactory(**days)
    a_call()
    with_one = uncached_queries(client, "/calendar.ics")
    ProgramFactory.create_batch(49, **days)
    for _number in range(9):
        a_call()

    assert uncached_queries(client, "/calendar.ics") == with_one <= 3


def test_a_kind_has_one_source():
    with pytest.raises(ValueError, match="twice"):
        register(Source({"call": "Calls"}, lambda kinds: []))


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_the_list_of_calls_leads_to_the_calendar(client: Client, prefix: str):
    assert (
        f'href="{prefix}/feeds/#calendar"'
        in client.get(f"{prefix}/volunteers/calls/").content.decode()
    )
