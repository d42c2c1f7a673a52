"""Interviews in the back office: slots made, moved and removed, who sits where, the day's sheet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from oda_portal.audit.models import Transition
from oda_portal.mail.models import Message
from oda_portal.privacy.models import AccessRecord
from tests.admin.forms import confirm, filled
from tests.factories import CallFactory
from tests.volunteers.applicants import person
from tests.volunteers.interviewed import REASON, held, invited, slots, taken
from tests.volunteers.staff import looks, page_of, said, signed_in_as
from volunteers import interviews
from volunteers.models import Application, Call, InterviewSlot

pytestmark = pytest.mark.django_db

LANGUAGES = ("ko", "en", "zh-hans")
MAKE = "interviewslot_add"


def a_call(**fields: Any) -> Call:
    return CallFactory(interview_choose_by=timezone.now() + timedelta(days=5), **fields)


def a_day(call: Call, /, **changes: Any) -> dict[str, Any]:
    values = {
        "call": str(call.pk),
        "day": (timezone.localdate() + timedelta(days=9)).isoformat(),
        "first": "10:00",
        "last": "11:10",
        "minutes": "20",
        "places": "3",
        "place_ko": "2층 회의실",
        "place_en": "Room on the second floor",
        "place_zh_hans": "二楼会议室",
    }
    return {**values, **changes}


def with_somebody(*places: int, **fields: Any) -> tuple[list[InterviewSlot], Application]:
    rows = slots(*places)
    application = invited(rows[0].call, **fields)
    interviews.choose(application, rows[0], by=application.volunteer.user)
    Message.objects.all().delete()
    return rows, application


def day_of(slot: InterviewSlot) -> str:
    return timezone.localdate(slot.starts_at).isoformat()


# --- making ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_slots_of_a_day_are_shown_and_then_made_once(client: Client, language: str):
    call = a_call()
    signed_in_as(client, "volunteer_coordinator")
    url = page_of(MAKE, language=language)

    page = client.post(url, a_day(call, look="1"))

    assert [slot.hours for slot, _new in page.context["slots"]] == [
        "10:00–10:20", "10:20–10:40", "10:40–11:00",
    ]  # fmt: skip
    assert not InterviewSlot.objects.exists()
    form = filled(page, sure="1")
    for _twice in range(2):
        client.post(url, form)
    rows = list(InterviewSlot.objects.all())
    assert [(row.hours, row.pool.capacity, row.place_en) for row in rows] == [
        (hours, 3, "Room on the second floor")
        for hours in ("10:00–10:20", "10:20–10:40", "10:40–11:00")
    ]
    assert {row.call for row in rows} == {call}


def test_what_was_not_shown_is_not_made(client: Client):
    call = a_call()
    signed_in_as(client, "volunteer_coordinator")
    form = filled(client.post(page_of(MAKE), a_day(call)), sure="1")

    page = client.post(page_of(MAKE), {**form, "minutes": "30"})

    assert [slot.hours for slot, _new in page.context["slots"]] == ["10:00–10:30", "10:30–11:00"]
    assert not InterviewSlot.objects.exists()
    client.post(page_of(MAKE), a_day(call, sure="1"))
    assert not InterviewSlot.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("day", "2026-13-40"), ("day", "2000-01-01"), ("day", "9999-12-31"), ("day", ""),
        ("first", "25:00"), ("last", "10:00"), ("last", "09:00"), ("minutes", "0"),
        ("minutes", "90"), ("minutes", "x"), ("places", "0"), ("places", "9" * 30),
        ("place_ko", ""), ("call", "0"), ("call", "x"),
    ],
)  # fmt: skip
def test_bad_input_makes_nothing_and_says_where(client: Client, field: str, value: str):
    signed_in_as(client, "volunteer_coordinator")

    page = client.post(page_of(MAKE), a_day(a_call(), **{field: value, "sure": "1"}))

    assert field in page.context["form"].errors
    assert not InterviewSlot.objects.exists()


def test_interviews_begin_after_they_are_chosen(client: Client):
    signed_in_as(client, "volunteer_coordinator")
    soon = timezone.localdate() + timedelta(days=2)

    early = client.post(page_of(MAKE, language="en"), a_day(a_call(), day=soon.isoformat()))
    never = client.post(page_of(MAKE, language="en"), a_day(CallFactory()))

    assert "Interviews begin after the time until which" in early.content.decode()
    assert "First give the call a time until which interviews are chosen." in never.content.decode()


def test_a_call_lets_choose_until_before_its_first_slot(client: Client):
    [slot] = slots(1)
    signed_in_as(client, "volunteer_coordinator")
    url = page_of("call_change", slot.call.pk, language="en")
    late = timezone.localtime(slot.starts_at) + timedelta(hours=1)

    for day, hour in ((late.strftime("%Y-%m-%d"), "23:59"), ("", "")):
        changes = {"interview_choose_by_0": day, "interview_choose_by_1": hour}
        page = client.post(url, filled(client.get(url), **changes))
        assert "There are interview slots" in page.content.decode()

    before = slot.call.interview_choose_by
    slot.call.refresh_from_db()
    assert slot.call.interview_choose_by == before


# --- one slot --------------------------------------------------------------------------------------


def test_who_sits_in_a_slot_is_shown_and_the_look_recorded(client: Client):
    [slot], application = with_somebody(2)
    signed_in_as(client, "privacy_officer")

    page = client.get(page_of("interviewslot_change", slot.pk)).content.decode()

    assert application.receipt in page
    assert "홍길동" in page
    assert "/interview/" not in page  # whoever only reads moves nobody
    [(what, whose)] = looks("list")
    assert what == "volunteers.interviewslot slot"
    assert len(whose) == 3


def test_the_list_shows_how_many_and_nobody_by_name(client: Client):
    [_slot], _application = with_somebody(2)
    signed_in_as(client, "volunteer_coordinator")

    page = client.get(page_of("interviewslot_changelist") + "?all=").content.decode()

    assert "1 / 2" in page
    assert "홍길동" not in page
    assert not AccessRecord.objects.exists()


@pytest.mark.parametrize("role", ["reviewer", "editor", "translator_ko"])
def test_whoever_may_not_see_applications_sees_nobody(client: Client, role: str):
    [slot], _application = with_somebody(2)
    signed_in_as(client, role)

    page = client.get(page_of("interviewslot_change", slot.pk))

    assert page.status_code == 200
    assert "홍길동" not in page.content.decode()
    assert client.get(page_of("interviewslot_day")).status_code == 403
    assert not AccessRecord.objects.exists()


def test_a_translator_sees_nobody_and_changes_the_words_of_one_language(client: Client):
    [slot], _application = with_somebody(2)
    signed_in_as(client, "translator_en")
    url = page_of("interviewslot_change", slot.pk)
    page = client.get(url)
    assert "홍길동" not in page.content.decode()

    client.post(url, filled(page, place_en="Hall", place_ko="딴 곳", capacity="9"))

    slot.refresh_from_db()
    assert (slot.place_en, slot.pool.capacity) == ("Hall", 2)
    assert slot.place_ko != "딴 곳"


def test_places_are_never_fewer_than_people(client: Client):
    [slot], _application = with_somebody(2)
    other = invited(slot.call)
    interviews.choose(other, slot, by=other.volunteer.user)
    signed_in_as(client, "volunteer_coordinator")
    url = page_of("interviewslot_change", slot.pk, language="en")

    fewer = client.post(url, filled(client.get(url), capacity="1"))
    assert "2 places are taken already." in fewer.content.decode()
    client.post(url, filled(client.get(url), capacity="5"))

    slot.pool.refresh_from_db()
    assert (slot.pool.capacity, slot.pool.taken) == (5, 2)


def test_time_and_place_of_a_chosen_slot_are_not_changed_in_the_form(client: Client):
    [slot], _application = with_somebody(2)
    signed_in_as(client, "volunteer_coordinator")
    url = page_of("interviewslot_change", slot.pk)

    client.post(url, filled(client.get(url), place_ko="딴 곳", starts_at_0="2030-01-01"))

    before = slot.starts_at
    slot.refresh_from_db()
    assert slot.starts_at == before
    assert slot.place_ko != "딴 곳"


def test_a_slot_with_people_is_not_deleted_and_an_empty_one_is(client: Client):
    [used, empty], _application = with_somebody(1, 1)
    signed_in_as(client, "volunteer_coordinator")

    for slot in (used, empty):
        client.post(page_of("interviewslot_delete", slot.pk), {"post": "yes"})
    both = {"action": "delete_selected", "_selected_action": [str(used.pk)], "post": "yes"}
    client.post(page_of("interviewslot_changelist"), both)

    assert list(InterviewSlot.objects.all()) == [used]
    assert not type(empty.pool).objects.filter(pk=empty.pool_id).exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_moving_a_slot_shows_who_reads_what_and_then_tells_them(client: Client, language: str):
    [slot], application = with_somebody(2, language=language)
    signed_in_as(client, "volunteer_coordinator")
    url = page_of("interviewslot_move", slot.pk, language="en")
    page = client.get(url)

    shown = client.post(url, filled(page, first="15:00", last="15:20", place_ko="새 방"))

    [(who, letter)] = shown.context["letters"]
    assert not Message.objects.exists()
    assert who == application
    client.post(url, filled(shown, sure="1"))
    client.post(url, filled(shown, sure="1"))
    slot.refresh_from_db()
    assert (slot.hours, slot.place_ko) == ("15:00–15:20", "새 방")
    message = Message.objects.get(kind="interview_moved")
    assert message.language == language
    for part in (message.context["date"], message.context["time"], message.context["place"]):
        assert part in letter.letter.text


def test_a_slot_is_not_moved_before_the_choosing_ends(client: Client):
    [slot], _application = with_somebody(2)
    signed_in_as(client, "volunteer_coordinator")
    url = page_of("interviewslot_move", slot.pk, language="en")
    form = filled(client.get(url), day=timezone.localdate().isoformat(), sure="1")

    page = client.post(url, form)

    assert "Interviews begin after" in page.content.decode()
    before = slot.starts_at
    slot.refresh_from_db()
    assert slot.starts_at == before


# --- one person ------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_late", [False, True])
def test_staff_move_somebody_for_a_reason_after_the_letter_was_shown(client: Client, is_late: bool):
    [first, second], application = with_somebody(1, 1)
    if is_late:
        Call.objects.filter(pk=first.call.pk).update(interview_choose_by=timezone.now())
    staff = signed_in_as(client, "volunteer_coordinator")
    url = page_of("application_interview", application.pk, language="en")
    page = client.get(url)
    assert first.place_en in page.content.decode()

    unreasoned = client.post(url, filled(page, slot=str(second.pk), sure="1"))
    assert "reason" in unreasoned.context["form"].errors
    shown = client.post(url, filled(page, slot=str(second.pk), reason=REASON))
    assert "has been moved" in shown.context["letter"].letter.subject
    assert held(application) == first
    client.post(url, filled(shown, sure="1"))

    assert held(application) == second
    trail = Transition.objects.get(reason=REASON)
    assert (trail.field, trail.by) == ("interview", staff)
    assert Message.objects.get().kind == "interview_moved"
    assert "volunteers.application interview" in [what for what, _who in looks("edit")]


def test_staff_take_a_place_back_and_give_one(client: Client):
    [slot], application = with_somebody(1)
    signed_in_as(client, "volunteer_coordinator")
    url = page_of("application_interview", application.pk, language="en")
    for choice, kind in (("none", "interview_taken_back"), (str(slot.pk), "interview_chosen")):
        shown = client.post(url, {"slot": choice, "reason": REASON})
        assert not Message.objects.filter(kind=kind).exists()
        client.post(url, filled(shown, sure="1"))
        assert Message.objects.filter(kind=kind).count() == 1

    assert held(application) == slot


def test_a_slot_that_fills_meanwhile_is_said(client: Client):
    [first, second], application = with_somebody(1, 1)
    signed_in_as(client, "volunteer_coordinator")
    url = page_of("application_interview", application.pk, language="en")
    shown = client.post(url, {"slot": str(second.pk), "reason": REASON})
    interviews.choose(invited(first.call), second, by=person())

    page = client.post(url, filled(shown, sure="1"), follow=True)

    assert "slot" in page.context["form"].errors  # it is no longer among the choices
    assert held(application) == first
    assert taken(second) == 1


def test_whoever_is_not_invited_has_no_page_and_reviewers_none_either(client: Client):
    [slot], application = with_somebody(1)
    other = invited(slot.call, state="submitted")
    signed_in_as(client, "volunteer_coordinator")
    assert client.get(page_of("application_interview", other.pk)).status_code == 404
    signed_in_as(client, "reviewer")

    assert client.get(page_of("application_interview", application.pk)).status_code == 403
    assert client.get(page_of("interviewslot_move", slot.pk)).status_code == 403
    assert client.get(page_of(MAKE)).status_code == 403
    assert client.get(page_of("interviewslot_export")).status_code == 403


def test_the_application_tells_its_interview(client: Client):
    [slot], application = with_somebody(1)
    signed_in_as(client, "volunteer_coordinator")

    page = client.get(page_of("application_change", application.pk, language="en"))

    with translation.override("en"):
        assert f"Interview: {slot}" in page.content.decode()
    assert page_of("application_interview", application.pk, language="en") in page.content.decode()


def test_the_list_of_applications_finds_who_has_to_choose(client: Client):
    [slot], application = with_somebody(1)
    other = invited(slot.call)
    invited(slot.call, state="submitted")
    signed_in_as(client, "volunteer_coordinator")
    url = page_of("application_changelist")

    found = {
        asked: [row.pk for row in client.get(f"{url}?interview={asked}").context["cl"].queryset]
        for asked in ("open", "chosen")
    }

    assert found == {"open": [other.pk], "chosen": [application.pk]}
    assert len(client.get(f"{url}?interview=x").context["cl"].queryset) == 3


# --- the day's sheet ---------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_of_a_day_says_who_comes_when(client: Client, language: str):
    [slot, next_day], application = with_somebody(2, 2)
    elsewhere = invited(slot.call)
    interviews.choose(elsewhere, next_day, by=elsewhere.volunteer.user)
    signed_in_as(client, "volunteer_coordinator")
    url = page_of("interviewslot_day", language=language)
    days = client.get(url)
    assert [row["taken"] for row in days.context["days"]] == [1, 1]
    assert not AccessRecord.objects.exists()

    sheet = client.get(f"{url}?day={day_of(slot)}")

    assert sheet.context["rows"] == [(slot, [application])]
    assert application.receipt in sheet.content.decode()
    assert elsewhere.receipt not in sheet.content.decode()
    [(what, whose)] = looks("list")
    assert what == f"volunteers.interviewslot day {day_of(slot)}"
    assert len(whose) == 3


@pytest.mark.parametrize("day", ["x", "2026-02-31", "9999-12-31", "0001-01-01", "2026-01-01"])
def test_a_day_without_interviews_lists_the_others(client: Client, day: str):
    with_somebody(1)
    signed_in_as(client, "volunteer_coordinator")

    page = client.get(page_of("interviewslot_day") + f"?day={day}")

    assert page.status_code == 200
    assert len(page.context["days"]) == 1


@pytest.mark.thorough
def test_the_sheet_asks_no_more_for_many(client: Client, uncached_queries):
    [slot], _application = with_somebody(20)
    signed_in_as(client, "volunteer_coordinator")
    url = page_of("interviewslot_day") + f"?day={day_of(slot)}"
    few = uncached_queries(client, url)
    for _more in range(8):
        row = invited(slot.call)
        interviews.choose(row, slot, by=row.volunteer.user)

    assert uncached_queries(client, url) <= few


def test_a_day_is_exported_for_a_reason_alone(client: Client):
    [slot], application = with_somebody(2)
    application.volunteer.name = "=HYPERLINK(1)"
    application.volunteer.save()
    signed_in_as(client, "volunteer_coordinator")
    url = page_of("interviewslot_export", language="en") + f"?day={day_of(slot)}"

    refused = client.post(url, {"reason": " "})
    assert "Give a reason to export." in refused.content.decode()
    assert looks("export") == []
    file = client.post(url, {"reason": "Reception desk"})

    lines = b"".join(file.streaming_content).decode().splitlines()
    assert "no-store" in file.headers["Cache-Control"]
    assert len(lines) == 2
    assert application.receipt in lines[1]
    assert "'=HYPERLINK(1)" in lines[1]
    record = AccessRecord.objects.get(act="export")
    assert (record.reason, record.subjects.count()) == ("Reception desk", 3)


# --- inviting --------------------------------------------------------------------------------------


def test_the_invitation_is_shown_as_it_will_be_sent(client: Client):
    [slot] = slots(1)
    application = invited(slot.call, state="screening")
    signed_in_as(client, "volunteer_coordinator")
    url = page_of("application_invite", application.pk, language="en")
    page = client.get(url)
    notice = page.context["notice"]

    client.post(url, filled(page))

    assert notice.shown.letter.subject == "Choose a time for your interview"
    assert notice.sentence == "You are invited to an interview. Choose a time."
    message = Message.objects.get()
    assert message.kind == "interview_invite"
    assert message.context["date"] in notice.shown.letter.text


def test_slots_of_a_deleted_call_go_with_their_pools(client: Client):
    [slot] = slots(1)
    signed_in_as(client, "volunteer_coordinator")

    confirm(client, page_of("call_delete", slot.call.pk))

    assert not Call.objects.exists()
    assert not type(slot.pool).objects.exists()


def test_the_messages_say_how_many_were_told(client: Client):
    [slot], _application = with_somebody(2)
    signed_in_as(client, "volunteer_coordinator")
    url = page_of("interviewslot_move", slot.pk, language="en")
    shown = client.post(url, filled(client.get(url), first="15:00", last="15:20"))

    page = client.post(url, filled(shown, sure="1"), follow=True)

    assert "Saved. 1 person will be told by email." in said(page)
