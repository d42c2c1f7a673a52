"""What is kept of those who register: how long, what they get of it, and how it goes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from forums.models import Need, Registration
from forums.models.registrations import State
from forums.registering import acts
from forums.registering.acts import NEED
from forums.registering.privacy import CANCELLED, REGISTRATION
from oda_portal.mail.models import Message
from oda_portal.privacy import consent_texts, consents
from oda_portal.privacy.destruction import destroy
from oda_portal.privacy.registry import entry_of
from oda_portal.seats.models import Seat
from tests.factories import UserFactory

from .registering import details, fresh, open_forum, registered, session_with

pytestmark = pytest.mark.django_db


def due(key: str, days: int) -> list[int]:
    """Whose use was over so many days ago."""
    entry = entry_of(key)
    assert entry is not None
    before = timezone.now() - timedelta(days=days)
    return list(entry.due(before).order_by("pk").values_list("pk", flat=True))


def ended(days_ago: int):  # type: ignore[no-untyped-def]
    """An event, with two people, one of whom cancelled; then it is over since so many days."""
    forum = open_forum()
    row = registered(forum, "a@example.org", needs="휠체어")
    gone = registered(forum, "b@example.org", needs="통역")
    acts.cancel(fresh(gone), by=None)
    last = timezone.localdate() - timedelta(days=days_ago)
    type(forum.program).objects.filter(pk=forum.program_id).update(starts_on=last, ends_on=last)
    return row, gone


def test_needs_go_a_week_after_the_event_and_the_rest_stays():
    row, _gone = ended(8)
    need = Need.objects.get(registration=row)

    assert need.pk in due(NEED, 7)
    assert destroy(entry_of(NEED), need.pk, rule="test")

    assert not Need.objects.filter(registration=row).exists()
    assert fresh(row).state == State.CONFIRMED
    assert Message.objects.filter(to="a@example.org").exists()


@pytest.mark.parametrize("days", [6, 7])
def test_needs_stay_until_their_time_is_over(days: int):
    ended(days)

    assert due(NEED, 7) == []


def test_cancelled_ones_go_before_the_others():
    row, gone = ended(31)

    assert due(CANCELLED, 30) == [gone.pk]
    assert due(REGISTRATION, 365) == []
    type(row.forum.program).objects.update(
        starts_on=timezone.localdate() - timedelta(days=370),
        ends_on=timezone.localdate() - timedelta(days=367),
    )
    assert due(REGISTRATION, 365) == [row.pk]


def test_destroying_frees_the_place_for_the_next_and_leaves_nothing():
    forum = open_forum(places=1)
    session = session_with(1, forum)
    row = registered(forum, "a@example.org", chosen=[session], needs="휠체어")
    second = registered(forum, "b@example.org")

    assert destroy(entry_of(REGISTRATION), row.pk, rule="test")

    assert not Registration.objects.filter(pk=row.pk).exists()
    assert not Need.objects.exists()
    assert not Message.objects.filter(to="a@example.org").exists()
    assert not Seat.objects.filter(object_id=row.pk).exists()
    session.pool.refresh_from_db()
    assert session.pool.taken == 0
    assert fresh(second).state == State.OFFERED


def test_a_person_gets_what_is_kept_and_closing_the_account_takes_all_of_it():
    user = UserFactory(email="a@example.org")
    EmailAddress.objects.create(user=user, email="A@example.org", verified=True)
    forum = open_forum()
    registered(forum, "a@example.org", needs="휠체어")  # by the mailed link, without the account
    registered(open_forum(), "b@example.org")

    (given,) = entry_of(REGISTRATION).export(user)
    assert given["needs"] == "휠체어"
    assert given["state"] == State.CONFIRMED

    entry_of(REGISTRATION).close(user)

    assert list(Registration.objects.values_list("email", flat=True)) == ["b@example.org"]


def test_an_address_that_was_only_claimed_gives_nothing():
    user = UserFactory(email="a@example.org")
    EmailAddress.objects.create(user=user, email="a@example.org", verified=False)
    registered(open_forum(), "a@example.org")

    assert entry_of(REGISTRATION).export(user) == []


def test_taking_back_a_consent_takes_what_was_kept_with_it():
    consent_texts.load(in_force=True)
    forum = open_forum()
    row = registered(forum, "a@example.org", needs="휠체어")
    for text in consents.current_texts(("attendance", "attendance_needs")):
        consents.give(row, text, given=True, by=None)

    consents.withdraw(row, "attendance_needs", by=None)
    assert not Need.objects.exists()
    assert fresh(row).state == State.CONFIRMED
    consents.withdraw(row, "attendance", by=None)
    assert fresh(row).state == State.CANCELLED


def test_nothing_of_a_need_is_written_anywhere_else():
    row = registered(open_forum(), "a@example.org", needs="휠체어 자리")
    acts.change(fresh(row), details=details(needs="수어 통역"), by=None)

    for message in Message.objects.all():
        assert "휠체어" not in str(message.context)
        assert "수어" not in str(message.context)
