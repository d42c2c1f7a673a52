"""What is closed, or is not theirs, stays as it is by every way that has no form."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oda_portal.accounts.areas import limit
from oda_portal.jobs import tasks
from oda_portal.jobs.models import Job
from oda_portal.publishing import bulk
from oda_portal.publishing.histories import in_address
from oda_portal.publishing.models import Status
from programs.models import Program
from tests import factories
from tests.accounts.test_roles import member
from tests.admin.forms import filled
from tests.doors import sign_in_staff
from tests.forums.editions import an_edition

pytestmark = pytest.mark.django_db
LIST = "admin:programs_program_changelist"


@pytest.fixture
def editor(client: Client) -> Client:
    factories.OfficeFactory()
    sign_in_staff(client, member("editor"))
    return client


def a_closed_programme(**fields: Any) -> Program:
    forum = an_edition()
    Program.objects.filter(pk=forum.program_id).update(**fields)
    forum.freeze(by=factories.StaffFactory())
    return Program.objects.get(pk=forum.program_id)


def page_of(row: Any, page: str, *more: object) -> str:
    return reverse(f"admin:programs_{row._meta.model_name}_{page}", args=[row.pk, *more])


def changed(row: Any, **values: Any) -> int:
    """The record with other values since; the moment when it had its own, as addresses say it."""
    row.save()
    row.history.update(history_date=timezone.now() - timedelta(days=1))
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return in_address(timezone.now() - timedelta(hours=1))


def restore(client: Client, row: Any, moment: int) -> Any:
    page = page_of(row, "restore", moment)
    return client.post(page, {"shown": client.get(page).context["plan"].stamp})


def choose(client: Client, act: str, rows: list[Any], **form: Any) -> Any:
    """Asked first, then confirmed as it was shown, if there is something to confirm."""
    chosen = {"action": act, "_selected_action": [row.pk for row in rows]}
    asked = client.post(reverse(LIST), chosen)
    sent = filled(asked) if asked.context else {}
    return client.post(reverse(LIST), {**sent, **chosen, "sure": "yes", **form}, follow=True)


@pytest.mark.parametrize("query", ["", "?correct=1"])
def test_what_is_closed_is_corrected_in_its_form_and_nowhere_else(editor: Client, query: str):
    forum = an_edition()
    moment = changed(forum.program, summary_ko="새 요약")
    forum.freeze(by=factories.StaffFactory())
    program = forum.program

    for page in (
        page_of(program, "restore", moment),
        page_of(program, "translate", "en"),
        page_of(program, "still_right"),
        page_of(program, "take_down"),
    ):
        for answer in (editor.get(f"{page}{query}"), editor.post(f"{page}{query}", {"x": "1"})):
            assert answer.status_code in (403, 405), page
    form = editor.get(page_of(program, "change") + query)
    assert form.context["has_change_permission"] == bool(query)


def test_many_leave_what_is_closed_and_name_it(editor: Client):
    closed, other = a_closed_programme(title_ko="닫힌 포럼"), factories.ProgramFactory()
    department = factories.DepartmentFactory()

    told = choose(editor, "change_selected", [closed, other], department=department.pk)
    assert "닫힌 포럼" in " ".join(map(str, told.context["messages"]))
    assert list(Program.objects.filter(department=department)) == [other]
    choose(editor, "take_down_selected", [closed, other], reason="잘못")
    assert list(Program.objects.filter(status=Status.WITHDRAWN)) == [other]
    told = choose(editor, "take_down_selected", [closed], reason="잘못")
    assert "닫힌 포럼" in " ".join(map(str, told.context["messages"]))
    assert list(Program.objects.filter(status=Status.WITHDRAWN)) == [other]


@pytest.mark.parametrize("act", [bulk.TAKE_DOWN, bulk.CHANGE])
def test_so_does_the_work_in_the_background(act: str):
    closed, other, foreign = (
        a_closed_programme(),
        factories.ProgramFactory(kind="forum"),
        factories.ProgramFactory(kind="training"),
    )
    staff, department = member("editor"), factories.DepartmentFactory()
    limit(staff, ["forum"], by=factories.StaffFactory())
    values = {"reason": "잘못"} if act == bulk.TAKE_DOWN else {"department": department.pk}

    keys = [row.pk for row in (closed, other, foreign)]
    job = bulk.start(act, Program, keys, by=staff, title="x", values=values)
    tasks.work(job.pk)

    job.refresh_from_db()
    assert (job.state, job.done, job.failed) == (Job.State.FINISHED, 3, 2)
    assert {note.number for note in job.notes.all()} == {closed.pk, foreign.pk}
    touched = {"status": Status.WITHDRAWN} if "reason" in values else {"department": department}
    assert list(Program.objects.filter(**touched)) == [other]


def test_an_old_version_carries_nothing_to_where_the_person_may_not_work(client: Client):
    factories.OfficeFactory()
    own, other = (factories.ProgramFactory(kind=kind) for kind in ("training", "forum"))
    run = factories.RunFactory(program=other, number=7)
    of_run, of_kind = changed(run, program=own), changed(other, kind="training")
    staff = member("editor")
    limit(staff, ["training"], by=factories.StaffFactory())
    sign_in_staff(client, staff)
    Program.objects.filter(pk=other.pk).update(kind="forum")  # so that the run's is another's

    assert restore(client, run, of_run).context["refused"]
    Program.objects.filter(pk=other.pk).update(kind="training")
    assert restore(client, other, of_kind).context["refused"]

    run.refresh_from_db()
    other.refresh_from_db()
    assert (run.program, other.kind) == (own, "training")


def test_an_old_version_puts_nothing_into_what_is_closed(editor: Client):
    forum = an_edition()
    run = factories.RunFactory(program=forum.program, number=7)
    elsewhere = factories.ProgramFactory()
    moment = changed(run, program=elsewhere)
    forum.freeze(by=factories.StaffFactory())

    assert restore(editor, run, moment).context["refused"]

    run.refresh_from_db()
    assert run.program == elsewhere
