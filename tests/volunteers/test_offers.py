"""Places that are offered: in order, answered by link or page, in time or not at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from oda_portal.mail import links as mailed
from oda_portal.mail.models import Message
from oda_portal.seats.actions import expire_due
from oda_portal.seats.models import Seat
from tests.admin.forms import filled
from tests.factories import CallFactory, OpeningFactory, StaffFactory
from tests.volunteers.applicants import address, person, sent, written
from tests.volunteers.rounds import applicant, decide, mails, opening_in_review, release, states
from tests.volunteers.staff import looks, page_of, signed_in_as
from volunteers import actions, offers, places, sending
from volunteers import mails as mails_of_app
from volunteers.models import Application, Opening

pytestmark = pytest.mark.django_db


def selected_and_reserves(reserves: int) -> tuple[Opening, Application, list[Application]]:
    """One place, offered to the first; the others wait for it. Nobody’s mails are left."""
    opening = opening_in_review(1)
    first = applicant(opening)
    queue = [applicant(opening) for _number in range(reserves)]
    decide(first, "select")
    for row in queue:
        decide(row, "keep_in_reserve")
    release(opening.call)
    return opening, fresh(first), [fresh(row) for row in queue]


def fresh(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


def link_of(kind: str, application: Application) -> str:
    """What the receiver of this mail clicks."""
    message = Message.objects.get(kind=kind, about_id=application.pk)
    return "/mail/" + mailed.issue(message).partition("/mail/")[2]


# --- how a place becomes free: always the same way -------------------------------------------------


def by_declining(opening: Opening, first: Application) -> None:
    assert offers.decline(first, by=first.volunteer.user)


def by_withdrawing(opening: Opening, first: Application) -> None:
    assert offers.confirm(first, by=first.volunteer.user)
    assert actions.withdraw(first, by=first.volunteer.user)


def by_staff(opening: Opening, first: Application) -> None:
    assert offers.confirm(first, by=first.volunteer.user)
    assert actions.move(first, "decline", by=StaffFactory(), reason="전화로 알려 옴")


def by_more_places(opening: Opening, first: Application) -> None:
    assert places.set_capacity(opening, 2, by=StaffFactory())


def by_silence(opening: Opening, first: Application) -> None:
    with time_machine.travel(first.answer_by, tick=False):
        assert expire_due() == 1


@pytest.mark.parametrize(
    "free", [by_declining, by_withdrawing, by_staff, by_more_places, by_silence]
)
def test_whatever_frees_a_place_the_next_is_offered_it_by_mail_once(free):
    opening, first, queue = selected_and_reserves(2)

    free(opening, first)
    expire_due()

    assert states(*queue) == ["selected", "reserve"]
    assert mails("reserve_offered") == [queue[0].pk]
    assert fresh(queue[1]).place_in_line == 1
    until = fresh(queue[0]).answer_by
    assert Seat.objects.get(object_id=queue[0].pk).offered_until == until


def test_an_offer_that_ran_out_is_declined_with_that_reason_and_told(client: Client):
    _opening, first, queue = selected_and_reserves(1)
    by_silence(_opening, first)

    first = fresh(first)
    client.force_login(first.volunteer.user)
    page = client.get(f"/en{first.get_absolute_url()}")

    assert states(first, *queue) == ["declined", "selected"]
    assert page.context["sentence"] == (
        "The time to confirm has passed, so your place was released."
    )
    assert mails("application_news") == [first.pk]
    client.post(f"{first.get_absolute_url()}reply/", {"again": "1"})
    assert states(first) == ["reserve"]
    assert fresh(first).place_in_line == 1


def test_who_said_no_may_not_wait_again(client: Client):
    _opening, first, _queue = selected_and_reserves(1)
    by_declining(_opening, first)

    assert not offers.wait_again(first, by=first.volunteer.user)
    assert states(first) == ["declined"]


def test_nobody_is_offered_a_place_on_the_eve_of_departure():
    opening, first, queue = selected_and_reserves(1)
    leaves = timezone.make_aware(datetime.combine(opening.departs_on, time.min))

    with time_machine.travel(leaves - timedelta(hours=5), tick=False):
        offers.decline(first, by=first.volunteer.user)

    assert states(*queue) == ["reserve"]
    assert mails("reserve_offered") == []


def test_an_offer_never_ends_after_the_eve_of_departure():
    opening, first, queue = selected_and_reserves(1)
    leaves = timezone.make_aware(datetime.combine(opening.departs_on, time.min))

    with time_machine.travel(leaves - timedelta(hours=30), tick=False):
        offers.decline(first, by=first.volunteer.user)

    assert fresh(queue[0]).answer_by == leaves - timedelta(hours=24)


def test_who_waits_again_is_offered_what_nobody_wanted_meanwhile():
    opening, first, _queue = selected_and_reserves(0)
    by_silence(opening, first)

    first = fresh(first)
    assert offers.wait_again(first, by=first.volunteer.user)

    assert states(first) == ["selected"]
    assert mails("reserve_offered") == [first.pk]


def test_one_offer_that_fails_keeps_none_of_the_others(monkeypatch: pytest.MonkeyPatch):
    opening = opening_in_review(2)
    rows = [applicant(opening) for _number in range(2)]
    for row in rows:
        decide(row, "select")
    release(opening.call)
    told = mails_of_app.state_announced

    def fails_for_the_first(application: Application) -> bool:
        if application.pk == rows[0].pk:
            raise OSError("the connection is gone")
        return told(application)

    monkeypatch.setattr(mails_of_app, "state_announced", fails_for_the_first)
    with time_machine.travel(fresh(rows[0]).answer_by, tick=False):
        assert expire_due() == 1

    assert states(*rows) == ["selected", "declined"]


def test_more_places_are_given_after_a_page_that_says_who_is_offered_one(client: Client):
    opening, _first, queue = selected_and_reserves(2)
    signed_in_as(client, "volunteer_coordinator")
    form = page_of("call_change", opening.call.pk, language="en")
    page = client.get(form)
    [name] = [field for field in filled(page) if field.endswith("0-capacity")]
    refused = client.post(form, filled(page, **{name: "2"}))
    assert "People are waiting for these places." in refused.content.decode()

    url = page_of("call_more_places", opening.call.pk, language="en")
    data = {"opening": str(opening.pk), "capacity": "2"}
    shown = client.post(url, data)
    assert [row for row, _letter in shown.context["offers"]] == queue[:1]
    assert states(*queue) == ["reserve", "reserve"]
    assert looks("list")[-1][0] == "volunteers.call more_places"
    client.post(url, filled(shown))
    client.post(url, filled(shown))

    assert states(*queue) == ["selected", "reserve"]
    assert mails("reserve_offered") == [queue[0].pk]


def test_not_more_places_than_there_are_is_said(client: Client):
    opening, _first, _queue = selected_and_reserves(1)
    signed_in_as(client, "volunteer_coordinator")

    page = client.post(
        page_of("call_more_places", opening.call.pk, language="en"),
        {"opening": str(opening.pk), "capacity": "1"},
    )

    assert page.context["form"].errors["capacity"] == [
        "The number is 1 already. Enter a larger one."
    ]


# --- answered by link -----------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
def test_the_mailed_link_says_where_one_stands_and_changes_nothing_by_itself(
    client: Client, language: str
):
    _opening, first, _queue = selected_and_reserves(1)
    prefix = "" if language == "ko" else f"/{language}"

    page = client.get(prefix + link_of("application_place", first))

    assert page.status_code == 200
    assert page.context["may_answer"]
    assert f'<html lang="{language.replace("hans", "Hans")}"' in page.content.decode()
    assert states(first) == ["selected"]


@pytest.mark.parametrize(
    ("button", "state", "next_one"),
    [("yes", "confirmed", "reserve"), ("no", "declined", "selected")],
)
def test_the_offer_is_answered_by_link_without_signing_in_and_once(
    client: Client, button: str, state: str, next_one: str
):
    _opening, first, queue = selected_and_reserves(1)
    link = link_of("application_place", first)

    for _time in range(2):
        client.post(link, {button: "1"})

    assert states(first, *queue) == [state, next_one]
    assert mails("reserve_offered") == ([queue[0].pk] if button == "no" else [])


def test_an_older_mail_answers_no_later_offer(client: Client):
    opening, first, queue = selected_and_reserves(1)
    old = link_of("application_place", queue[0])
    by_declining(opening, first)

    page = client.get(old)
    client.post(old, {"no": "1"})
    assert not page.context["may_answer"]
    assert states(*queue) == ["selected"]

    client.post(link_of("reserve_offered", queue[0]), {"yes": "1"})
    assert states(*queue) == ["confirmed"]


def test_a_reserve_leaves_the_list_by_link_and_the_others_move_up(client: Client):
    _opening, first, queue = selected_and_reserves(2)

    client.post(link_of("application_place", queue[0]), {"leave": "1"})
    client.post(link_of("application_place", first), {"leave": "1"})  # who has a place cannot

    assert states(first, *queue) == ["selected", "withdrawn", "reserve"]
    assert fresh(queue[1]).place_in_line == 1


def test_yes_by_link_after_its_time_is_refused_and_said(client: Client):
    _opening, first, _queue = selected_and_reserves(1)
    link = link_of("application_place", first)

    with time_machine.travel(first.answer_by, tick=False):
        client.post(link, {"yes": "1"})
        page = client.get(f"/en{link}")

    assert states(first) == ["selected"]  # until the clock comes by
    assert "The time to confirm has passed" in page.context["sentence"]
    assert not page.context["may_answer"]


def test_who_has_not_answered_is_reminded_a_day_before_once():
    _opening, first, _queue = selected_and_reserves(1)

    with time_machine.travel(first.answer_by - timedelta(hours=23), tick=False):
        assert [offers.remind_to_answer(), offers.remind_to_answer()] == [1, 0]

    assert mails("confirm_reminder") == [first.pk]


# --- first come, first served ----------------------------------------------------------------------


def first_come(capacity: int) -> Opening:
    return OpeningFactory(mode="first_come", pool__capacity=capacity, call=CallFactory())


def test_too_late_one_may_join_the_waiting_list_and_is_offered_the_place(client: Client):
    opening = first_come(1)
    early = sent(opening.call, opening)
    late = written(opening.call, opening, user=person())
    client.force_login(late.volunteer.user)
    path = address("apply_send", opening.call, language="en")

    refused = client.post(path)
    joined = client.post(path, {"wait": "1"}, follow=True)

    assert refused.status_code == 409
    assert 'name="wait"' in refused.content.decode()
    assert states(late) == ["reserve"]
    assert "You are number 1 on the reserve list" in joined.context["sentence"]
    receipt = Message.objects.get(kind="application_received", about_id=late.pk)
    assert "1" in receipt.context["result"]

    actions.withdraw(early, by=early.volunteer.user)

    assert states(late) == ["selected"]
    assert mails("reserve_offered") == [late.pk]


def test_a_place_is_not_given_past_those_who_wait():
    opening = first_come(1)
    early = sent(opening.call, opening)
    waiting = written(opening.call, opening)
    actions.send(waiting, sending.steps_of(waiting), by=waiting.volunteer.user, wait=True)
    newcomer = written(opening.call, opening)
    actions.withdraw(early, by=early.volunteer.user)

    with pytest.raises(sending.PlacesFilledError):
        actions.send(newcomer, sending.steps_of(newcomer), by=newcomer.volunteer.user)

    assert states(waiting, newcomer) == ["selected", "draft"]


# --- fifty at once --------------------------------------------------------------------------------

at_once = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="SQLite in memory has one writer, which refuses"
)


def together(act, rows: list[Application]) -> list:
    start = Barrier(len(rows))

    def one(application: Application):
        try:
            start.wait(timeout=30)
            return act(fresh(application))
        finally:
            connection.close()

    with ThreadPoolExecutor(len(rows)) as threads:
        return list(threads.map(one, rows))


@pytest.mark.thorough
@at_once
@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_for_ten_places_give_ten_and_forty_in_order():
    opening = first_come(10)
    rows = [written(opening.call, opening) for _number in range(50)]

    def send(row: Application) -> bool:
        return actions.send(row, sending.steps_of(row), by=row.volunteer.user, wait=True)

    assert all(together(send, rows))

    assert Application.objects.filter(state="confirmed").count() == 10
    waiting = Application.objects.filter(state="reserve").select_related("opening__pool")
    assert sorted(row.place_in_line for row in waiting) == list(range(1, 41))
    assert len(mails("application_received")) == 50


@at_once
@pytest.mark.django_db(transaction=True)
def test_parallel_declines_and_withdrawals_offer_each_place_once_and_in_order():
    opening = opening_in_review(10)
    holding = [applicant(opening) for _number in range(10)]
    queue = [applicant(opening) for _number in range(15)]
    for row in holding:
        decide(row, "select")
    for row in queue:
        decide(row, "keep_in_reserve")
    release(opening.call)

    def leave(row: Application) -> bool:
        if row.pk % 2:
            return offers.decline(row, by=row.volunteer.user)
        return actions.withdraw(row, by=row.volunteer.user)

    # Of those who wait some leave in the same moment.
    together(leave, [*holding, *queue[3:6]])

    opening.pool.refresh_from_db()
    found = states(*queue)
    stayed = [state for number, state in enumerate(found) if number not in (3, 4, 5)]
    assert opening.pool.taken == 10
    assert stayed.count("selected") in (10, 9, 8, 7)  # one who left may have been offered it first
    assert Seat.objects.filter(pool=opening.pool, state="offered").count() == 10
    assert stayed == sorted(stayed, key=lambda state: state == "reserve")
