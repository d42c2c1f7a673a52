"""Every state × every act: what the model allows, and what each person may do through the pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oda_portal.accounts.models import User
from oda_portal.audit.models import Transition
from oda_portal.seats.actions import offer, take
from oda_portal.seats.waiting import wait
from tests.factories import ApplicationFactory, CallFactory, OpeningFactory, StaffFactory
from tests.volunteers.applicants import person
from volunteers.models import Application, State

pytestmark = pytest.mark.django_db

# Written by hand from the office's rules, and not read from the code: act → state → new state.
ALLOWED: dict[str, dict[str, str]] = {
    "send": {"draft": "submitted"},
    "take_place": {"submitted": "confirmed"},
    "wait": {"submitted": "reserve"},
    "screen": {"submitted": "screening"},
    "invite": {"submitted": "interview", "screening": "interview"},
    "select": dict.fromkeys(("submitted", "screening", "interview"), "selected"),
    "keep_in_reserve": dict.fromkeys(("submitted", "screening", "interview"), "reserve"),
    "not_select": dict.fromkeys(("submitted", "screening", "interview", "reserve"), "not_selected"),
    "offer": {"reserve": "selected"},
    "confirm": {"selected": "confirmed"},
    "decline": dict.fromkeys(("selected", "confirmed"), "declined"),
    "wait_again": {"declined": "reserve"},
    "withdraw": dict.fromkeys(
        ("draft", "submitted", "screening", "interview", "selected", "reserve", "confirmed"),
        "withdrawn",
    ),
    "begin_again": {"withdrawn": "draft"},
    "deploy": {"confirmed": "deployed"},
    "complete": {"deployed": "completed"},
}


def details_of(act: str, application: Application, staff: User) -> dict[str, object]:
    """What the method wants to know."""
    who: dict[str, object] = {} if act == "offer" else {"by": staff}
    if act in ("take_place", "wait", "select", "keep_in_reserve"):
        who["opening"] = OpeningFactory(call=application.call)
    if act in ("select", "offer"):
        who["answer_by"] = timezone.now() + timedelta(days=3)
    return who


def in_state(state: str, **fields) -> Application:
    sent = (
        {}
        if state == "draft"
        else {"receipt": f"R-{State.values.index(state)}", "sent_at": timezone.now()}
    )
    return ApplicationFactory(state=state, **sent, **fields)


@pytest.mark.parametrize("act", ALLOWED)
@pytest.mark.parametrize("state", State.values)
def test_act_moves_only_from_the_states_it_may(state: str, act: str):
    staff = StaffFactory()
    application = in_state(state)
    expected = ALLOWED[act].get(state)

    moved = getattr(application, act)(**details_of(act, application, staff))

    application.refresh_from_db()
    trail = [(row.from_state, row.to_state, row.by) for row in Transition.objects.all()]
    assert moved is (expected is not None)
    assert application.state == (expected or state)
    by = None if act == "offer" else staff
    assert trail == ([(state, expected, by)] if expected else [])


@pytest.mark.parametrize("act", ALLOWED)
def test_act_twice_is_once(act: str):
    application = in_state(next(iter(ALLOWED[act])))
    details = details_of(act, application, StaffFactory())

    assert getattr(application, act)(**details)
    assert not getattr(application, act)(**details)
    assert Transition.objects.count() == 1


# --- through the pages ----------------------------------------------------------------------------

# A draft never sent is deleted instead.
WITHDRAWS = set(ALLOWED["withdraw"]) - {"draft"}


def acts(application: Application) -> dict[str, tuple[str, dict[str, str]]]:
    uuid = [application.uuid]
    return {
        "withdraw": (reverse("volunteers:withdraw", args=uuid), {}),
        "yes": (reverse("volunteers:reply", args=uuid), {"yes": "1"}),
        "no": (reverse("volunteers:reply", args=uuid), {"no": "1"}),
    }


def placed(state: str, user: User) -> Application:
    """Of this person, with the place that comes with the state."""
    opening = OpeningFactory(call=CallFactory(**results_are_out()))
    application = in_state(state, volunteer__user=user, call=opening.call, opening=opening)
    if state in ("selected", "confirmed"):
        take(opening.pool, application)
    if state == "selected":
        offer(opening.pool, application, until=None)
    if state == "reserve":
        wait(opening.pool, application)
    return application


def results_are_out() -> dict:
    now = timezone.now()
    return {
        "closes_at": now - timedelta(days=2),
        "released_at": now - timedelta(days=1),
        "confirm_by": now + timedelta(days=1),
    }


@pytest.mark.parametrize("act", ["withdraw", "yes", "no"])
@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("who", ["applicant", "another person", "staff", "nobody"])
def test_page_acts_for_the_applicant_alone(client: Client, who: str, state: str, act: str):
    user = person()
    application = placed(state, user)
    actors = {"applicant": user, "another person": person(), "staff": StaffFactory()}
    if who in actors:
        client.force_login(actors[who])
    path, data = acts(application)[act]

    response = client.post(path, data)

    expected = state
    if who == "applicant":
        if act == "withdraw" and state in WITHDRAWS:
            expected = "withdrawn"
        if act == "yes" and state == "selected":
            expected = "confirmed"
        if act == "no" and state == "selected":
            expected = "declined"
    if who == "nobody":
        assert response.url.startswith("/accounts/login/")
    else:
        assert response.status_code == (302 if who == "applicant" else 404)
    found = Application.objects.filter(pk=application.pk).first()
    if who == "applicant" and act == "withdraw" and state == "draft":
        assert found is None
    else:
        assert found
        assert found.state == expected


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
def test_no_page_names_an_internal_state(client: Client, state: str, language: str):
    """Not in words of the code, wherever in the page."""
    user = person()
    application = placed(state, user)
    client.force_login(user)
    prefix = "" if language == "ko" else f"/{language}"

    page = client.get(f"{prefix}/volunteers/mine/{application.uuid}/").content.decode()

    internal = {
        "submitted", "screening", "selected", "reserve", "not_selected", "declined", "withdrawn",
        "not selected",
    }  # fmt: skip
    markup = "".join(part.partition(">")[0] for part in page.split("<"))
    assert not {word for word in internal if f'"{word}' in markup or f" {word}" in markup}
    assert "not_selected" not in page
