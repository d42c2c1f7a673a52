"""Calls, applications and stories of volunteers, for whoever works on some kinds of programme."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oda_portal.accounts.areas import is_theirs, limit, within
from oda_portal.accounts.models import User
from oda_portal.audit.models import record_transition
from oda_portal.reviews.admin.forms import possible_rounds
from tests import factories
from tests.accounts.test_areas import for_training_alone
from tests.mail.examples import a_mail
from tests.volunteers.departures import going, opening_in
from tests.volunteers.interviewed import invited
from tests.volunteers.leading import application_of, opening_of
from volunteers import interviews
from volunteers.models import (
    Application,
    Call,
    ChecklistItem,
    Opening,
    Readiness,
    ServiceRecord,
    StaffQuestion,
    Story,
    Volunteer,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(client: Client) -> User:
    return for_training_alone(client, "volunteer_coordinator")


def listed(client: Client, model: str) -> set[Any]:
    page = client.get(reverse(f"admin:volunteers_{model}_changelist"))
    return set(page.context["cl"].queryset)


def told(client: Client) -> dict[str, int]:
    reminders = client.get("/admin/").context["reminders"]
    return {one.url.partition("?")[2]: one.count for one in reminders}


def test_calls_of_other_kinds_are_not_there(client: Client, keeper: User):
    own, other, free = (opening_of(kind).call for kind in ("training", "volunteer", None))
    bare = factories.CallFactory()

    assert listed(client, "call") == {own, free, bare}
    assert [is_theirs(keeper, call) for call in (own, other, free, bare)] == [
        True, False, True, True,
    ]  # fmt: skip


def test_a_call_of_several_kinds_is_for_whoever_works_on_all_of_them(client: Client, keeper: User):
    call = opening_of("training").call
    opening_of(None, call=call)
    assert listed(client, "call") == {call}

    opening_of("volunteer", call=call)

    assert listed(client, "call") == set()
    limit(keeper, ["training", "volunteer"], by=factories.StaffFactory())
    assert listed(client, "call") == {call}


def test_a_call_that_is_not_stored_yet_is_theirs(keeper: User):
    keeper = User.objects.get(pk=keeper.pk)
    stored = opening_of("volunteer").call

    assert is_theirs(keeper, Call())
    assert is_theirs(keeper, Story(application=Application()))
    assert not is_theirs(keeper, Story(application=Application(call=stored)))


def test_what_hangs_on_a_call_goes_with_it(client: Client, keeper: User):
    rows = [application_of(kind) for kind in ("training", "volunteer", None)]
    stories = [factories.StoryFactory(application=row, status="draft") for row in rows]
    slots = [factories.InterviewSlotFactory(call=row.call) for row in rows]

    for model, made in (
        ("application", rows), ("volunteer", [row.volunteer for row in rows]),
        ("story", stories), ("interviewslot", slots),
    ):  # fmt: skip
        assert listed(client, model) == {made[0], made[2]}, model
    assert told(client)["agreed=yes&stage=draft"] == 2


def test_somebody_who_applied_to_another_kind_too_is_shown_by_their_application_alone(
    client: Client, keeper: User
):
    own, other = application_of("training"), application_of("volunteer")
    Application.objects.filter(pk=other.pk).update(volunteer=own.volunteer)
    joined, apart = application_of("training"), application_of("volunteer")
    Volunteer.objects.filter(pk=apart.volunteer_id).update(merged_into=joined.volunteer)

    assert listed(client, "application") == {own, joined}
    assert listed(client, "volunteer") == set()
    pages = [reverse("admin:volunteers_volunteer_change", args=[apart.volunteer_id])]
    pages.append(client.get(pages[0])["Location"])
    assert [client.get(page).status_code for page in pages] == [302, 404]


def test_two_rows_of_a_person_are_joined_by_whoever_works_on_all_kinds(
    client: Client, keeper: User
):
    person = application_of("training").volunteer
    page = reverse("admin:volunteers_volunteer_join", args=[person.pk, person.pk])

    assert client.get(page).status_code == 403
    keeper.work_areas.all().delete()
    assert client.get(page).status_code == 302


def test_the_sheet_of_a_day_has_interviews_of_these_kinds(client: Client, keeper: User):
    days, rows = reverse("admin:volunteers_interviewslot_day"), []
    for kind in ("training", "volunteer"):
        call = opening_of(kind, call__interview_choose_by=timezone.now()).call
        slot = factories.InterviewSlotFactory(call=call)
        interviews.put(invited(slot.call), slot, by=factories.StaffFactory(), reason="By phone")
        rows.append(slot)
    day = timezone.localdate(rows[0].starts_at).isoformat()

    found = client.get(days).context["days"]
    sheet = client.get(days, {"day": day}).context["rows"]

    assert [one["slots"] for one in found] == [1]
    assert [slot for slot, _people in sheet] == rows[:1]
    address = f"{reverse('admin:volunteers_interviewslot_export')}?day={day}"
    file = client.post(address, {"reason": "For the interviewers"}).getvalue().decode()
    assert [str(slot.call) in file for slot in rows] == [True, False]


def test_interviews_are_made_for_calls_of_these_kinds(client: Client, keeper: User):
    own, _other = (opening_of(kind).call for kind in ("training", "volunteer"))

    form = client.get(reverse("admin:volunteers_interviewslot_add")).context["form"]

    assert list(form.fields["call"].queryset) == [own]


def test_scoring_guides_are_made_for_rounds_of_these_kinds(keeper: User):
    own, _other = (opening_of(kind).call for kind in ("training", "volunteer"))

    assert list(possible_rounds(User.objects.get(pk=keeper.pk)).values()) == [own]


def test_the_first_page_counts_applications_of_these_kinds(client: Client, keeper: User):
    over = timezone.now() - timedelta(days=1)
    for kind in ("training", "volunteer", "volunteer"):
        row = application_of(kind, state="submitted")
        Call.objects.filter(pk=row.call_id).update(closes_at=over)
        StaffQuestion.objects.create(
            application=row, text="?", answer_by=timezone.localdate(), answered_at=timezone.now()
        )
    page = client.get("/admin/").context
    charts = {one.chart.name: one for one in page["charts"]}

    assert told(client)["waiting=review"] == 1
    assert told(client)["answers=new"] == 1
    assert [number for _label, number in charts["applications"].sums] == [1]


def test_the_calendar_of_the_desk_names_no_call_of_other_kinds(client: Client, keeper: User):
    calls = []
    for kind in ("training", "volunteer"):
        opening = opening_in(5, program=factories.ProgramFactory(kind=kind))
        going(opening)
        factories.InterviewSlotFactory(
            call=opening.call, starts_at=timezone.now() + timedelta(days=3)
        )
        calls.append(opening.call)

    page = client.get(reverse("admin:desk_planned")).context
    urls = "".join(entry.url for _day, entries in page["days"] for entry in entries)
    boards = [reverse("admin:volunteers_call_readiness", args=[call.pk]) for call in calls]

    assert [board in urls for board in boards] == [True, False]
    assert [f"call__id__exact={call.pk}" in urls for call in calls] == [True, False]
    changes = [reverse("admin:volunteers_call_change", args=[call.pk]) for call in calls]
    assert [page in urls for page in changes] == [True, False]


def test_the_trail_names_no_call_of_other_kinds(client: Client, keeper: User):
    for kind in ("training", "volunteer"):
        row = application_of(kind)
        opening = row.call.openings.get()
        service = ServiceRecord.objects.create(application=row)
        item = ChecklistItem.objects.create(
            opening=opening, kind="passport", due_on=timezone.localdate()
        )
        ready = Readiness.objects.create(application=row, item=item)
        for about in (row, row.call, row.volunteer, opening, service, item, ready):
            record_transition(about, "state", kind, "open", by=None)

    rows = client.get(reverse("admin:audit_transition_changelist")).context["cl"].queryset

    assert set(rows.values_list("from_state", flat=True)) & {"training", "volunteer"} == {
        "training"
    }


def test_mail_about_other_kinds_is_not_there(client: Client, keeper: User):
    told = {
        kind: a_mail(f"{kind}@example.org", about=application_of(kind))
        for kind in ("training", "volunteer")
    }
    plain = a_mail()

    found = client.get(reverse("admin:mail_message_changelist")).context["cl"].queryset
    page = reverse("admin:mail_message_change", args=[told["volunteer"].pk])

    assert set(found) == {told["training"], plain}
    assert client.get(page).status_code != 200
    assert client.post(f"{page}reveal/".replace("change/reveal", "reveal")).status_code != 200


def test_a_draft_for_another_kind_hides_nobody(client: Client, keeper: User):
    row = application_of("training")
    page = reverse("admin:volunteers_volunteer_change", args=[row.volunteer.pk])
    factories.ApplicationFactory(call=opening_of("volunteer").call, volunteer=row.volunteer)

    assert client.get(page).status_code == 200


def test_a_story_is_where_its_call_is(client: Client, keeper: User):
    mixed = opening_of("volunteer").call
    undecided = opening_of(None, call=mixed)
    row = factories.ApplicationFactory(
        call=mixed,
        opening=undecided,
        state="completed",
        receipt="LEADS-STORY",
        sent_at=timezone.now(),
    )
    factories.StoryFactory(application=row, status="draft")

    assert listed(client, "story") == set()


def test_rows_of_nobody_limited_are_asked_for_as_before(keeper: User):
    boss = factories.StaffFactory()

    for model in (Call, Application, Volunteer, Story, Opening):
        assert not within(boss, model)
