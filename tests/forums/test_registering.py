"""The acts: coming, waiting, being offered a place, changing and cancelling."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from forums.models import Need, Registration
from forums.models.registrations import State
from forums.registering import acts, places, sessions
from oda_portal.audit.models import Transition
from oda_portal.mail.models import Message
from oda_portal.privacy import consents
from oda_portal.seats import actions as seats
from oda_portal.seats import waiting
from oda_portal.seats.models import Seat
from tests.factories import ForumSessionFactory, UserFactory

from .registering import agreed, details, fresh, open_forum, registered, session_with

pytestmark = pytest.mark.django_db


def kinds_to(email: str) -> list[str]:
    return list(Message.objects.filter(to=email).order_by("pk").values_list("kind", flat=True))


def test_whoever_comes_first_has_a_place_and_the_next_waits():
    forum = open_forum(places=1)

    first, second, third = (registered(forum, f"{name}@example.org") for name in "abc")

    assert [row.state for row in (first, second, third)] == ["confirmed", "waiting", "waiting"]
    assert [row.place_in_line for row in (first, second, third)] == [None, 1, 2]
    assert kinds_to("a@example.org") == ["registration_confirmed"]
    assert kinds_to("b@example.org") == ["registration_waiting"]


def test_registering_twice_is_once_however_the_address_is_written():
    forum = open_forum()
    first = registered(forum, "a@example.org")

    again = registered(forum, "A@Example.org", name="다른 이름")

    assert again == first
    assert again.name == "김하늘"
    assert len(kinds_to("a@example.org")) == 1
    forum.pool.refresh_from_db()
    assert forum.pool.taken == 1


@pytest.mark.parametrize("change", ["closed", "not yet", "no times", "cancelled", "frozen", "pool"])
def test_nobody_registers_for_what_takes_no_registrations(change):
    forum = open_forum()
    now = timezone.now()
    if change == "closed":
        forum.registration_closes_at = now
    elif change == "not yet":
        forum.registration_opens_at = now + timedelta(hours=1)
    elif change == "no times":
        forum.registration_opens_at = forum.registration_closes_at = None
    elif change == "cancelled":
        forum.program.cancelled_at = now
        forum.program.save()
    elif change == "frozen":
        forum.frozen_at = now
    else:
        forum.pool = None
    forum.save()

    with pytest.raises(acts.ClosedError):
        registered(forum, "a@example.org")

    assert not Registration.objects.exists()
    assert not Message.objects.exists()


def test_what_was_closed_since_the_page_was_read_is_closed():
    """The row in hand still says that it is open."""
    forum = open_forum()
    type(forum).objects.filter(pk=forum.pk).update(registration_closes_at=timezone.now())

    with pytest.raises(acts.ClosedError):
        registered(forum, "a@example.org")

    assert not Registration.objects.exists()


def test_a_party_takes_as_many_places_and_larger_ones_wait_for_as_many():
    forum = open_forum(places=5)
    three = registered(forum, "three@example.org", size=3)
    four = registered(forum, "four@example.org", size=4)
    one = registered(forum, "one@example.org")  # would fit, and comes after who waits

    assert [row.state for row in (three, four, one)] == ["confirmed", "waiting", "waiting"]

    acts.cancel(three, by=None)

    assert fresh(four).state == State.OFFERED
    assert fresh(one).state == State.OFFERED
    forum.pool.refresh_from_db()
    assert forum.pool.taken == 5


def test_a_cancelled_place_is_offered_and_accepted():
    forum = open_forum(places=1)
    first, second = registered(forum, "a@example.org"), registered(forum, "b@example.org")

    assert acts.cancel(first, by=None)
    assert not acts.cancel(fresh(first), by=None)

    offered = fresh(second)
    assert offered.state == State.OFFERED
    assert offered.offered_until > timezone.now()
    assert acts.accept(offered, by=None)
    assert not acts.accept(fresh(second), by=None)
    assert fresh(second).state == State.CONFIRMED
    assert fresh(first).state == State.CANCELLED
    assert kinds_to("a@example.org") == ["registration_confirmed", "registration_cancelled"]
    assert kinds_to("b@example.org") == [
        "registration_waiting", "place_offered", "registration_confirmed",
    ]  # fmt: skip


def test_no_to_an_offer_passes_it_on():
    forum = open_forum(places=1)
    first, second, third = (registered(forum, f"{name}@example.org") for name in "abc")
    acts.cancel(first, by=None)

    assert acts.decline(fresh(second), by=None)

    assert fresh(second).state == State.CANCELLED
    assert fresh(third).state == State.OFFERED
    assert not acts.decline(fresh(second), by=None)


def test_an_offer_that_runs_out_goes_to_the_next_and_its_person_may_wait_again():
    forum = open_forum(places=1)
    first, second, third = (registered(forum, f"{name}@example.org") for name in "abc")
    acts.cancel(first, by=None)
    offer = Seat.objects.filter(state=Seat.State.OFFERED)
    offer.update(offered_until=timezone.now() - timedelta(minutes=1))

    assert not acts.accept(fresh(second), by=None)  # too late, also before the clock has come by
    assert seats.expire_due() == 1

    late = agreed(fresh(second))
    assert late.state == State.CANCELLED
    assert fresh(third).state == State.OFFERED
    assert kinds_to("b@example.org")[-1] == "place_offer_over"
    assert acts.wait_again(late, by=None)
    assert (fresh(late).state, fresh(late).place_in_line) == (State.WAITING, 1)
    assert not acts.wait_again(fresh(late), by=None)


def test_whoever_cancelled_and_comes_again_has_the_same_row_and_number():
    forum = open_forum()
    first = registered(forum, "a@example.org")
    acts.cancel(first, by=None)

    again = registered(forum, "a@example.org", name="이바다", size=2)

    assert (again.pk, again.number) == (first.pk, first.number)
    assert (again.state, again.name, again.size) == (State.CONFIRMED, "이바다", 2)
    moves = Transition.objects.filter(field="state").order_by("pk").values_list("to_state")
    assert [to for (to,) in moves] == ["registered", "cancelled", "registered"]


def test_whoever_took_the_consent_back_comes_again_only_by_the_form():
    row = agreed(registered(open_forum(), "a@example.org"))
    consents.withdraw(row, "attendance", by=None)
    assert fresh(row).state == State.CANCELLED

    assert not acts.wait_again(fresh(row), by=None)

    assert fresh(row).state == State.CANCELLED
    assert kinds_to("a@example.org") == ["registration_confirmed", "registration_cancelled"]


def test_what_somebody_needs_goes_when_they_do_not_come():
    forum = open_forum(places=1)
    first = registered(forum, "a@example.org", needs="휠체어 자리")
    second = registered(forum, "b@example.org", needs="수어 통역")

    acts.cancel(fresh(first), by=None)

    assert Need.objects.get().registration == second
    offer = Seat.objects.filter(state=Seat.State.OFFERED)
    offer.update(offered_until=timezone.now() - timedelta(minutes=1))
    seats.expire_due()
    assert fresh(second).state == State.CANCELLED
    assert not Need.objects.exists()


@pytest.mark.parametrize("cause", ["over", "arrived", "cancelled", "frozen"])
def test_what_cannot_be_cancelled_any_more_stays(cause):
    forum = open_forum()
    row = registered(forum, "a@example.org")
    if cause == "over":
        forum.program.starts_on = forum.program.ends_on = timezone.localdate() - timedelta(days=1)
        forum.program.save()
    elif cause == "arrived":
        Registration.objects.update(arrived_at=timezone.now(), arrived=1)
    elif cause == "cancelled":
        forum.program.cancelled_at = timezone.now()
        forum.program.save()
    else:
        type(forum).objects.update(frozen_at=timezone.now())

    assert not acts.cancel(fresh(row), by=None)

    assert fresh(row).cancelled_at is None


def test_nothing_is_offered_once_the_event_has_begun():
    forum = open_forum(places=1)
    first, second = registered(forum, "a@example.org"), registered(forum, "b@example.org")
    forum.program.starts_on = timezone.localdate()
    forum.program.save()

    assert acts.cancel(fresh(first), by=None)

    assert fresh(second).state == State.WAITING


# --- changing ------------------------------------------------------------------------------------


def test_a_party_grows_and_shrinks_as_far_as_there_are_places():
    forum = open_forum(places=4)
    row, other = registered(forum, "a@example.org"), registered(forum, "b@example.org")
    waiting_one = registered(forum, "c@example.org", size=3)

    with pytest.raises(acts.FullError):
        acts.change(fresh(row), details=details(size=2), by=None)  # others wait for what is left
    assert fresh(row).size == 1

    acts.cancel(fresh(waiting_one), by=None)
    assert acts.change(fresh(row), details=details(size=3), by=None)
    forum.pool.refresh_from_db()
    assert (fresh(row).size, forum.pool.taken) == (3, 4)
    with pytest.raises(acts.FullError):
        acts.change(fresh(other), details=details(size=2), by=None)
    third = registered(forum, "d@example.org")
    assert acts.change(fresh(row), details=details(size=1, name="박나무"), by=None)
    assert fresh(third).state == State.OFFERED
    assert fresh(row).name == "박나무"


def test_needs_are_kept_under_a_cipher_and_go_when_they_are_cleared():
    forum = open_forum()
    row = registered(forum, "a@example.org", needs="휠체어 자리")

    assert Need.objects.get().text == "휠체어 자리"
    with_cipher = Need.objects.extra(select={"raw": "text"}).get().raw
    assert "휠체어" not in with_cipher

    acts.change(fresh(row), details=details(needs="휠체어 자리 두 개"), by=None)
    assert Need.objects.get().text == "휠체어 자리 두 개"
    acts.change(fresh(row), details=details(), by=None)
    assert not Need.objects.exists()


def test_nothing_is_changed_once_it_has_begun_or_was_cancelled():
    forum = open_forum()
    row, gone = registered(forum, "a@example.org"), registered(forum, "b@example.org")
    acts.cancel(gone, by=None)

    assert not acts.change(fresh(gone), details=details(name="다른 이름"), by=None)

    forum.program.starts_on = timezone.localdate()
    forum.program.save()
    with pytest.raises(acts.ClosedError):
        acts.change(fresh(row), details=details(name="다른 이름"), by=None)
    assert fresh(row).name == "김하늘"


# --- sessions ------------------------------------------------------------------------------------


def states_in(row: Registration) -> dict[int, str]:
    return {held.session.pk: held.state for held in sessions.held_by(fresh(row))}


def test_sessions_are_chosen_with_the_event_and_waited_for_when_they_are_full():
    forum = open_forum()
    small, large = session_with(1, forum), session_with(50, forum, hour=14)

    first = registered(forum, "a@example.org", chosen=[small, large])
    second = registered(forum, "b@example.org", chosen=[small])

    assert states_in(first) == {small.pk: "held", large.pk: "held"}
    assert states_in(second) == {small.pk: "waiting"}
    assert sessions.held_by(fresh(second))[0].place_in_line == 1

    acts.change(fresh(first), details=details(), chosen=[large], by=None)

    assert states_in(first) == {large.pk: "held"}
    assert states_in(second) == {small.pk: "offered"}
    assert kinds_to("b@example.org")[-1] == "place_offered"
    assert sessions.accept(fresh(second), small, by=None)
    assert states_in(second) == {small.pk: "held"}
    assert sessions.leave(fresh(second), small, by=None)
    assert not sessions.leave(fresh(second), small, by=None)
    assert states_in(second) == {}


def test_a_session_without_places_for_a_larger_party_is_named_in_the_language_of_the_page():
    forum = open_forum()
    small = session_with(1, forum, title_en="Water for villages")
    row = registered(forum, "a@example.org", chosen=[small])

    with translation.override("en"), pytest.raises(acts.FullError, match="“Water for villages”"):
        acts.change(fresh(row), details=details(size=2), by=None)


def test_an_offer_of_a_session_that_runs_out_leaves_the_event_alone():
    forum = open_forum()
    small = session_with(1, forum)
    first = registered(forum, "a@example.org", chosen=[small])
    second = registered(forum, "b@example.org", chosen=[small])
    sessions.leave(fresh(first), small, by=None)
    offer = Seat.objects.filter(state=Seat.State.OFFERED)
    offer.update(offered_until=timezone.now() - timedelta(minutes=1))

    seats.expire_due()

    assert fresh(second).state == State.CONFIRMED
    assert states_in(second) == {}
    assert kinds_to("b@example.org")[-1] == "place_offer_over"


def test_who_waits_for_the_event_has_no_place_in_a_session():
    forum = open_forum(places=1)
    small = session_with(5, forum)
    first = registered(forum, "a@example.org", chosen=[small])
    second = registered(forum, "b@example.org", chosen=[small])

    assert states_in(second) == {}

    acts.cancel(fresh(first), by=None)
    small.pool.refresh_from_db()
    assert small.pool.taken == 0


def test_no_place_is_taken_in_a_session_of_another_event_or_one_that_is_off():
    forum = open_forum()
    other, off = session_with(5, open_forum()), session_with(5, forum)
    type(off).objects.filter(pk=off.pk).update(cancelled_at=timezone.now())
    free = ForumSessionFactory(forum=forum)

    row = registered(forum, "a@example.org", chosen=[other, off, free])

    assert states_in(row) == {}


# --- how many places there are -------------------------------------------------------------------


def test_more_places_go_to_those_who_wait_and_fewer_than_taken_are_refused():
    forum, staff = open_forum(places=1), UserFactory(is_staff=True)
    registered(forum, "a@example.org")
    second = registered(forum, "b@example.org")

    assert places.set_capacity(forum, 2, by=staff)

    assert fresh(second).state == State.OFFERED
    assert not places.set_capacity(forum, 1, by=staff)
    forum.pool.refresh_from_db()
    assert forum.pool.capacity == 2
    assert Transition.objects.get(field="capacity").to_state == "2"


def test_a_session_gets_places_after_its_event_so_that_locks_have_one_order():
    staff, session = UserFactory(is_staff=True), ForumSessionFactory()

    with pytest.raises(places.NoPlacesYetError):
        places.set_capacity(session, 10, by=staff)
    assert places.set_capacity(session.forum, 100, by=staff)
    assert places.set_capacity(session, 10, by=staff)

    assert session.pool.pk > session.forum.pool.pk


def test_overruling_the_order_of_the_list_is_seen_by_those_who_wait():
    forum, staff = open_forum(places=1), UserFactory(is_staff=True)
    registered(forum, "a@example.org")
    second, third = registered(forum, "b@example.org"), registered(forum, "c@example.org")

    waiting.put_at(forum.pool, third, 1, by=staff, reason="발표자")

    assert (fresh(third).place_in_line, fresh(second).place_in_line) == (1, 2)


# --- many at a time --------------------------------------------------------------------------------


def test_lists_know_states_and_places_in_line_without_asking_for_each(django_assert_num_queries):
    forum = open_forum(places=2)
    for number in range(6):
        registered(forum, f"{number}@example.org")
    acts.cancel(fresh(Registration.objects.first()), by=None)

    rows = Registration.objects.with_state().order_by("pk")
    with django_assert_num_queries(1):
        found = [(row.state, row.place_in_line) for row in rows]

    assert found == [
        ("cancelled", None), ("confirmed", None), ("offered", None),
        ("waiting", 1), ("waiting", 2), ("waiting", 3),
    ]  # fmt: skip
    assert found == [(fresh(row).state, fresh(row).place_in_line) for row in rows]
    for state in State.values:
        expected = {row.pk for row in rows if row.state == state}
        assert set(Registration.objects.in_state(state).values_list("pk", flat=True)) == expected
