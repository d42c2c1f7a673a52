"""Seven days and one day before: once each, to who has a place, and not of what is off."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from forums.models import Registration
from forums.registering import acts, reminders
from oda_portal.mail.models import Message
from tests.factories import ForumSessionFactory
from tests.letters import delivered

from .registering import fresh, open_forum, registered

pytestmark = pytest.mark.django_db


def days_before(forum, days: int, hour: int = 10) -> datetime:  # type: ignore[no-untyped-def]
    day = forum.program.starts_on - timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time(hour)))


def reminded() -> list[str]:
    rows = Message.objects.filter(kind="event_reminder").order_by("pk")
    return list(rows.values_list("to", flat=True))


@pytest.mark.parametrize("days", [7, 1])
def test_whoever_has_a_place_is_reminded_once(days: int):
    forum = open_forum(places=2)
    registered(forum, "a@example.org")
    gone = registered(forum, "gone@example.org")
    registered(forum, "waits@example.org")
    acts.cancel(fresh(gone), by=None)  # its place is offered, and not yet accepted

    assert reminders.remind(days_before(forum, days, hour=8)) == 0  # not in the night
    assert reminders.remind(days_before(forum, days + 1)) == 0
    assert reminders.remind(days_before(forum, days)) == 1
    assert reminders.remind(days_before(forum, days, hour=15)) == 0

    assert reminded() == ["a@example.org"]


def test_both_reminders_come_and_a_moved_event_reminds_anew():
    forum = open_forum()
    registered(forum, "a@example.org")
    assert reminders.remind(days_before(forum, 7)) == 1
    assert reminders.remind(days_before(forum, 1)) == 1

    forum.program.starts_on += timedelta(days=20)
    forum.program.ends_on += timedelta(days=20)
    forum.program.save()

    assert reminders.remind(days_before(forum, 7)) == 1


def test_a_worker_that_stood_still_makes_up_for_it_within_days():
    forum = open_forum()
    registered(forum, "a@example.org")

    assert reminders.remind(days_before(forum, 5)) == 1
    assert reminders.remind(days_before(forum, 4)) == 0


def test_whoever_registers_late_is_not_reminded_of_what_was_just_said():
    forum = open_forum()
    row = registered(forum, "a@example.org")
    Registration.objects.filter(pk=row.pk).update(registered_at=days_before(forum, 5))

    assert reminders.remind(days_before(forum, 4)) == 0
    assert reminders.remind(days_before(forum, 1)) == 1


@pytest.mark.parametrize("cause", ["cancelled", "draft", "frozen", "year"])
def test_nobody_is_reminded_of_what_is_off(cause: str):
    forum = open_forum()
    registered(forum, "a@example.org")
    program = forum.program
    if cause == "cancelled":
        program.cancelled_at = timezone.now()
    elif cause == "draft":
        program.status = "draft"
    elif cause == "year":
        program.precision = "year"
    else:
        type(forum).objects.update(frozen_at=timezone.now())
    program.save()

    assert reminders.remind(days_before(forum, 1)) == 0


@pytest.mark.parametrize("what", ["registration", "event"])
def test_a_reminder_that_waits_goes_unsent_when_it_is_cancelled_meanwhile(what: str):
    forum = open_forum()
    row = registered(forum, "a@example.org")
    delivered()
    reminders.remind(days_before(forum, 1))
    if what == "event":
        forum.program.cancelled_at = timezone.now()
        forum.program.save()
    else:
        acts.cancel(fresh(row), by=None)

    subjects = [letter.subject for letter in delivered()]

    assert not any("곧 열립니다" in subject for subject in subjects)


@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
def test_the_reminder_says_when_where_and_which_number(language: str):
    forum = open_forum(venue_ko="벡스코", venue_en="BEXCO", venue_zh_hans="BEXCO展览中心")
    starts = timezone.make_aware(datetime.combine(forum.program.starts_on, time(10, 30)))
    ForumSessionFactory(forum=forum, starts_at=starts)
    row = registered(forum, "a@example.org", language=language)

    reminders.remind(days_before(forum, 1))

    letter = delivered()[-1]
    assert row.number in letter.body
    assert "10:30" in letter.body
    assert {"ko": "벡스코", "en": "BEXCO", "zh-hans": "BEXCO展览中心"}[language] in letter.body


def test_an_event_without_hour_or_venue_says_so_in_whole_sentences():
    forum = open_forum(venue_ko="", venue_en="", venue_zh_hans="")
    registered(forum, "a@example.org", language="en")

    body = delivered()[-1].body

    assert "We look forward to seeing you on " in body
    assert "at the venue announced on the event’s page" in body
