"""What everybody may read of a call: phases to the second, three languages, a calendar's entry."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone, translation
from icalendar import Calendar

from oda_portal.publishing import freshness
from oda_portal.publishing.tasks import settle
from oda_portal.search.queries import search
from tests.factories import (
    CallFactory,
    ConditionFactory,
    OfficeFactory,
    OpeningFactory,
    ProgramFactory,
)
from tests.structured.reading import graph_of, node_of
from tests.volunteers.applicants import address
from volunteers.models import Call, Opening
from volunteers.models.calls import Phase
from volunteers.rounds import rounds

pytestmark = pytest.mark.django_db

OPENS = datetime(2026, 11, 2, 0, 0, tzinfo=UTC)
CLOSES = datetime(2026, 12, 4, 9, 0, tzinfo=UTC)  # 18:00 in Korea
RELEASED = datetime(2026, 12, 23, 5, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def round_of(**fields) -> Call:
    times = {"opens_at": OPENS, "closes_at": CLOSES, "released_at": RELEASED}
    return CallFactory(**{**times, "confirm_by": RELEASED + timedelta(days=5), **fields})


@pytest.mark.parametrize(
    ("at", "phase"),
    [
        (OPENS - SECOND, Phase.UPCOMING),
        (OPENS, Phase.OPEN),
        (CLOSES - SECOND, Phase.OPEN),
        (CLOSES, Phase.CLOSED),
        (RELEASED - SECOND, Phase.CLOSED),
        (RELEASED, Phase.ANNOUNCED),
    ],
)
def test_phase_changes_to_the_second_in_row_and_list_alike(at: datetime, phase: Phase):
    call = round_of()
    found = {name for name in Phase.values if Call.objects.in_phase(name, at).exists()}
    assert call.phase(at) == phase
    assert found == {phase}


def test_opening_may_close_before_the_call_and_never_after():
    early = OpeningFactory(call=round_of(), closes_at=CLOSES - timedelta(days=1))
    late = OpeningFactory(call=early.call, closes_at=CLOSES + timedelta(days=1))
    assert early.deadline == CLOSES - timedelta(days=1)
    assert late.deadline == CLOSES


@pytest.mark.parametrize(
    ("language", "deadline", "clock"),
    [
        ("ko", "2026. 12. 4.(금)", "한국 시각"),
        ("en", "Friday 4 December 2026", "Korea time"),
        ("zh-hans", "2026年12月4日（星期五）", "韩国时间"),
    ],
)
def test_call_page_says_everything_in_its_language(
    client: Client, language: str, deadline: str, clock: str
):
    opening = OpeningFactory(call=round_of(), mode=Opening.Mode.FIRST_COME, pool__capacity=7)
    condition = ConditionFactory(call=opening.call)

    with time_machine.travel(CLOSES - timedelta(days=3), tick=False):
        page = client.get(address("call_detail", opening.call, language=language)).content.decode()

    with translation.override(language):
        assert opening.tasks in page
        assert condition.statement in page
        assert opening.city.name in page
    assert deadline in page
    assert clock in page
    assert "18:00" in page
    assert address("check", opening.call, language=language) in page


def test_call_page_is_the_same_for_everybody(client: Client):
    response = client.get(address("call_detail", round_of()))
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    assert response.headers["Cache-Control"] == "public, no-cache"


def test_kept_pages_end_when_a_call_opens_or_closes():
    now = timezone.now()
    round_of(
        opens_at=now + timedelta(seconds=20),
        closes_at=now + timedelta(days=1),
        released_at=None,
        confirm_by=None,
    )
    assert freshness.next_change(now) == Call.objects.get().opens_at


def test_lists_tell_open_upcoming_and_closed_apart(client: Client):
    calls = {
        "upcoming": round_of(opens_at=OPENS + timedelta(days=20)),
        "open": round_of(),
        "closed": round_of(opens_at=OPENS - timedelta(days=40), closes_at=OPENS, released_at=None,
                           confirm_by=None),
    }  # fmt: skip
    with time_machine.travel(OPENS + timedelta(days=10), tick=False):
        index = client.get("/volunteers/")
        shown = {
            state: [
                row.pk
                for row in client.get(f"/volunteers/calls/?state={state}").context["listing"].page
            ]
            for state in calls
        }
    assert shown == {state: [call.pk] for state, call in calls.items()}
    assert [row.pk for row in index.context["open_calls"]] == [calls["open"].pk]
    assert [row.pk for row in index.context["upcoming_calls"]] == [calls["upcoming"].pk]
    assert [row.pk for row in index.context["closed_calls"]] == [calls["closed"].pk]


def test_calendar_entry_is_whole_and_in_korea_time(client: Client):
    call = round_of(title_ko="부산해외봉사단 " + "아주 긴 이름 " * 20)

    made, response = (client.get(address("call_calendar", call)) for _time in range(2))
    calendar = Calendar.from_ical(response.content)
    event = calendar.walk("VEVENT")[0]

    assert response.headers["Content-Type"].startswith("text/calendar")
    for each in (made, response):
        assert each.headers["Content-Disposition"] == f'attachment; filename="{call.slug}.ics"'
    assert all(len(line) <= 75 for line in response.content.split(b"\r\n"))
    assert event["DTEND"].dt == CLOSES
    assert event["DTEND"].params["TZID"] == "Asia/Seoul"
    assert calendar.walk("VTIMEZONE")
    assert "아주 긴 이름" in event["SUMMARY"]
    assert event["URL"].endswith(f"/volunteers/calls/{call.slug}/")


def test_calendar_entry_moves_with_the_deadline(client: Client):
    call = round_of()
    before = Calendar.from_ical(client.get(address("call_calendar", call)).content)
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        call.closes_at += timedelta(days=1)
        call.save()
        after = Calendar.from_ical(client.get(address("call_calendar", call)).content)
    first, second = before.walk("VEVENT")[0], after.walk("VEVENT")[0]
    assert first["UID"] == second["UID"]
    assert second["SEQUENCE"] > first["SEQUENCE"]


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_city_that_is_not_public_is_named_nowhere(client: Client, prefix: str):
    """Of where the team goes the country stays, and the other places too."""
    OfficeFactory()
    now = timezone.now()
    call = CallFactory(opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1))
    hidden = dict.fromkeys(("name_ko", "name_en", "name_zh_hans", "native_name"), "Hiddentown")
    secret = OpeningFactory(
        call=call, city__status="draft", **{f"city__{k}": v for k, v in hidden.items()}
    )
    known = OpeningFactory(call=call, team="medical")
    settle()

    page = client.get(prefix + call.get_absolute_url()).content.decode()

    assert "Hiddentown" not in page
    language = {"": "ko", "/en": "en", "/zh-hans": "zh_hans"}[prefix]
    for place in (secret.city.country, known.city, known.city.country):
        assert getattr(place, f"name_{language}") in page
    places = node_of(graph_of(page), "JobPosting")["jobLocation"]
    assert [place.get("name") for place in places] == [
        None,
        getattr(known.city, f"name_{language}"),
    ]
    assert places[0]["address"]["addressCountry"] == secret.city.country.code
    assert search("Hiddentown", language="en").hits == []


# --- the rounds of the years before ---------------------------------------------------------------


def test_rounds_hold_each_deployment_once_and_nothing_else():
    numbered = ProgramFactory(kind="volunteer", edition=11)
    together = ProgramFactory(kind="volunteer", edition=11)
    alone = ProgramFactory(kind="volunteer", edition=None)
    ProgramFactory(kind="training", edition=11)
    ProgramFactory(kind="volunteer", status="draft", edition=11)
    ProgramFactory(kind="volunteer", ours=False, edition=11)

    found = {row.key: {program.pk for program in row.programs} for row in rounds()}

    assert found["11"] == {numbered.pk, together.pk}
    assert sorted(pk for pks in found.values() for pk in pks) == sorted(
        [numbered.pk, together.pk, alone.pk]
    )


def test_round_page_shows_its_deployments_and_an_unknown_one_is_none(client: Client):
    program = ProgramFactory(kind="volunteer", edition=11)
    page = client.get("/volunteers/rounds/11/").content.decode()
    assert program.get_absolute_url() in page
    assert client.get("/volunteers/rounds/12/").status_code == 404
