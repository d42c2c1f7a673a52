"""The rules of the checklist: days, passports, who must do what, and the light of a team."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from oda_portal.audit.models import Transition
from oda_portal.mail.models import Message
from oda_portal.privacy import consents
from tests.factories import OpeningFactory, StaffFactory
from tests.volunteers.departures import going, only, opening_in, put, state_of, with_checklist
from volunteers.models import ChecklistItem, Readiness, State, TravelDocument
from volunteers.models.readiness import READINESS_MOVES
from volunteers.readiness import acts, board, checklists, rules
from volunteers.readiness.rules import Light, Phase

pytestmark = pytest.mark.django_db

Kind = ChecklistItem.Kind


# --- days ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (date(2027, 7, 27), date(2028, 1, 27)),
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 31), date(2028, 2, 29)),
        (date(2027, 8, 29), date(2028, 2, 29)),
        (date(2027, 8, 30), date(2028, 2, 29)),
        (date(2027, 3, 31), date(2027, 9, 30)),
        (date(2027, 6, 30), date(2027, 12, 30)),
        (date(2027, 12, 31), date(2028, 6, 30)),
        (date(2028, 2, 29), date(2028, 8, 29)),
    ],
)
def test_six_months_are_months_of_the_calendar(day: date, later: date):
    assert rules.months_later(day, 6) == later


def test_days_are_counted_back_from_departure_and_leave_a_week_at_least():
    today = date(2027, 1, 1)
    late = OpeningFactory.build(
        departs_on=date(2027, 1, 20), returns_on=date(2027, 1, 27), city=None, call=None, pool=None
    )
    early = OpeningFactory.build(
        departs_on=date(2027, 7, 20), returns_on=date(2027, 7, 27), city=None, call=None, pool=None
    )

    assert checklists.due_by_default(early, Kind.PASSPORT, today) == date(2027, 5, 21)
    assert checklists.due_by_default(early, Kind.ORIENTATION, today) == date(2027, 7, 6)
    assert checklists.due_by_default(late, Kind.PASSPORT, today) == date(2027, 1, 8)
    late.departs_on = date(2027, 1, 4)
    assert checklists.due_by_default(late, Kind.PASSPORT, today) == date(2027, 1, 3)


def test_a_checklist_is_made_once_whoever_asks_how_often():
    opening = opening_in(100)

    first = checklists.ensure(opening)
    ChecklistItem.objects.filter(kind=Kind.PASSPORT).update(due_on=opening.departs_on)
    again = checklists.ensure(opening)

    assert len(first) == len(again) == ChecklistItem.objects.count() == 7
    assert ChecklistItem.objects.get(kind=Kind.PASSPORT).due_on == opening.departs_on


def test_an_item_stands_once_in_a_checklist_and_a_person_once_in_an_item():
    application = going(with_checklist(opening_in(100)))
    row = put(application, Kind.PASSPORT, Readiness.State.OPEN)

    with pytest.raises(IntegrityError), transaction.atomic():
        ChecklistItem.objects.create(
            opening=application.opening, kind=Kind.PASSPORT, due_on=date(2027, 1, 1)
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Readiness.objects.create(application=application, item=row.item)


# --- moves ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", Readiness.State.values)
@pytest.mark.parametrize("act", READINESS_MOVES)
def test_a_state_changes_only_from_where_it_may_and_leaves_a_trail(act: str, state: str):
    row = put(going(with_checklist(opening_in(100))), Kind.INSURANCE, state)
    sources, target = READINESS_MOVES[act]
    more = {"reason": "Blurred"} if act == "send_back" else {}

    done = getattr(row, act)(by=StaffFactory(), **more)

    row.refresh_from_db()
    trail = Transition.objects.filter(object_id=row.pk, field="state", to_state=target)
    assert done == (state in sources)
    assert row.state == (target if done else state)
    assert trail.count() == int(done and state != target)
    assert row.reason == ("Blurred" if done and act == "send_back" else "")
    # Reasons may speak of a passport or of health, and many read the trail.
    assert not Transition.objects.exclude(reason="").exists()


def test_what_has_changed_since_the_page_was_opened_is_left_alone():
    row = put(going(with_checklist(opening_in(100))), Kind.PASSPORT, Readiness.State.HANDED_IN)
    seen = row.at
    Readiness.objects.filter(pk=row.pk).update(at=timezone.now() + timedelta(seconds=1))

    assert not row.accept(by=StaffFactory(), seen=seen)

    assert row.state == Readiness.State.HANDED_IN


def test_a_passport_that_nobody_handed_in_is_not_accepted_but_insurance_is():
    application = going(with_checklist(opening_in(100)))
    items = {item.kind: item for item in application.opening.checklist.all()}
    staff = StaffFactory()

    assert not acts.settle(application, items[Kind.PASSPORT], "accept", by=staff)
    assert acts.settle(application, items[Kind.INSURANCE], "accept", by=staff)

    assert state_of(application, Kind.PASSPORT) == Readiness.State.OPEN
    assert state_of(application, Kind.INSURANCE) == Readiness.State.ACCEPTED


# --- lights --------------------------------------------------------------------------------------


def light_now(application) -> Light:  # type: ignore[no-untyped-def]
    (team,) = board.board_of(application.call, timezone.localdate())
    return team.light


@pytest.mark.parametrize(
    ("days", "state", "light"),
    [
        (-1, "open", Light.RED),
        (0, "open", Light.AMBER),
        (14, "open", Light.AMBER),
        (15, "open", Light.CALM),
        (15, "returned", Light.RED),
        (-1, "accepted", Light.GREEN),
        (-1, "not_needed", Light.GREEN),
        # Handed in in time: what is late then is the office.
        (-1, "handed_in", Light.AMBER),
        (15, "handed_in", Light.CALM),
        (3, "by_phone", Light.AMBER),
    ],
)
def test_the_light_of_a_team_is_that_of_its_worst_item(days: int, state: str, light: Light):
    due = timezone.localdate() + timedelta(days=days)
    application = going(with_checklist(opening_in(60), insurance=due))
    only(application.opening, Kind.INSURANCE)
    put(application, Kind.INSURANCE, state)

    assert light_now(application) == light


def test_one_person_behind_makes_the_team_red_and_an_empty_team_has_no_light():
    opening = with_checklist(opening_in(60), insurance=timezone.localdate() - timedelta(days=1))
    only(opening, Kind.INSURANCE)
    empty = with_checklist(OpeningFactory(call=opening.call))
    put(going(opening), Kind.INSURANCE, "accepted")
    going(opening)

    lights = {
        team.opening.pk: team.light for team in board.board_of(opening.call, timezone.localdate())
    }

    assert lights == {opening.pk: Light.RED, empty.pk: Light.EMPTY}


def test_only_who_is_going_stands_on_the_board():
    opening = with_checklist(opening_in(60))
    shown = {going(opening, state=state).pk for state in rules.GOING}
    for state in set(State.values) - set(rules.GOING):
        going(opening, state=state)

    (team,) = board.board_of(opening.call, timezone.localdate())

    assert {person.application.pk for person in team.people} == shown


@pytest.mark.parametrize(
    ("born", "is_wanted"),
    [(date(2008, 7, 20), False), (date(2008, 7, 21), True), (date(1999, 1, 1), False)],
)
def test_a_guardian_is_asked_of_whoever_is_under_19_on_departure(born: date, is_wanted: bool):
    opening = with_checklist(
        OpeningFactory(departs_on=date(2027, 7, 20), returns_on=date(2027, 7, 27))
    )
    application = going(opening, volunteer__born_on=born)

    cells = board.person_of(application, timezone.localdate()).cells

    phases = {cell.item.kind: cell.phase for cell in cells}
    assert (phases[Kind.GUARDIAN_CONSENT] != Phase.NOT_NEEDED) == is_wanted


def test_a_passport_accepted_before_the_journey_moved_is_shown_again():
    application = going(with_checklist(opening_in(60)))
    put(application, Kind.PASSPORT, "accepted")
    until = rules.passport_until(application.opening)
    TravelDocument.objects.create(
        application=application, number="M1", name="A", nationality="K",
        expires_text=until.isoformat(),
    )  # fmt: skip

    def phase() -> str:
        cells = board.person_of(application, timezone.localdate()).cells
        return next(cell.phase for cell in cells if cell.item.kind == Kind.PASSPORT)

    assert phase() == Phase.DONE
    application.opening.returns_on += timedelta(days=40)
    assert phase() == Phase.SHORT


# --- beginning -----------------------------------------------------------------------------------


def test_whoever_confirms_gets_a_checklist_and_one_mail():
    application = going(opening_in(60))

    assert acts.begin(application)
    assert not acts.begin(application)

    message = Message.objects.get()
    assert (message.kind, message.language) == ("departure_checklist", "en")
    assert "60 days to go." in message.context["left"]
    assert ChecklistItem.objects.filter(opening=application.opening).count() == 7
    assert Readiness.objects.filter(application=application).count() == 7


def test_what_the_guardian_agreed_to_when_applying_is_only_checked():
    born = timezone.localdate() - timedelta(days=17 * 365)
    application = going(
        opening_in(60), volunteer__born_on=born, guardian_name="홍판서", guardian_mobile="+82"
    )
    user = application.volunteer.user
    consents.give(application, consents.current_texts(["guardian"])[0], given=True, by=user)

    acts.begin(application)

    assert state_of(application, Kind.GUARDIAN_CONSENT) == Readiness.State.HANDED_IN


def test_without_an_opening_nothing_begins():
    application = going(opening_in(60), state=State.SELECTED)

    assert not acts.begin(application)

    assert not Message.objects.exists()
    assert not ChecklistItem.objects.exists()
