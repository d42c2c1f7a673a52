"""Calendar files of a programme, read by another library than the one that writes them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
import vobject
from django.test import Client
from django.utils import timezone

from forums.models import ForumSession
from forums.programme.actions import cancel_session
from oda_portal.publishing.freshness import raise_generation
from tests.factories import OfficeFactory, RoomFactory, UserFactory
from tests.forums.editions import SEOUL, a_session, an_edition, at

pytestmark = pytest.mark.django_db
EDITION = "/en/forums/busan/programme.ics"


@pytest.fixture(autouse=True)
def _office() -> None:
    OfficeFactory()


def read(client: Client, address: str = EDITION) -> dict[str, vobject.base.Component]:
    """The entries by the first part of their names, after whatever was changed before."""
    raise_generation()
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = vobject.readOne(response.content.decode())
    return {event.uid.value.split("@")[0]: event for event in calendar.contents["vevent"]}


def own_file(session: ForumSession, prefix: str = "/en") -> str:
    return f"{prefix}/forums/busan/sessions/{session.pk}.ics"


def entry(client: Client, session: ForumSession) -> vobject.base.Component:
    """The session in its own file, which is the same as in that of the edition."""
    name = f"forum-session-{session.pk}"
    alone, among = read(client, own_file(session))[name], read(client)[name]
    assert alone.serialize() == among.serialize()
    return alone


def test_session_calendar_says_when_where_and_what(client: Client):
    forum = an_edition(venue_en="BEXCO")
    room = RoomFactory(forum=forum, name_en="Hall 1")
    session = a_session(forum, at(9), at(10, 30), "Opening; talk", room=room, abstract_en="A, b")

    event = entry(client, session)

    assert event.dtstart.value == at(9).astimezone(SEOUL)
    assert event.dtend.value == at(10, 30)
    assert event.summary.value == "Opening; talk"
    assert event.location.value == "Hall 1, BEXCO"
    assert event.description.value == "A, b"
    assert event.status.value == "CONFIRMED"
    assert event.url.value == f"http://localhost:8000/en/forums/busan/sessions/{session.pk}/"
    text = client.get(own_file(session)).content.decode()
    assert "DTSTART;TZID=Asia/Seoul:20261120T090000" in text
    assert "DTEND;TZID=Asia/Seoul:20261120T103000" in text
    assert text.count("BEGIN:VTIMEZONE") == 1


@pytest.mark.parametrize(
    ("prefix", "title", "language"),
    [("", "기조연설", "ko"), ("/en", "Opening", "en"), ("/zh-hans", "开幕", "zh-Hans")],
)
def test_session_calendar_is_in_the_language_of_its_address(
    client: Client, prefix: str, title: str, language: str
):
    session = a_session(
        an_edition(), at(9), at(10), "Opening", title_ko="기조연설", title_zh_hans="开幕"
    )

    (event,) = read(client, own_file(session, prefix)).values()

    assert event.summary.value == title
    assert event.summary.params["LANGUAGE"] == [language]
    assert event.uid.value == f"forum-session-{session.pk}@localhost"


def a_change_of_the_room(session: ForumSession) -> None:
    session.room.name_en = "Moved"
    session.room.save()


def a_change_of_the_hour(session: ForumSession) -> None:
    session.starts_at += timedelta(minutes=10)
    session.save()


def a_change_of_the_venue(session: ForumSession) -> None:
    session.forum.program.venue_en = "Elsewhere"
    session.forum.program.save()


def a_cancelling(session: ForumSession) -> None:
    cancel_session(session, by=UserFactory())


def a_cancelling_of_the_edition(session: ForumSession) -> None:
    session.forum.program.cancelled_at = timezone.now()
    session.forum.program.save()


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (a_change_of_the_room, "CONFIRMED"),
        (a_change_of_the_hour, "CONFIRMED"),
        (a_change_of_the_venue, "CONFIRMED"),
        (a_cancelling, "CANCELLED"),
        (a_cancelling_of_the_edition, "CANCELLED"),
    ],
)
@pytest.mark.sqlite_too
def test_session_calendar_keeps_its_name_and_counts_up_with_every_change(
    client: Client, change, status: str
):
    forum = an_edition()
    session = a_session(forum, at(9), at(10), room=RoomFactory(forum=forum))
    before = entry(client, session)

    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        change(session)

    after = entry(client, session)
    assert after.uid.value == before.uid.value
    assert int(after.sequence.value) > int(before.sequence.value)
    assert after.last_modified.value > before.last_modified.value
    assert (before.status.value, after.status.value) == ("CONFIRMED", status)


def test_what_did_not_change_does_not_count_up(client: Client):
    forum = an_edition()
    session, other = (a_session(forum, at(9), at(10)) for _number in range(2))
    before = entry(client, session)

    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        a_change_of_the_hour(other)

    assert entry(client, session).serialize() == before.serialize()


def test_edition_calendar_has_every_session_and_can_be_cut_to_a_day(client: Client):
    forum = an_edition(title_en="The 9th forum")
    first, second = a_session(forum, at(9), at(10)), a_session(forum, at(9, day=21), at(10, day=21))
    off = a_session(forum, at(9), at(10), cancelled_at=timezone.now())
    names = {row: f"forum-session-{row.pk}" for row in (first, second, off)}

    found = read(client)

    assert set(found) == set(names.values())
    assert found[names[off]].status.value == "CANCELLED"
    assert set(read(client, f"{EDITION}?day=2026-11-21")) == {names[second]}
    assert "X-WR-CALNAME:The 9th forum" in client.get(EDITION).content.decode()


@pytest.mark.parametrize("day", ["2026-11-22", "2026-13-01", "nonsense", "%00", "x" * 2000])
def test_edition_calendar_of_a_day_that_it_has_not_is_not_found(client: Client, day: str):
    a_session(an_edition(), at(9), at(10))

    assert client.get(f"{EDITION}?day={day}").status_code == 404


def test_edition_without_sessions_stands_in_the_calendar_on_its_days(client: Client):
    forum = an_edition(cancelled_at=timezone.now())

    (event,) = read(client).values()

    assert event.uid.value == f"program-{forum.program.pk}@localhost"
    assert (event.dtstart.value, event.dtend.value) == (date(2026, 11, 20), date(2026, 11, 22))
    assert event.status.value == "CANCELLED"


@pytest.mark.parametrize(
    "values",
    [{"starts_on": None, "ends_on": None}, {"precision": "month"}, {"date_is_estimate": True}],
)
def test_edition_without_sessions_and_days_has_no_calendar(client: Client, values: dict):
    an_edition(**values)

    assert client.get(EDITION).status_code == 404


@pytest.mark.parametrize("prefix", ["", "/zh-hans"])
def test_calendar_lines_are_folded_between_characters(client: Client, prefix: str):
    long = "가나다라마바사아자차카타파하 개발협력; 부산, \\ 하노이 都市合作 " * 6
    forum = an_edition(venue_ko=long[:200], venue_en="", venue_zh_hans="")
    room = RoomFactory(forum=forum, name_ko="누리마루 " * 15, name_en="", name_zh_hans="")
    session = a_session(
        forum, at(9), at(10), room=room, title_ko=long[:200], title_en="", title_zh_hans="",
        abstract_ko=f"첫 줄\n둘째 줄 {long}", abstract_en="", abstract_zh_hans="",
    )  # fmt: skip

    for address in (own_file(session, prefix), f"{prefix}/forums/busan/programme.ics"):
        content = client.get(address).content
        assert content.endswith(b"\r\n")
        for line in content.split(b"\r\n"):
            assert len(line) <= 75
            line.decode()  # not cut within a character
            assert b"\n" not in line
        (event,) = read(client, address).values()
        assert event.summary.value == long[:200]
        assert event.description.value == f"첫 줄\n둘째 줄 {long}"
        assert event.location.value == f"{'누리마루 ' * 15}, {long[:200]}"


def test_hostile_words_add_nothing_to_the_calendar(client: Client):
    forum = an_edition()
    words = "END:VEVENT\r\nBEGIN:VALARM\x0b"
    room = RoomFactory(forum=forum, name_en="a\r\nATTENDEE:mailto:x@y.kr")
    session = a_session(forum, at(9), at(10), words, room=room)

    event = entry(client, session)

    assert "valarm" not in event.contents
    assert "attendee" not in event.contents


def test_edition_calendar_asks_the_same_with_one_and_with_many(client: Client, uncached_queries):
    forum = an_edition()
    a_session(forum, at(9), at(10), room=RoomFactory(forum=forum))
    with_one = uncached_queries(client, EDITION)
    for _number in range(40):
        a_session(forum, at(9), at(10), room=RoomFactory(forum=forum))

    assert uncached_queries(client, EDITION) == with_one <= 3


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_pages_lead_to_their_calendars(client: Client, prefix: str):
    forum = an_edition()
    session = a_session(forum, at(9), at(10))
    a_session(forum, at(9, day=21), at(10, day=21))

    programme = client.get(f"{prefix}/forums/busan/programme/").content.decode()
    own = client.get(f"{prefix}/forums/busan/sessions/{session.pk}/").content.decode()

    assert f'href="{prefix}/forums/busan/programme.ics"' in programme
    assert f'href="{prefix}/forums/busan/programme.ics?day=2026-11-21"' in programme
    assert f'href="{own_file(session, prefix)}"' in own
