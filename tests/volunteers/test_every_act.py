"""Every act on an application × every state × everybody who could try it: one table, one setup.

Whoever may never do a thing of these (most roles) tries each act too, from a quarter of the states
in turn, so that each meets every state; the others try all from all.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client
from django.urls import reverse

from oda_portal.accounts.models import User
from oda_portal.accounts.roles import ROLES, set_up_roles
from oda_portal.audit.models import Transition
from tests.admin.forms import filled
from tests.doors import sign_in_staff
from tests.factories import ChoiceFactory, OpeningFactory, StaffFactory
from tests.volunteers.applicants import person
from tests.volunteers.staff import page_of
from tests.volunteers.test_states import placed
from volunteers.models import Application, State
from volunteers.models.states import DECISIONS, STAFF_ACTS

pytestmark = pytest.mark.django_db

OWNER, OTHER, NOBODY = "the applicant", "another person", "nobody"
GONE = "gone"
REVIEWED = ("submitted", "screening", "interview")

# By hand, from the office's rules: who may, and what becomes of which state. All else changes
# nothing, and everybody else is told that there is no such thing.
TABLE: dict[str, tuple[str, dict[str, str]]] = {
    "withdraw": (
        OWNER,
        {
            "draft": GONE,
            **dict.fromkeys((*REVIEWED, "selected", "reserve", "confirmed"), "withdrawn"),
        },
    ),
    "yes": (OWNER, {"selected": "confirmed"}),
    "no": (OWNER, {"selected": "declined"}),
    "screen": ("volunteer_coordinator", {"submitted": "screening"}),
    "invite": (
        "volunteer_coordinator",
        dict.fromkeys(("submitted", "screening"), "interview"),
    ),
    "select": ("volunteer_coordinator", dict.fromkeys(REVIEWED, "selected")),
    "keep_in_reserve": ("volunteer_coordinator", dict.fromkeys(REVIEWED, "reserve")),
    "not_select": (
        "volunteer_coordinator",
        dict.fromkeys((*REVIEWED, "reserve"), "not_selected"),
    ),
    "decline": (
        "volunteer_coordinator",
        dict.fromkeys(("selected", "confirmed"), "declined"),
    ),
    "deploy": ("volunteer_coordinator", {"confirmed": "deployed"}),
    "complete": ("volunteer_coordinator", {"deployed": "completed"}),
}
EVERYBODY = (OWNER, OTHER, NOBODY, *(role.name for role in ROLES))


class Case(NamedTuple):
    """Written out where one is wrong."""

    who: str
    act: str
    state: str


@pytest.fixture(autouse=True)
def _refusals_are_not_logged() -> Iterator[None]:
    """A thousand refusals with their tracebacks take longer than the refusals."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def people() -> dict[str, Client]:
    """Everybody with a browser of their own, signed in as they would be."""
    set_up_roles()
    found = {name: Client() for name in EVERYBODY if name != OWNER}
    found[OTHER].force_login(person())
    for role in ROLES:
        staff = StaffFactory(is_superuser=False)
        staff.groups.add(Group.objects.get(name=role.name))
        sign_in_staff(found[role.name], staff)
    return found


@pytest.fixture
def applications() -> dict[str, tuple[Application, Client]]:
    """One in each state with its owner, and the results are out."""
    return {state: (in_state(state, user := person()), browser_of(user)) for state in State.values}


def in_state(state: str, user: User) -> Application:
    application = placed(state, user)
    opening = application.opening or OpeningFactory(call=application.call)
    ChoiceFactory(application=application, opening=opening, rank=1)
    return application


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address_of(act: str, application: Application) -> str:
    if act in STAFF_ACTS:
        return page_of(f"application_{act}", application.pk)
    name = "volunteers:withdraw" if act == "withdraw" else "volunteers:reply"
    return reverse(name, args=[application.uuid])


def send(client: Client, act: str, application: Application, *, as_shown: bool) -> Any:
    """The act as its page sends it; bare where the page would not be shown."""
    path = address_of(act, application)
    if act in STAFF_ACTS and as_shown:
        return client.post(path, filled(client.get(path)))
    return client.post(path, {act: "1"})


def expected_of(case: Case) -> tuple[int, str]:
    """Status of the answer, and the state afterwards."""
    who_may, moves = TABLE[case.act]
    if case.who == who_may and not (case.act in STAFF_ACTS and case.state == "draft"):
        return 302, moves.get(case.state, case.state)
    if case.who == NOBODY:
        return 302, case.state
    if case.act in STAFF_ACTS and case.who in (OWNER, OTHER):
        return 302, case.state  # the door of the back office, whoever stands before it
    if case.act in STAFF_ACTS and case.state == "draft":
        return 404, case.state
    return (403 if case.act in STAFF_ACTS else 404), case.state


def moves_to(state: str, case: Case) -> int:
    """Whoever is decided about is put under review first, if nobody had begun."""
    if state in (case.state, GONE):
        return 0
    return 2 if case.act in DECISIONS and case.state == State.SUBMITTED else 1


def moves_of(application: Application) -> int:
    kind = ContentType.objects.get_for_model(Application)
    rows = Transition.objects.filter(content_type=kind, object_id=application.pk, field="state")
    return rows.count()


def is_tried(case: Case) -> bool:
    if case.who in (OWNER, OTHER, NOBODY, "volunteer_coordinator"):
        return True
    turn = EVERYBODY.index(case.who) + [*TABLE].index(case.act) + State.values.index(case.state)
    return turn % 4 == 0


def tried(
    people: dict[str, Client], applications: dict[str, tuple[Application, Client]]
) -> Iterator[tuple[Case, Any, str, int]]:
    """Each case with the answer, the state and the number of moves.

    What changes something is undone afterwards, and nothing else: the cache may be in the same
    database, and without it every refusal would make the whole frame of its page anew.
    """
    for act, (who_may, moves) in TABLE.items():
        for state, (application, owner) in applications.items():
            for who, client in {**people, OWNER: owner}.items():
                if not is_tried(Case(who, act, state)):
                    continue
                with transaction.atomic():
                    before = moves_of(application)
                    as_shown = who == who_may and state in moves
                    response = send(client, act, application, as_shown=as_shown)
                    found = Application.objects.filter(pk=application.pk).first()
                    moved = moves_of(application) - before
                    after = found.state if found else GONE
                    yield Case(who, act, state), response, after, moved
                    transaction.set_rollback(after != state or moved > 0)


@pytest.mark.thorough
def test_every_act_from_every_state_by_everybody_does_what_the_table_says(
    people: dict[str, Client], applications: dict[str, tuple[Application, Client]]
):
    wrong, cases = {}, 0
    for case, response, after, moved in tried(people, applications):
        cases += 1
        status, state = expected_of(case)
        moves = moves_to(state, case)
        if (response.status_code, after, moved) != (status, state, moves):
            wrong[case] = (response.status_code, after, moved), (status, state, moves)

    assert cases > len(TABLE) * len(State.values) * 4
    assert wrong == {}
