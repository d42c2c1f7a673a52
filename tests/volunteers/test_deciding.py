"""Decisions: nobody notices one before its time, and at it everybody is told once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import connection  # noqa: F401  (asked by a mark)
from django.test import Client
from django.utils import timezone

from oda_portal.audit.models import Transition
from oda_portal.mail.models import Message
from oda_portal.privacy import registry
from oda_portal.privacy.destruction import destroy_all
from oda_portal.reviews import decisions
from oda_portal.reviews.models import Decision
from oda_portal.seats.actions import expire_due, take
from oda_portal.seats.models import Seat
from oda_portal.seats.rows import find
from tests.factories import OpeningFactory, StaffFactory
from tests.processes import database_url
from tests.volunteers.applicants import sent, written
from tests.volunteers.rounds import (
    applicant,
    decide,
    mails,
    opening_in_review,
    release,
    states,
)
from volunteers import actions, deciding, sending
from volunteers import mails as mails_of_app
from volunteers.deciding import NoPlaceError, Wish
from volunteers.models import Application, Call, Opening

pytestmark = pytest.mark.django_db

ACTS = ("select", "keep_in_reserve", "not_select")
OUTCOMES = {"select": "selected", "keep_in_reserve": "reserve", "not_select": "not_selected"}


@pytest.mark.parametrize("act", ACTS)
def test_a_decision_changes_nothing_that_its_applicant_could_notice(client: Client, act: str):
    application = applicant(opening_in_review(5))
    client.force_login(application.volunteer.user)
    path = f"/en{application.get_absolute_url()}"

    def seen() -> tuple[object, ...]:
        page = client.get(path)
        data = json.dumps(
            [entry.export(application.volunteer.user) for entry in registry.registered()],
            default=str,
        )
        return page.context["sentence"], page.context["timeline"], data

    before = seen()
    decide(application, act)

    assert seen() == before
    assert states(application) == ["screening"]
    assert not Message.objects.exists()
    assert decisions.release_due() == 0


@pytest.mark.parametrize("act", ACTS)
def test_released_it_is_told_once_however_often_the_clock_ticks(act: str):
    application = applicant(opening_in_review(5))
    decide(application, act)

    assert [release(application.call), decisions.release_due()] == [1, 0]

    assert states(application) == [OUTCOMES[act]]
    assert Message.objects.filter(about_id=application.pk).count() == 1
    row = Transition.objects.get(field="state")
    assert (row.from_state, row.to_state) == ("screening", OUTCOMES[act])
    assert row.by == Decision.objects.get().decided_by


def test_a_selection_takes_a_place_at_once_and_the_next_finds_none():
    opening = opening_in_review(1)
    first, second = applicant(opening), applicant(opening)

    decide(first, "select")
    with pytest.raises(NoPlaceError):
        decide(second, "select")

    assert decisions.held_for(second) is None
    opening.pool.refresh_from_db()
    assert opening.pool.taken == 1


def test_deciding_otherwise_gives_the_place_back():
    opening = opening_in_review(1)
    first, second = applicant(opening), applicant(opening)
    decide(first, "select")
    decide(first, "not_select")

    assert decide(second, "select")

    release(opening.call)
    assert states(first, second) == ["not_selected", "selected"]
    trail = Transition.objects.filter(field="decision", object_id=first.pk).order_by("pk")
    assert [row.to_state for row in trail] == ["select", "", "not_select"]


def test_taken_back_it_is_as_if_nothing_had_been_decided():
    application = applicant(opening_in_review(1))
    decide(application, "select")

    assert deciding.take_back(application, by=StaffFactory())
    assert not deciding.take_back(application, by=StaffFactory())

    assert release(application.call) == 0
    assert states(application) == ["screening"]
    assert not Seat.objects.exclude(state="released").exists()


def test_who_withdraws_before_the_results_is_told_none_of_them():
    opening = opening_in_review(1)
    application, other = applicant(opening), applicant(opening)
    decide(application, "select")

    actions.withdraw(application, by=application.volunteer.user)

    assert decide(other, "select")  # the place is free again
    release(opening.call)
    assert states(application, other) == ["withdrawn", "selected"]
    assert mails("application_place") == [other.pk]


def test_selection_offers_the_place_until_the_day_to_answer_by():
    application = applicant(opening_in_review(1))
    decide(application, "select")

    release(application.call)

    application.refresh_from_db()
    seat = Seat.objects.get()
    assert (seat.state, seat.offered_until) == ("offered", application.call.confirm_by)
    assert application.answer_by == application.call.confirm_by


def test_decided_after_the_results_are_out_it_is_told_at_once():
    application = applicant(opening_in_review(1))
    release(application.call)
    application.refresh_from_db()

    decide(Application.objects.get(pk=application.pk), "select")

    assert states(application) == ["selected"]
    assert mails("application_place") == [application.pk]


def test_reserves_join_in_the_order_of_their_ranks_and_one_can_be_put_before_others():
    opening = opening_in_review(0)
    rows = [applicant(opening) for _number in range(4)]
    for row in rows[:3]:
        decide(row, "keep_in_reserve")
    decide(rows[3], "keep_in_reserve", rank=2)

    release(opening.call)

    places = {row.pk: Application.objects.get(pk=row.pk).place_in_line for row in rows}
    assert [places[row.pk] for row in rows] == [1, 3, 4, 2]
    told = Message.objects.get(kind="application_place", about_id=rows[3].pk)
    assert told.context["sentence"].startswith(("You are number 2 ", "예비 2번"))


def test_a_call_without_a_time_of_results_keeps_its_decisions():
    opening = opening_in_review(1)
    application = applicant(opening)
    opening.call.released_at = opening.call.confirm_by = None
    opening.call.save()
    decide(application, "select")

    assert decisions.release_due() == 0
    assert states(application) == ["screening"]


@pytest.mark.parametrize("state", ["draft", "withdrawn", "confirmed", "deployed", "completed"])
def test_nothing_is_decided_about_who_is_not_under_review(state: str):
    opening = opening_in_review(1)
    application = applicant(opening, state=state)

    assert [decide(application, act) for act in ACTS] == [False, False, False]
    assert not Decision.objects.exists()


def test_many_in_one_go_get_what_there_is_in_their_order():
    opening = opening_in_review(2)
    rows = [applicant(opening) for _number in range(3)]

    decided, without = deciding.decide_all(
        [Wish(row, opening) for row in rows], "select", by=StaffFactory()
    )

    assert (decided, without) == (rows[:2], rows[2:])


def test_a_place_in_another_opening_than_the_first_choice():
    opening = opening_in_review(0)
    other = OpeningFactory(call=opening.call, team="medical", returns_on="2027-07-28")
    application = applicant(opening)

    decide(application, "select", other)
    release(opening.call)

    application.refresh_from_db()
    assert application.opening == other


# --- nobody loses what they have, and nobody comes before others -----------------------------------


def test_who_is_decided_about_cannot_change_the_application_any_more():
    opening = first_come_and_selected()
    application = sent(opening.call, opening)
    decide(application, "not_select", opening)
    application = Application.objects.get(pk=application.pk)

    assert not application.is_editable()
    steps = sending.steps_of(application)
    assert not actions.send_changes(application, steps, by=application.volunteer.user)


def first_come_and_selected() -> Opening:
    """Of a call that is still open: decided by selection, with another that is first come."""
    opening = OpeningFactory()
    OpeningFactory(call=opening.call, mode="first_come", returns_on="2027-07-28")
    return opening


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", ["confirmed", "withdrawn", "declined", "deployed"])
def test_a_decision_that_was_overtaken_takes_nothing_from_anybody(act: str, state: str):
    """However it came to be: the state that is there wins."""
    opening, other = opening_in_review(3), None
    other = OpeningFactory(call=opening.call, team="medical", returns_on="2027-07-28")
    application = applicant(opening)
    decide(application, act)
    take(other.pool, application)
    Application.objects.filter(pk=application.pk).update(state=state, opening=other)

    release(opening.call)
    expire_due()

    assert states(application) == [state]
    assert find(other.pool, application).state == "held"


@pytest.mark.parametrize("has_time", [True, False])
def test_not_selected_from_the_reserve_list_is_told_at_once_and_the_others_move_up(has_time: bool):
    opening = OpeningFactory(mode="first_come", pool__capacity=0)
    rows = [written(opening.call, opening) for _number in range(2)]
    for row in rows:
        actions.send(row, sending.steps_of(row), by=row.volunteer.user, wait=True)
    if not has_time:
        opening.call.released_at = opening.call.confirm_by = None
        opening.call.save()
    first, second = (Application.objects.get(pk=row.pk) for row in rows)

    assert decide(first, "not_select")

    assert states(first, second) == ["not_selected", "reserve"]
    assert mails("application_result") == [first.pk]
    assert Application.objects.get(pk=second.pk).place_in_line == 1


def test_one_release_that_fails_lets_nobody_overtake(monkeypatch: pytest.MonkeyPatch):
    opening = opening_in_review(0)
    rows = [applicant(opening) for _number in range(3)]
    for row in rows:
        decide(row, "keep_in_reserve")
    told = mails_of_app.state_announced

    def fails_for_the_first(application: Application) -> bool:
        if application.pk == rows[0].pk:
            raise OSError("the connection is gone")
        return told(application)

    with monkeypatch.context() as broken:
        broken.setattr(mails_of_app, "state_announced", fails_for_the_first)
        assert release(opening.call) == 0

    assert decisions.release_due() == 3
    assert [Application.objects.get(pk=row.pk).place_in_line for row in rows] == [1, 2, 3]


def test_a_late_decision_waits_for_those_who_came_before():
    opening = opening_in_review(0)
    early, late = applicant(opening), applicant(opening)
    decide(early, "keep_in_reserve")
    past = timezone.now() - timedelta(minutes=1)
    Call.objects.filter(pk=opening.call.pk).update(
        closes_at=past - timedelta(days=2), released_at=past
    )

    decide(Application.objects.get(pk=late.pk), "keep_in_reserve")
    decisions.release_due()

    assert [Application.objects.get(pk=row.pk).place_in_line for row in (early, late)] == [1, 2]


def test_a_destroyed_application_gives_its_place_back():
    opening = opening_in_review(1)
    application = applicant(opening)
    decide(application, "select")

    destroy_all("volunteers.not_selected", Application.objects.all(), rule="x")

    opening.pool.refresh_from_db()
    assert opening.pool.taken == 0


# --- killed half-way ------------------------------------------------------------------------------

RELEASE_AND_DIE = """
import os, signal, django
django.setup()
from oda_portal.reviews import decisions
from volunteers import mails
told, left = mails.state_announced, [{after}]
def announce(application):
    if not left[0]:
        print("killing", os.getpid(), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    left[0] -= 1
    return told(application)
mails.state_announced = announce
decisions.release_due()
"""


@pytest.mark.thorough
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="another process needs the rows")
def test_killed_half_way_and_started_again_everybody_is_told_once():
    opening = opening_in_review(9)
    rows = [applicant(opening) for _number in range(6)]
    for row in rows:
        decide(row, "select")
    past = timezone.now() - timedelta(minutes=1)
    type(opening.call).objects.filter(pk=opening.call.pk).update(
        closes_at=past - timedelta(days=2), released_at=past
    )
    print("rows before:", Message.objects.count())

    died = subprocess.run(
        [sys.executable, "-c", RELEASE_AND_DIE.format(after=3)],
        env={
            **os.environ,
            "DATABASE_URL": database_url(),
            "DJANGO_SETTINGS_MODULE": "oda_portal.settings",
        },
        capture_output=True,
        text=True,
        timeout=60,
    )

    print(died.stdout, "rows after the kill:", Message.objects.count())
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert Message.objects.count() == 3
    assert decisions.release_due() == 3
    assert sorted(mails("application_place")) == [row.pk for row in rows]
    assert set(states(*rows)) == {"selected"}
