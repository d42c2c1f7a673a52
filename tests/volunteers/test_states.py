"""Every state × every act: what the model allows, and what each person may do through the pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oda_portal.audit.models import Transition
from tests.factories import ApplicationFactory, CallFactory, StaffFactory
from tests.volunteers.applicants import person
from volunteers.models import Application, State

pytestmark = pytest.mark.django_db

# Written by hand from the office's rules, and not read from the code: act → state → new state.
ALLOWED: dict[str, dict[str, str]] = {
    "send": {"draft": "submitted"},
    "take_place": {"submitted": "confirmed"},
    "screen": {"submitted": "screening"},
    "invite": {"submitted": "interview", "screening": "interview"},
    "select": {
        "submitted": "selected",
        "screening": "selected",
        "interview": "selected",
        "reserve": "selected",
    },
    "keep_in_reserve": {"submitted": "reserve", "screening": "reserve", "interview": "reserve"},
    "not_select": {
        "submitted": "not_selected",
        "screening": "not_selected",
        "interview": "not_selected",
        "reserve": "not_selected",
    },
    "confirm": {"selected": "confirmed"},
    "decline": {"selected": "declined"},
    "withdraw": dict.fromkeys(
        (
            "draft",
            "submitted",
            "screening",
            "interview",
            "selected",
            "reserve",
            "confirmed",
            "not_selected",
        ),
        "withdrawn",
    ),
    "begin_again": {"withdrawn": "draft"},
    "deploy": {"confirmed": "deployed"},
    "complete": {"deployed": "completed"},
}
DETAILS = {"keep_in_reserve": {"number": 3}}


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

    moved = getattr(application, act)(by=staff, **DETAILS.get(act, {}))

    application.refresh_from_db()
    trail = [(row.from_state, row.to_state, row.by) for row in Transition.objects.all()]
    assert moved is (expected is not None)
    assert application.state == (expected or state)
    assert trail == ([(state, expected, staff)] if expected else [])


@pytest.mark.parametrize("act", ALLOWED)
def test_act_twice_is_once(act: str):
    application = in_state(next(iter(ALLOWED[act])))
    details = {"by": StaffFactory(), **DETAILS.get(act, {})}

    assert getattr(application, act)(**details)
    assert not getattr(application, act)(**details)
    assert Transition.objects.count() == 1


# --- through the pages ----------------------------------------------------------------------------

# A draft never sent is deleted instead; who knows that there is no place has nothing to withdraw.
WITHDRAWS = set(ALLOWED["withdraw"]) - {"draft", "not_selected"}


def acts(application: Application) -> dict[str, tuple[str, dict[str, str]]]:
    uuid = [application.uuid]
    return {
        "withdraw": (reverse("volunteers:withdraw", args=uuid), {}),
        "yes": (reverse("volunteers:reply", args=uuid), {"yes": "1"}),
        "no": (reverse("volunteers:reply", args=uuid), {"no": "1"}),
    }


def result_is_out() -> dict:
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
    application = in_state(state, volunteer__user=user, call=CallFactory(**result_is_out()))
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


def test_reply_after_its_time_is_refused(client: Client):
    user = person()
    call = CallFactory(**{**result_is_out(), "confirm_by": timezone.now() - timedelta(hours=1)})
    application = in_state("selected", volunteer__user=user, call=call)
    client.force_login(user)

    client.post(*acts(application)["yes"])

    application.refresh_from_db()
    assert application.state == "selected"


def test_reply_before_the_results_are_out_is_refused(client: Client):
    user = person()
    now = timezone.now()
    call = CallFactory(
        closes_at=now - timedelta(days=1),
        released_at=now + timedelta(hours=1),
        confirm_by=now + timedelta(days=3),
    )
    application = in_state("selected", volunteer__user=user, call=call)
    client.force_login(user)

    client.post(*acts(application)["yes"])

    application.refresh_from_db()
    assert application.state == "selected"


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
def test_no_page_names_an_internal_state(client: Client, state: str, language: str):
    """Not in words of the code, wherever in the page."""
    user = person()
    application = in_state(
        state, volunteer__user=user, call=CallFactory(**result_is_out()), reserve_number=3
    )
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


@pytest.mark.parametrize("state", ["selected", "reserve", "not_selected"])
def test_result_is_hidden_until_its_time_and_shown_from_it(client: Client, state: str):
    user = person()
    now = timezone.now()
    call = CallFactory(
        closes_at=now - timedelta(days=1),
        released_at=now + timedelta(hours=1),
        confirm_by=now + timedelta(days=3),
    )
    application = in_state("submitted", volunteer__user=user, call=call)
    details = {"number": 3} if state == "reserve" else {}
    act = {"selected": "select", "reserve": "keep_in_reserve", "not_selected": "not_select"}[state]
    getattr(application, act)(by=StaffFactory(), **details)
    client.force_login(user)
    path = f"/en{application.get_absolute_url()}"

    before = client.get(path)
    call.released_at = now - timedelta(minutes=1)
    call.save()
    after = client.get(path)

    told = {step.title for step in before.context["timeline"]}
    assert not told & {"You were selected", "You were put on the reserve list"}
    assert before.context["may_withdraw"]
    assert "We are reviewing your application" in before.context["sentence"]
    assert not before.context["may_answer"]
    assert "review" not in after.context["sentence"]
    listing = client.get("/en/volunteers/mine/").content.decode()
    assert after.context["sentence"].split(".")[0] in listing
