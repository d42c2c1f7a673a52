"""The readiness board in the back office: who sees it, what staff do on it, what the city gets."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from oda_portal.accounts.roles import ROLES
from oda_portal.audit.models import Transition
from oda_portal.mail.models import Message
from oda_portal.privacy.models import AccessRecord
from tests.admin.forms import filled
from tests.factories import OpeningFactory
from tests.files.samples import pdf, upload
from tests.volunteers.departures import (
    EMERGENCY,
    HEALTH,
    PASSPORT,
    board,
    departure,
    going,
    opening_in,
    put,
    state_of,
    subjects,
    with_checklist,
)
from tests.volunteers.staff import looks, page_of, said, signed_in_as
from volunteers.models import Application, ChecklistItem, Opening, Readiness

pytestmark = pytest.mark.django_db

LANGUAGES = ("ko", "en", "zh-hans")
Kind = ChecklistItem.Kind
SECRETS = ("M123A4567", "2031-08-31", "peanuts", "Hepatitis", "홍판서", "9876 5432")


def ready() -> Application:
    """Somebody who has handed in passport, health and whom to call."""
    application = going(with_checklist(opening_in(60)))
    client = Client()
    client.force_login(application.volunteer.user)
    client.post(departure(application, Kind.PASSPORT), PASSPORT)
    client.post(departure(application, Kind.VACCINATION), HEALTH)
    client.post(departure(application, Kind.EMERGENCY_CONTACT), EMERGENCY)
    client.post(departure(application, Kind.INSURANCE), {"file": upload("보험.pdf", pdf())})
    return application


# --- who sees it ---------------------------------------------------------------------------------

NOBODY_ELSE = [role.name for role in ROLES if role.name != "volunteer_coordinator"]


@pytest.mark.parametrize("role", NOBODY_ELSE)
def test_nobody_but_the_coordinator_sees_any_of_it(client: Client, role: str):
    application = ready()
    opening = application.opening
    signed_in_as(client, role)
    before = AccessRecord.objects.count()
    pages = [
        board(opening), board(opening, "_person", application.pk),
        board(opening, "_whole", application.pk), board(opening, "_certificate", application.pk),
        board(opening, "_roster", opening.pk), board(opening, "_checklist", opening.pk),
        board(opening, "_send_back", application.pk, Kind.PASSPORT),
    ]  # fmt: skip

    assert [client.get(page).status_code for page in pages] == [403] * len(pages)
    acts = board(opening, "_settle", application.pk, Kind.INSURANCE, "accept")
    for page in (acts, board(opening, "_accept"), *pages):
        assert client.post(page, {"kind": Kind.ORIENTATION}).status_code in (403, 405)

    assert AccessRecord.objects.count() == before
    assert state_of(application, Kind.INSURANCE) == "handed_in"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_board_shows_each_team_and_everybody_on_it_and_leaves_a_look(
    client: Client, language: str
):
    application = ready()
    put(application, Kind.ROLE_AGREEMENT, "returned")
    signed_in_as(client, "volunteer_coordinator")

    page = client.get(board(application.opening, language=language))

    shown = page.content.decode()
    with translation.override(language):
        words = [str(application.opening), translation.pgettext("readiness", "Returned")]
        words += [translation.gettext("Something is overdue or returned")]
    for text in [*words, "홍길동", "<svg", "✓"]:
        assert text in shown, text
    for secret in SECRETS:
        assert secret not in shown
    assert looks("list") == [("volunteers.call readiness", subjects(application))]
    link = page_of("call_change", application.opening.call_id, language=language)
    assert board(application.opening, language=language) in client.get(link).content.decode()


@pytest.mark.thorough
def test_sixty_people_ask_the_database_as_often_as_one(client: Client):
    opening = with_checklist(opening_in(60))
    put(going(opening), Kind.PASSPORT, "accepted")
    signed_in_as(client, "volunteer_coordinator")
    client.get(board(opening))
    with CaptureQueriesContext(connection) as one:
        client.get(board(opening))
    for number in range(59):
        put(going(opening), Kind.PASSPORT, "accepted" if number % 2 else "returned")

    with CaptureQueriesContext(connection) as sixty:
        page = client.get(board(opening))

    assert len(page.context["shown"][0][1]) == 60
    assert len(sixty) == len(one) <= 35


def test_the_first_page_says_that_something_is_late_to_who_prepares_journeys(client: Client):
    calm, late = with_checklist(opening_in(60)), with_checklist(opening_in(50))
    gone = with_checklist(opening_in(-1))
    for opening in (calm, late, gone):
        going(opening)
    signed_in_as(client, "volunteer_coordinator")
    ChecklistItem.objects.update(due_on=timezone.localdate() + timedelta(days=30))
    assert client.get("/en/admin/").context["reminders"] == []
    ChecklistItem.objects.filter(opening__in=[late, gone]).update(due_on=date(2026, 1, 1))

    (reminder,) = client.get("/en/admin/").context["reminders"]

    assert reminder.sentence == (
        f"Before the departure of “{late.call.title_en}”, something is overdue or returned in 1 opening."
    )
    assert reminder.url == f"{board(late, language='en')}?show=alarm"
    assert [team.opening for team, people in client.get(reminder.url).context["shown"] if people]
    other = Client()
    signed_in_as(other, "editor")
    assert other.get("/en/admin/").context["reminders"] == []


@pytest.mark.thorough
def test_the_first_page_asks_as_much_for_ten_openings_as_for_one(client: Client):
    def late() -> None:
        put(going(with_checklist(opening_in(60))), Kind.PASSPORT, "returned")

    late()
    signed_in_as(client, "volunteer_coordinator")
    client.get("/en/admin/")
    with CaptureQueriesContext(connection) as one:
        client.get("/en/admin/")
    for _number in range(9):
        late()

    with CaptureQueriesContext(connection) as ten:
        page = client.get("/en/admin/")

    assert sum(reminder.count for reminder in page.context["reminders"]) == 10
    assert len(ten) == len(one)


def test_filters_leave_who_they_say_and_the_log_names_only_those(client: Client):
    opening = with_checklist(opening_in(60))
    other = with_checklist(OpeningFactory(call=opening.call, team=Opening.Team.MEDICAL))
    late, calm, elsewhere = going(opening), going(opening), going(other)
    put(late, Kind.PASSPORT, "returned")
    put(calm, Kind.PASSPORT, "handed_in")
    signed_in_as(client, "volunteer_coordinator")

    def shown(query: str) -> set[int]:
        page = client.get(board(opening) + query)
        assert page.status_code == 200
        return {row.application.pk for _team, rows in page.context["shown"] for row in rows}

    assert shown("") == {late.pk, calm.pk, elsewhere.pk}
    assert shown(f"?team={other.pk}") == {elsewhere.pk}
    assert shown("?show=alarm") == {late.pk}
    assert shown("?show=office") == {calm.pk}
    assert shown(f"?team={opening.pk}&show=undone") == {late.pk, calm.pk}
    assert shown("?team=nonsense&show=x") == {late.pk, calm.pk, elsewhere.pk}
    assert looks("list")[2][1] == subjects(late)


def test_a_call_without_openings_or_checklist_has_a_board_too(client: Client):
    opening = opening_in(60)
    application = going(opening)
    signed_in_as(client, "volunteer_coordinator")

    page = client.get(board(opening))

    assert page.status_code == 200
    assert board(opening, "_checklist", opening.pk) in page.content.decode()
    assert not ChecklistItem.objects.exists()
    person = client.get(board(opening, "_person", application.pk))
    assert person.context["rows"] == []
    assert client.get(page_of("call_readiness", 987654)).status_code == 404


def test_the_days_on_the_board_are_those_in_korea(client: Client):
    opening = with_checklist(opening_in(60), passport=timezone.localdate())
    going(opening)
    signed_in_as(client, "volunteer_coordinator")

    page = client.get(board(opening))

    assert page.context["shown"][0][0].light == "amber"


# --- one person ----------------------------------------------------------------------------------


def test_what_was_handed_in_is_masked_until_somebody_asks_and_is_recorded(client: Client):
    application = ready()
    signed_in_as(client, "volunteer_coordinator")

    page = client.get(board(application.opening, "_person", application.pk)).content.decode()

    for secret in SECRETS:
        assert secret not in page, secret
    assert "••••4567" in page
    address = board(application.opening, "_whole", application.pk)
    asked = client.get(address)
    assert asked.url.startswith(page_of("application_reveal", application.pk))
    assert client.post(asked.url, {"reason": "항공권 발권"}).url == address
    whole = client.get(address).content.decode()
    for secret in ("M123A4567", "peanuts", "홍판서", "+82 10 9876 5432"):
        assert secret in whole, secret
    assert looks("detail") == [
        ("volunteers.readiness", subjects(application)),
        ("volunteers.traveldocument health", subjects(application)),
    ]
    assert AccessRecord.objects.latest("pk").reason == "항공권 발권"


def test_the_certificate_is_given_out_and_recorded(client: Client):
    application = ready()
    signed_in_as(client, "volunteer_coordinator")

    given = client.get(board(application.opening, "_certificate", application.pk))

    assert given.status_code == 200
    assert given.headers["Content-Disposition"].startswith("attachment")
    assert looks("file") == [("volunteers.insurancecertificate", subjects(application))]


def test_who_does_not_go_with_this_call_has_no_page_on_its_board(client: Client):
    application, other = ready(), ready()
    signed_in_as(client, "volunteer_coordinator")

    assert client.get(board(application.opening, "_person", other.pk)).status_code == 404
    assert client.get(board(application.opening, "_whole", other.pk)).status_code == 404
    Application.objects.filter(pk=application.pk).update(state="withdrawn")
    assert client.get(board(application.opening, "_person", application.pk)).status_code == 404


def seen(application: Application, kind: str) -> dict[str, str]:
    row = Readiness.objects.filter(application=application, item__kind=kind).first()
    return {"seen": row.at.isoformat() if row else ""}


def test_each_act_is_done_and_recorded_and_a_second_click_does_nothing(client: Client):
    application = ready()
    staff = signed_in_as(client, "volunteer_coordinator")
    opening = application.opening

    def click(kind: str, act: str, shown: dict[str, str]) -> list[str]:
        path = board(opening, "_settle", application.pk, kind, act, language="en")
        return said(client.post(path, shown, follow=True))

    first = seen(application, Kind.PASSPORT)
    assert click(Kind.PASSPORT, "accept", first) == ["Passport is now “Accepted”."]
    assert "Nothing was done" in click(Kind.PASSPORT, "accept", first)[0]
    assert click(Kind.PASSPORT, "reopen", seen(application, Kind.PASSPORT))
    click(Kind.ORIENTATION, "accept", {"seen": ""})
    click(Kind.ROLE_AGREEMENT, "waive", {"seen": "no time"})

    states = {kind: state_of(application, kind) for kind in Kind.values}
    assert states[Kind.PASSPORT] == "open"
    assert states[Kind.ORIENTATION] == "accepted"
    assert states[Kind.ROLE_AGREEMENT] == "not_needed"
    row = Readiness.objects.get(application=application, item__kind=Kind.ORIENTATION)
    trail = Transition.objects.get(object_id=row.pk, field="state", to_state="accepted")
    assert (trail.from_state, trail.by) == ("open", staff)
    assert len(looks("edit")) == 4
    assert not Message.objects.exists()


def test_what_was_handed_in_anew_meanwhile_is_not_accepted(client: Client):
    application = ready()
    shown = seen(application, Kind.PASSPORT)
    client.force_login(application.volunteer.user)
    client.post(departure(application, Kind.PASSPORT), {**PASSPORT, "number": "M99999999"})
    signed_in_as(client, "volunteer_coordinator")

    client.post(
        board(application.opening, "_settle", application.pk, Kind.PASSPORT, "accept"), shown
    )

    assert state_of(application, Kind.PASSPORT) == "handed_in"


@pytest.mark.parametrize("act", ["accept", "waive", "reopen", "send_back"])
def test_looking_at_an_act_does_nothing(client: Client, act: str):
    application = ready()
    signed_in_as(client, "volunteer_coordinator")
    path = board(application.opening, "_person", application.pk) + f"{Kind.PASSPORT}/{act}/"

    assert client.get(path).status_code == (200 if act == "send_back" else 405)

    assert state_of(application, Kind.PASSPORT) == "handed_in"
    assert client.post(path.replace("passport", "nonsense")).status_code == 404


def test_sending_back_shows_the_letter_then_tells_and_the_reason_stands_on_the_page(
    client: Client,
):
    application = ready()
    signed_in_as(client, "volunteer_coordinator")
    path = board(application.opening, "_send_back", application.pk, Kind.PASSPORT)
    page = client.get(path)
    letter = page.context["shown"].letter
    assert "Passport" in letter.text
    assert client.post(path, filled(page)).status_code == 200  # without a reason
    assert not Message.objects.exists()

    sent = filled(page, reason="The name has a letter too many")
    for _click in range(2):
        client.post(path, sent)

    message = Message.objects.get()
    assert (message.kind, message.language) == ("departure_returned", "en")
    assert "letter too many" not in str(message.context)
    assert state_of(application, Kind.PASSPORT) == "returned"
    client.force_login(application.volunteer.user)
    assert "The name has a letter too many" in client.get(departure(application)).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("select reason from volunteers_readiness")
        assert "letter" not in str(cursor.fetchall())


# --- many at once --------------------------------------------------------------------------------


def test_many_are_marked_after_they_were_named_once_more(client: Client):
    opening = with_checklist(opening_in(60))
    people = [going(opening) for _n in range(3)]
    put(people[0], Kind.ORIENTATION, "accepted")
    stranger = going(with_checklist(opening_in(60)))
    signed_in_as(client, "volunteer_coordinator")
    path = board(opening, "_accept", language="en")
    chosen = [str(row.pk) for row in (*people[:2], stranger)]

    page = client.post(path, {"kind": Kind.ORIENTATION, "person": [*chosen, "x", "9" * 40]})
    assert [row.pk for row in page.context["people"]] == [row.pk for row in people[:2]]
    assert state_of(people[1], Kind.ORIENTATION) == ""
    answer = client.post(path, filled(page), follow=True)

    assert said(answer) == [
        "Done for 1 person.",
        "For 1 person it was already done, or is not on the checklist.",
    ]
    states = [state_of(row, Kind.ORIENTATION) for row in (*people, stranger)]
    assert states == ["accepted", "accepted", "", ""]
    assert looks("edit") == [("volunteers.readiness orientation", subjects(people[1]))]


def test_only_what_the_office_sees_to_is_marked_for_many(client: Client):
    application = ready()
    signed_in_as(client, "volunteer_coordinator")
    path = board(application.opening, "_accept")

    typed = {"kind": Kind.PASSPORT, "person": [str(application.pk)], "sure": "yes"}
    assert client.post(path, typed).status_code == 404
    assert client.post(path, {"kind": Kind.ORIENTATION}, follow=True).status_code == 200

    assert state_of(application, Kind.PASSPORT) == "handed_in"


# --- the checklist -------------------------------------------------------------------------------


def test_a_checklist_is_set_up_with_the_usual_days_and_changed(client: Client):
    opening = opening_in(90)
    staff = signed_in_as(client, "volunteer_coordinator")
    path = board(opening, "_checklist", opening.pk)
    page = client.get(path)
    assert not ChecklistItem.objects.exists()

    assert client.post(path, filled(page)).status_code == 302
    days = {item.kind: (opening.departs_on - item.due_on).days for item in opening.checklist.all()}
    assert days[Kind.PASSPORT] == 60
    assert len(days) == 7
    page = client.get(path)
    day = opening.departs_on - timedelta(days=5)
    changes = {"orientation-due_on": day.isoformat(), "vaccination-note_en": "Hepatitis A"}
    client.post(path, filled(page, **changes))

    item = ChecklistItem.objects.get(kind=Kind.ORIENTATION)
    assert item.due_on == day
    assert ChecklistItem.objects.get(kind=Kind.VACCINATION).note_en == "Hepatitis A"
    trail = Transition.objects.get(field="due_on")
    assert (trail.to_state, trail.by) == (day.isoformat(), staff)


def test_the_second_of_two_who_change_a_checklist_is_told(client: Client):
    opening = with_checklist(opening_in(90))
    signed_in_as(client, "volunteer_coordinator")
    path = board(opening, "_checklist", opening.pk)
    mine, theirs = client.get(path), client.get(path)
    client.post(path, filled(theirs, **{"insurance-note_en": "Theirs"}))

    response = client.post(path, filled(mine, **{"insurance-note_en": "Mine"}))

    assert response.status_code == 200
    assert ChecklistItem.objects.get(kind=Kind.INSURANCE).note_en == "Theirs"
    assert filled(response)["insurance-note_en"] == ["Mine"]
    client.post(path, filled(response))
    assert ChecklistItem.objects.get(kind=Kind.INSURANCE).note_en == "Mine"


@pytest.mark.parametrize("day", ["", "yesterday", "2026-02-30", "9999-01-01"])
def test_a_day_that_cannot_be_is_refused_and_nothing_is_changed(client: Client, day: str):
    opening = with_checklist(opening_in(90))
    before = list(opening.checklist.values_list("kind", "due_on"))
    signed_in_as(client, "volunteer_coordinator")
    path = board(opening, "_checklist", opening.pk)

    changes = {"passport-due_on": day, "insurance-note_en": "New"}
    response = client.post(path, filled(client.get(path), **changes))

    assert response.status_code == 200
    assert list(opening.checklist.values_list("kind", "due_on")) == before
    assert not ChecklistItem.objects.filter(note_en="New").exists()
