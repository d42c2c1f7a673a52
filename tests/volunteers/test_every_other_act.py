"""Acts on a place, a list or an interview × every state × everybody, beside the moves of the table
in test_every_act: undoing a decision, another place on the list, waiting once more, choosing a time,
and each answer by the mailed link."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oda_portal.audit.models import Transition
from oda_portal.mail import links
from oda_portal.mail.models import Message
from oda_portal.reviews.models import Decision
from oda_portal.seats.actions import expire_due
from oda_portal.seats.models import Seat
from tests.factories import InterviewSlotFactory
from tests.volunteers.applicants import person
from tests.volunteers.rounds import decide
from tests.volunteers.staff import page_of
from tests.volunteers.test_every_act import (
    EVERYBODY,
    NOBODY,
    OTHER,
    OWNER,
    REVIEWED,
    _refusals_are_not_logged,  # noqa: F401  (a fixture)
    browser_of,
    in_state,
    people,  # noqa: F401  (a fixture)
)
from volunteers import mails
from volunteers.models import Application, Call, State

pytestmark = pytest.mark.django_db

COORDINATOR = "volunteer_coordinator"
# By hand: who may, and in which states it changes anything at all.
ACTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "take_back": (COORDINATOR, REVIEWED),
    "put_at": (COORDINATOR, ("reserve",)),
    "again": (OWNER, ("declined",)),
    "choose": (OWNER, ("interview",)),
}
# What whoever holds the mail may answer, and where that leads.
BY_LINK: dict[str, dict[str, str]] = {
    "yes": {"selected": "confirmed"},
    "no": {"selected": "declined"},
    "leave": {"reserve": "withdrawn"},
    "again": {"declined": "selected"},  # nobody else waits, so the free place is offered at once
}


def ready(state: str) -> Application:
    """In this state with all that could make an act possible."""
    if state == "declined":
        return let_pass()
    application = in_state(state, person())
    if state in REVIEWED:
        out = timezone.now() + timedelta(days=9)
        call = Call.objects.filter(pk=application.call_id)
        call.update(released_at=out, confirm_by=out + timedelta(days=3), interview_choose_by=out)
        decide(application, "not_select")
        Application.objects.filter(pk=application.pk).update(state=state)
    return application


def let_pass() -> Application:
    """Somebody whose time to answer is over."""
    application = in_state("selected", person())
    over = timezone.now() - timedelta(minutes=1)
    Application.objects.filter(pk=application.pk).update(answer_by=over, receipt="R-PASSED")
    Seat.objects.filter(object_id=application.pk).update(offered_until=over)
    assert expire_due() == 1
    application.refresh_from_db()
    assert application.state == State.DECLINED
    return application


def request_of(act: str, application: Application, slot: Any) -> tuple[str, dict[str, str]]:
    if act in ("take_back", "put_at"):
        return page_of(f"application_{act}", application.pk), {"place": "1", "reason": "이유"}
    if act == "again":
        return reverse("volunteers:reply", args=[application.uuid]), {"again": "1"}
    return reverse("volunteers:interview", args=[application.uuid]), {"slot": str(slot.pk)}


def traces() -> tuple[object, ...]:
    """Everything that one of these acts could leave behind."""
    seats = Seat.objects.order_by("pk").values_list("pk", "state", "position")
    held = Decision.objects.order_by("pk").values_list("pk", "outcome")
    return list(seats), list(held), Transition.objects.count()


def tried(everybody: dict[str, Client]) -> Iterator[tuple[str, str, str, int, bool]]:
    """Act, state, who, status of the answer, and whether anything changed; each undone again."""
    for state in sorted(State.values):  # declined before selected: both begin as selected
        application = ready(state)
        slot = InterviewSlotFactory(call=application.call)
        owner = browser_of(application.volunteer.user)
        for act in ACTS:
            path, data = request_of(act, application, slot)
            for who, client in {**everybody, OWNER: owner}.items():
                with transaction.atomic():
                    before = traces()
                    response = client.post(path, data)
                    changed = traces() != before
                    yield act, state, who, response.status_code, changed
                    transaction.set_rollback(changed)


@pytest.mark.thorough
def test_every_other_act_changes_something_for_who_may_and_where_it_can(
    people: dict[str, Client],  # noqa: F811
):
    effective, refused, cases = set(), {}, 0
    for act, state, who, status, changed in tried(people):
        cases += 1
        if changed:
            effective.add((act, state, who))
        is_staffs = act in ("take_back", "put_at")
        if who == NOBODY or (is_staffs and who in (OWNER, OTHER)):
            expected = {302}
        elif who == ACTS[act][0]:
            expected = {302, 404}
        else:
            expected = {403, 404} if is_staffs else {404}
        if status not in expected:
            refused[act, state, who] = status

    assert effective == {
        (act, state, who) for act, (who, states) in ACTS.items() for state in states
    }
    assert refused == {}
    assert cases == len(ACTS) * len(State.values) * len(EVERYBODY)


@pytest.mark.parametrize("answer", BY_LINK)
@pytest.mark.parametrize("state", State.values)
def test_an_answer_by_the_mailed_link_does_what_the_state_allows(
    client: Client, state: str, answer: str
):
    application = ready(state)
    mails.place_offered(application)
    link = links.issue(Message.objects.latest("pk")).partition("/mail/")[2]
    before = Transition.objects.count()

    statuses = [client.post(f"/mail/{link}", {answer: "1"}).status_code for _twice in range(2)]

    application.refresh_from_db()
    expected = BY_LINK[answer].get(state)
    assert application.state == (expected or state)
    assert (Transition.objects.count() > before) is (expected is not None)
    assert statuses == [302, 302]
