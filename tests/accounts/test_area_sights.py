"""What whoever works on some kinds of programme is told of the others: no number and no name."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forums.doors.certificates import KIND
from oda_portal.accounts.areas import limit
from oda_portal.accounts.models import User
from oda_portal.certificates import actions
from oda_portal.mail.models import Message
from oda_portal.translating.models import TranslationState
from oda_portal.translating.reminders import tell
from oda_portal.translating.states import after_saving, texts_of
from programs.models import Program
from tests import factories
from tests.accounts.test_areas import member
from tests.doors import sign_in_staff
from tests.forums.registering import open_forum, registered
from tests.forums.test_certificates import attended

pytestmark = pytest.mark.django_db

DOORS = ("network", "forum")


@pytest.fixture
def keeper(client: Client) -> User:
    """Of forums, yet of the network alone; signed in."""
    factories.OfficeFactory()
    keeper = member("forum_manager", "network_manager", "editor")
    limit(keeper, ["network"], by=factories.StaffFactory())
    sign_in_staff(client, keeper)
    return keeper


def start(client: Client) -> Any:
    return client.get("/admin/").context


def test_the_calendar_of_the_desk_names_no_edition_of_other_kinds(client: Client, keeper: User):
    own, other = open_forum(in_days=5, kind="network"), open_forum(in_days=5)
    page = reverse("admin:desk_planned")

    found = {entry.url for _day, entries in client.get(page).context["days"] for entry in entries}

    assert reverse("admin:forums_forum_change", args=[own.pk]) in found
    assert reverse("admin:forums_forum_change", args=[other.pk]) not in found


def registrations(client: Client) -> list[int]:
    charts = {one.chart.name: one for one in start(client)["charts"]}
    return [number for _label, number in charts["registrations"].sums]


def test_the_chart_counts_registrations_of_these_kinds(client: Client, keeper: User):
    factories.RegistrationFactory(forum=open_forum(kind="network"))
    for _number in range(2):
        factories.RegistrationFactory(forum=open_forum())
    boss = Client()
    sign_in_staff(boss, factories.StaffFactory())

    assert (registrations(client), registrations(boss), registrations(client)) == ([1], [3], [1])


def test_speakers_of_other_kinds_are_not_counted(client: Client, keeper: User):
    values = {"state": "confirmed", "sent_at": timezone.now()}
    for kind in ("network", "forum", "forum"):
        factories.SubmissionFactory(forum=open_forum(kind=kind), **values)
    listed = reverse("admin:forums_submission_changelist") + "?programme=wanted"

    told = {one.url: one.count for one in start(client)["reminders"]}

    assert told[listed] == client.get(listed).context["cl"].queryset.count() == 1


def test_reviews_of_papers_for_other_kinds_are_not_there(client: Client, keeper: User):
    answers, rows = [], {"rubric": [], "review": []}
    for kind in ("network", "forum"):
        forum = open_forum(kind=kind)
        rubric = factories.RubricFactory(round=forum)
        paper = factories.SubmissionFactory(forum=forum, state="submitted", sent_at=timezone.now())
        review = factories.ReviewFactory(rubric=rubric, subject=paper)
        for name, row in (("rubric", rubric), ("review", review)):
            rows[name].append(row)
            page = reverse(f"admin:reviews_{name}_change", args=[row.pk])
            answers.append(client.get(page).status_code)
    listed = {
        name: set(client.get(reverse(f"admin:reviews_{name}_changelist")).context["cl"].queryset)
        for name in rows
    }
    planned = client.get(reverse("admin:desk_planned")).content.decode()

    assert listed == {name: {own} for name, (own, _other) in rows.items()}
    assert answers == [200, 200, 302, 302]
    own, other = rows["rubric"]
    assert str(own) in planned
    assert str(other) not in planned


@pytest.mark.parametrize("page", ["places", "tell", "cancel", "line"])
def test_nothing_is_done_about_registrations_of_other_kinds(
    client: Client, keeper: User, page: str
):
    answers = []
    for kind in ("network", "forum"):
        registration = registered(open_forum(1, kind=kind), "one@example.org")
        if page == "line":
            registration = registered(registration.forum, "two@example.org")
        row = registration if page in ("cancel", "line") else registration.forum
        address = reverse(f"admin:forums_registration_{page}", args=[row.pk])
        answers.append(client.get(address).status_code)

    assert answers == [200, 404]


def test_the_door_of_other_kinds_is_not_there(client: Client, keeper: User):
    own, other = (registered(open_forum(kind=kind), "one@example.org") for kind in DOORS)

    listed = client.get(reverse("forums:check_in_list")).context

    assert [*listed["today"], *listed["others"]] == [own.forum]
    for name in ("door", "count", "print"):
        pages = [reverse(f"forums:check_in_{name}", args=[row.forum.slug]) for row in (own, other)]
        assert [client.get(page).status_code for page in pages] == [200, 404], name
    for name in ("ticket", "undo"):
        page = reverse(f"forums:check_in_{name}", args=[other.forum.slug, other.number])
        assert client.get(page).status_code == 404, name


def test_the_door_says_of_a_number_for_which_event_it_is_to_whoever_may_know(
    client: Client, keeper: User
):
    here, there, other = (
        registered(open_forum(kind=kind), f"{number}@example.org")
        for number, kind in enumerate(("network", *DOORS))
    )
    door = reverse("forums:check_in_door", args=[here.forum.slug])
    typed = {"people": "", "key": uuid4().hex}

    said = [
        client.post(f"/en{door}", typed | {"number": row.number}).context["form"].errors["number"]
        for row in (there, other)
    ]

    assert "another event" in said[0][0]
    assert "no registration with this number" in said[1][0]
    page = reverse("forums:check_in_ticket", args=[other.forum.slug, here.number])
    assert client.get(page).context["forum"] is None


def retitled(program: Program) -> None:
    before = texts_of(program)
    program.title_ko = "새 제목"
    program.save()
    after_saving(before, program, by=None)


def test_the_weekly_list_of_translations_counts_these_kinds(client: Client):
    factories.OfficeFactory()
    translator = member("translator_en")
    limit(translator, ["training"], by=factories.StaffFactory())
    for kind in ("training", "forum", "forum"):
        retitled(factories.ProgramFactory(kind=kind))

    tell()

    assert Message.objects.get(kind="translations_due").context["outdated"] == "1"


@pytest.mark.parametrize("page", ["change", "history"])
def test_a_text_of_another_kind_is_not_there(client: Client, keeper: User, page: str):
    answers = []
    for kind in ("network", "forum"):
        program = factories.ProgramFactory(kind=kind)
        retitled(program)
        state = TranslationState.objects.filter(object_id=program.pk).first()
        address = reverse(f"admin:translating_translationstate_{page}", args=[state.pk])
        answers.append(client.get(address).status_code)

    assert answers == [302, 404]


def test_a_proposal_names_no_programme_of_another_kind(client: Client, keeper: User):
    for kind in ("network", "forum"):
        program = factories.ProgramFactory(kind=kind, code=f"hidden-{kind}")
        factories.ProposalFactory(state="adopted", program=program)
    pages = [reverse("admin:programs_proposal_changelist")]
    pages += [
        reverse("admin:programs_proposal_change", args=[row.pk])
        for row in client.get(pages[0]).context["cl"].queryset
    ]

    shown = "".join(client.get(page).content.decode() for page in pages)

    assert "hidden-network" in shown
    assert "hidden-forum" not in shown


@pytest.mark.every_case
@pytest.mark.parametrize("model", ["certificate", "batch"])
def test_certificates_of_another_kind_are_not_there(client: Client, keeper: User, model: str):
    made = []
    for kind in ("network", "forum"):
        there = attended()
        Program.objects.filter(pk=there.forum.program_id).update(kind=kind)
        if model == "batch":
            made.append(actions.start_batch(KIND, [there], by=factories.StaffFactory()))
        else:
            made.append(actions.issue(KIND, there, by=factories.StaffFactory()))
    own, other = made

    listed = client.get(reverse(f"admin:certificates_{model}_changelist")).context["cl"].queryset
    pages = [reverse(f"admin:certificates_{model}_change", args=[row.pk]) for row in made]

    assert list(listed) == [own]
    assert [client.get(page).status_code for page in pages] == [200, 404]
    if model == "certificate":
        files = [reverse("certificates:certificate_pdf", args=[row.code]) for row in made]
        assert [client.get(page).status_code for page in files] == [200, 404]
    assert other.kind == own.kind
