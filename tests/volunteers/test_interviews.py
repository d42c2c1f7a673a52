"""Choosing an interview: the applicant's pages, the calendar file, the mails."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation
from icalendar import Calendar

from oda_portal.audit.models import Transition
from oda_portal.mail.models import Message
from oda_portal.privacy.closing import close_account
from tests.factories import CallFactory
from tests.letters import delivered
from tests.volunteers.applicants import person
from tests.volunteers.interviewed import REASON, held, invited, page_of, slots, taken
from tests.volunteers.staff import said
from volunteers import actions, interviews
from volunteers.models import Application, Call, InterviewSlot

pytestmark = pytest.mark.django_db

LANGUAGES = ("ko", "en", "zh-hans")


def choose(client: Client, application: Application, slot: InterviewSlot):  # type: ignore[no-untyped-def]
    client.force_login(application.volunteer.user)
    return client.post(page_of(application), {"slot": str(slot.pk)}, follow=True)


def over(call: Call) -> None:
    Call.objects.filter(pk=call.pk).update(interview_choose_by=timezone.now())


# --- choosing --------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_lists_slots_by_day_with_the_places_left(client: Client, language: str):
    morning, full = slots(3, 1)
    interviews.choose(invited(full.call), full, by=person())
    application = invited(morning.call, language=language)
    client.force_login(application.volunteer.user)

    page = client.get(page_of(application, language=language))

    content = page.content.decode()
    assert page.headers["Cache-Control"].startswith("max-age=0")
    assert page.context["days"] == [[morning], [full]]
    assert f'value="{morning.pk}" required>' in content
    assert f'value="{full.pk}" required disabled>' in content
    assert getattr(morning, f"place_{language.replace('-', '_')}") in content
    assert morning.hours in content
    with translation.override(language):
        assert translation.gettext("No places left") in content


def test_choosing_takes_a_place_confirms_it_by_mail_and_leaves_a_trail(client: Client):
    slot, _other = slots(2, 2)
    application = invited(slot.call)

    page = choose(client, application, slot)

    assert held(application) == slot
    assert taken(slot) == 1
    assert said(page) == ["Your interview time is set. We have sent it to you by email."]
    [letter] = delivered()
    assert letter.subject == f"Your interview time is set: {slot.call.title_en}"
    assert "10:00 Korea time" in letter.body
    assert slot.place_en in letter.body
    assert "You can choose another time until" in letter.body
    assert page_of(application, "interview_calendar") in letter.body
    trail = Transition.objects.get(field="interview")
    assert (trail.from_state, trail.by) == ("", application.volunteer.user)
    assert trail.to_state.endswith(f"10:00 #{slot.pk}")


def test_choosing_another_frees_the_first_and_is_confirmed_anew(client: Client):
    first, second = slots(1, 1)
    application = invited(first.call)
    choose(client, application, first)

    choose(client, application, second)
    choose(client, application, first)

    assert held(application) == first
    assert [taken(first), taken(second)] == [1, 0]
    assert Message.objects.filter(kind="interview_chosen").count() == 3


def test_choosing_the_same_again_changes_and_sends_nothing(client: Client):
    [slot] = slots(1)
    application = invited(slot.call)
    choose(client, application, slot)

    page = choose(client, application, slot)

    assert taken(slot) == 1
    assert said(page) == ["You already have this time."]
    assert Message.objects.count() == Transition.objects.filter(field="interview").count() == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_slot_that_just_filled_is_said_and_the_first_choice_stays(client: Client, language: str):
    mine, wanted, third = slots(1, 1, 1)
    application = invited(mine.call, language=language)
    interviews.choose(application, mine, by=application.volunteer.user)
    interviews.choose(invited(mine.call), wanted, by=person())
    mails = Message.objects.count()
    client.force_login(application.volunteer.user)

    page = client.post(page_of(application, language=language), {"slot": str(wanted.pk)})

    assert page.status_code == 409
    assert held(application) == mine
    assert [taken(mine), taken(wanted), taken(third)] == [1, 1, 0]
    content = page.content.decode()
    with translation.override(language):
        assert translation.gettext("Someone has just taken this time. Choose another.") in content
    assert f'value="{mine.pk}" required checked>' in content
    assert f'value="{wanted.pk}" required disabled>' in content
    assert Message.objects.count() == mails


@pytest.mark.parametrize("value", ["", "0", "x", "\x00", "9" * 40, "-1"])
def test_what_is_no_slot_is_refused(client: Client, value: str):
    [slot] = slots(1)
    application = invited(slot.call)
    client.force_login(application.volunteer.user)

    page = client.post(page_of(application), {"slot": value})

    assert page.status_code == 422
    assert "Choose one." in page.content.decode()
    assert held(application) is None


def test_a_slot_of_another_call_or_of_the_past_is_refused(client: Client):
    [slot], [foreign] = slots(1), slots(1)
    application = invited(slot.call)
    assert choose(client, application, foreign).status_code == 422
    InterviewSlot.objects.filter(pk=slot.pk).update(starts_at=timezone.now() - timedelta(hours=1))

    assert choose(client, application, slot).status_code == 422

    assert held(application) is None


def test_a_slot_that_is_gone_counts_as_filled():
    slot, _other = slots(1, 1)
    application = invited(slot.call)
    stale = InterviewSlot.objects.get(pk=slot.pk)
    assert interviews.remove_slots([slot]) == []

    with pytest.raises(interviews.SlotFilledError):
        interviews.choose(application, stale, by=application.volunteer.user)

    assert held(application) is None


def test_after_the_deadline_the_page_only_tells(client: Client):
    slot, other = slots(1, 1)
    application = invited(slot.call)
    choose(client, application, slot)
    over(slot.call)

    answer = choose(client, application, other)

    assert said(answer) == ["The time to choose an interview has passed. Nothing was changed."]
    assert held(application) == slot
    assert '<form class="form-card"' not in answer.content.decode()
    assert "The time can no longer be changed" in answer.content.decode()
    assert slot.place_en in answer.content.decode()
    with pytest.raises(interviews.ChoosingClosedError):
        interviews.choose(application, other, by=application.volunteer.user)


# --- whose page it is ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["interview", "interview_calendar"])
def test_nobody_elses_interview_exists(client: Client, name: str):
    [slot] = slots(1)
    application = invited(slot.call)
    interviews.choose(application, slot, by=application.volunteer.user)
    assert client.get(page_of(application, name)).status_code == 302
    client.force_login(invited(slot.call).volunteer.user)

    assert client.get(page_of(application, name)).status_code == 404

    client.post(page_of(application), {"slot": str(slot.pk)})
    assert taken(slot) == 1


@pytest.mark.parametrize("state", ["submitted", "screening", "not_selected", "withdrawn"])
def test_whoever_is_not_invited_has_no_such_page(client: Client, state: str):
    [slot] = slots(1)
    application = invited(slot.call, state=state)

    answer = choose(client, application, slot)

    assert answer.status_code == 404
    with pytest.raises(interviews.NotInvitedError):
        interviews.choose(application, slot, by=application.volunteer.user)
    assert taken(slot) == 0


def test_without_slots_there_is_no_page_and_the_time_is_told_later(client: Client):
    application = invited(CallFactory(interview_choose_by=timezone.now() + timedelta(days=1)))
    client.force_login(application.volunteer.user)

    assert client.get(page_of(application)).status_code == 404
    page = client.get(page_of(application, "application_detail")).content.decode()
    assert "We will write to you about the time." in page
    assert "/interview/" not in page


def test_a_post_without_a_token_is_refused():
    [slot] = slots(1)
    application = invited(slot.call)
    client = Client(enforce_csrf_checks=True)

    assert choose(client, application, slot).status_code == 403
    assert taken(slot) == 0


def test_my_application_says_what_to_do_and_then_when_it_is(client: Client):
    [slot] = slots(1)
    application = invited(slot.call)
    client.force_login(application.volunteer.user)
    url = page_of(application, "application_detail")

    before = client.get(url).content.decode()
    choose(client, application, slot)
    after = client.get(url).content.decode()
    InterviewSlot.objects.filter(pk=slot.pk).update(
        starts_at=timezone.now() - timedelta(hours=2), ends_at=timezone.now() - timedelta(hours=1)
    )
    past = client.get(url).content.decode()

    assert "You are invited to an interview. Choose a time." in before
    assert page_of(application) in before
    assert "Your interview is at 10:00 Korea time on" in after
    assert page_of(application, "interview_calendar") in after
    assert "Your interview was at" in past


def test_pages_ask_the_database_no_more_for_many_slots(client: Client, uncached_queries):
    application = invited(slots(1)[0].call)
    client.force_login(application.volunteer.user)
    few = uncached_queries(client, page_of(application))
    first = application.call.interview_slots.get()
    times = interviews.times_between(first.ends_at, first.ends_at + timedelta(hours=5), minutes=10)
    place = {"place_ko": "방"}
    interviews.make_slots(application.call, times, places=2, place=place, is_online=False)

    assert uncached_queries(client, page_of(application)) <= few


# --- calendar --------------------------------------------------------------------------------------


def entry(client: Client, application: Application):  # type: ignore[no-untyped-def]
    response = client.get(page_of(application, "interview_calendar"))
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(response.content)
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Asia/Seoul"]
    [event] = calendar.walk("VEVENT")
    return event


def test_the_calendar_file_moves_its_entry_when_the_time_changes(client: Client):
    first, second = slots(1, 1)
    application = invited(first.call)
    choose(client, application, first)
    before = entry(client, application)
    assert before.decoded("DTSTART") == first.starts_at
    assert before.decoded("DTEND") == first.ends_at
    assert str(before["LOCATION"]) == first.place_en

    later = timezone.now() + timedelta(seconds=2)
    choose(client, application, second)
    second.pool.seats.update(changed_at=later)
    after = entry(client, application)

    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after.decoded("DTSTART") == second.starts_at


def test_without_a_choice_there_is_no_calendar_file(client: Client):
    [slot] = slots(1)
    application = invited(slot.call)
    client.force_login(application.volunteer.user)

    assert client.get(page_of(application, "interview_calendar")).status_code == 404


# --- when it ends ----------------------------------------------------------------------------------


def test_withdrawing_frees_the_place():
    [slot] = slots(1)
    application = invited(slot.call)
    interviews.choose(application, slot, by=application.volunteer.user)

    assert actions.withdraw(application, by=application.volunteer.user)

    assert taken(slot) == 0


def test_closing_the_account_frees_the_place():
    [slot] = slots(1)
    application = invited(slot.call)
    interviews.choose(application, slot, by=application.volunteer.user)

    close_account(application.volunteer.user)

    assert not Application.objects.exists()
    slot.pool.refresh_from_db()
    assert slot.pool.taken == 0


def test_a_decision_before_the_interview_frees_the_place_and_one_after_it_does_not():
    ahead, past = slots(1, 1)
    first, second = invited(ahead.call), invited(ahead.call)
    interviews.choose(first, ahead, by=first.volunteer.user)
    interviews.choose(second, past, by=second.volunteer.user)
    InterviewSlot.objects.filter(pk=past.pk).update(starts_at=timezone.now() - timedelta(hours=1))

    freed = [interviews.free_ahead(row, by=None) for row in (first, second)]

    assert freed == [True, False]
    assert [taken(ahead), taken(past)] == [0, 1]


# --- staff ------------------------------------------------------------------------------------------


def test_staff_move_somebody_after_the_deadline_with_a_reason():
    first, second = slots(1, 1)
    application, staff = invited(first.call), person()
    interviews.choose(application, first, by=application.volunteer.user)
    over(first.call)

    assert interviews.put(application, second, by=staff, reason=REASON)
    assert not interviews.put(application, second, by=staff, reason=REASON)

    assert held(application) == second
    assert [taken(first), taken(second)] == [0, 1]
    assert Transition.objects.get(reason=REASON).by == staff
    assert [letter.subject for letter in delivered()][1:] == [
        f"Your interview has been moved: {first.call.title_en}"
    ]
    assert "The time is fixed." in delivered()[-1].body


def test_staff_fill_no_slot_beyond_its_places():
    [slot] = slots(1)
    interviews.choose(invited(slot.call), slot, by=person())
    other = invited(slot.call)

    with pytest.raises(interviews.SlotFilledError):
        interviews.put(other, slot, by=person(), reason=REASON)

    assert taken(slot) == 1
    assert not Message.objects.filter(about_id=other.pk, kind="interview_chosen").exists()


def test_a_place_that_is_taken_back_is_told_once():
    [slot] = slots(1)
    application, staff = invited(slot.call), person()
    interviews.choose(application, slot, by=application.volunteer.user)

    done = [interviews.take_back(application, by=staff, reason=REASON) for _twice in range(2)]

    assert done == [True, False]
    assert taken(slot) == 0
    letter = delivered()[-1]
    assert letter.subject == f"Your interview time has been cancelled: {slot.call.title_en}"
    assert "Please choose another time by" in letter.body
    assert len(delivered()) == 2


def test_a_slot_that_moves_tells_whoever_sits_there_and_the_same_again_nobody():
    slot, other = slots(3, 3)
    people = [invited(slot.call) for _two in range(2)]
    for row in people:
        interviews.choose(row, slot, by=row.volunteer.user)
    interviews.choose(invited(slot.call), other, by=person())
    later = interviews.Times(slot.starts_at + timedelta(hours=3), slot.ends_at + timedelta(hours=3))
    place = {"place_ko": "새 방", "place_en": "New room", "place_zh_hans": "新房间"}

    told = [interviews.move_slot(slot, later, place=place, is_online=False) for _t in range(2)]

    assert told == [2, 0]
    slot.refresh_from_db()
    assert (slot.starts_at, slot.place_en) == (later.starts_at, "New room")
    moved = Message.objects.filter(kind="interview_moved")
    assert {message.about_id for message in moved} == {row.pk for row in people}
    assert "13:00 Korea time" in delivered()[-1].body


def test_slots_with_people_are_not_removed_and_empty_ones_go_with_their_pools():
    used, empty, given_back = slots(1, 1, 1)
    application = invited(used.call)
    interviews.choose(application, given_back, by=application.volunteer.user)
    interviews.choose(application, used, by=application.volunteer.user)

    stayed = interviews.remove_slots([used, empty, given_back])

    assert stayed == [used]
    assert list(InterviewSlot.objects.all()) == [used]
    assert held(application) == used


def test_slots_are_made_once_however_often():
    [slot] = slots(1)
    first = slot.starts_at
    times = interviews.times_between(first, first + timedelta(minutes=70), minutes=20)
    assert [one.starts_at - first for one in times] == [timedelta(minutes=m) for m in (0, 20, 40)]
    place = {"place_ko": slot.place_ko, "place_en": "Room"}

    made = [
        interviews.make_slots(slot.call, times, places=4, place=place, is_online=False)
        for _twice in range(2)
    ]

    assert [len(rows) for rows in made] == [2, 0]  # the first was there
    assert {row.pool.capacity for row in made[0]} == {4}


# --- invitation and reminder -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("ko", "면접 일정을 골라 주세요"),
        ("en", "Choose a time for your interview"),
        ("zh-hans", "请选择面试时间"),
    ],
)
def test_the_invitation_asks_to_choose_once_there_are_slots(language: str, subject: str):
    [slot] = slots(1)
    application = invited(slot.call, state="screening", language=language)

    actions.move(application, "invite", by=person())

    [letter] = delivered()
    assert letter.subject == subject
    with translation.override(language):
        from oda_portal.publishing.times import korea_moment

        assert korea_moment(slot.call.interview_choose_by) in letter.body


def day_before(slot: InterviewSlot, hour: int = 9):  # type: ignore[no-untyped-def]
    return timezone.localtime(slot.starts_at).replace(hour=hour, minute=5) - timedelta(days=1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_is_reminded_once_on_the_day_before(language: str):
    slot, next_day = slots(2, 2)
    application, later = invited(slot.call, language=language), invited(slot.call)
    interviews.choose(application, slot, by=application.volunteer.user)
    interviews.choose(later, next_day, by=later.volunteer.user)

    reminded = [
        interviews.remind(day_before(slot, hour=3)),
        interviews.remind(day_before(slot) - timedelta(days=1)),
        interviews.remind(day_before(slot)),
        interviews.remind(day_before(slot, hour=15)),
    ]

    assert reminded == [0, 0, 1, 0]
    message = Message.objects.get(kind="interview_reminder")
    assert (message.about_id, message.language) == (application.pk, language)


@pytest.mark.parametrize("what", ["withdrawn", "moved", "taken back"])
def test_no_reminder_of_an_interview_that_is_not(what: str):
    slot, other = slots(1, 1)
    application = invited(slot.call)
    interviews.choose(application, slot, by=application.volunteer.user)
    if what == "withdrawn":
        actions.withdraw(application, by=application.volunteer.user)
    elif what == "moved":
        interviews.put(application, other, by=person(), reason=REASON)
    else:
        interviews.take_back(application, by=person(), reason=REASON)

    assert interviews.remind(day_before(slot)) == 0
    assert interviews.remind(day_before(other)) == (what == "moved")
