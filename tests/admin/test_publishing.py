"""Saving, publishing and taking down in the back office."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from oda_portal.audit.models import Transition
from oda_portal.pages.models import Page
from oda_portal.publishing.models import Status
from oda_portal.publishing.stages import Stage, in_stage, stage_of
from programs.models import Program
from tests import factories
from tests.admin.forms import filled, publish
from tests.doors import sign_in_staff

pytestmark = pytest.mark.django_db


def a_draft(**fields: object) -> Program:
    return factories.ProgramFactory(status=Status.DRAFT, **fields)


def change(program: Program) -> str:
    return reverse("admin:programs_program_change", args=[program.pk])


def test_save_keeps_a_draft_a_draft(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    program = a_draft()

    client.post(change(program), filled(client.get(change(program)), title_ko="새 제목", _save=""))

    program.refresh_from_db()
    assert (program.title_ko, program.status) == ("새 제목", Status.DRAFT)
    assert not Transition.objects.exists()


def test_save_and_publish_saves_publishes_and_says_where(client: Client):
    staff = factories.StaffFactory()
    sign_in_staff(client, staff)
    program = a_draft()

    response = publish(client, change(program), title_ko="새 제목")

    program.refresh_from_db()
    assert (program.title_ko, program.status) == ("새 제목", Status.PUBLISHED)
    transition = Transition.objects.get()
    assert (transition.from_state, transition.to_state, transition.by) == (
        Status.DRAFT, Status.PUBLISHED, staff,
    )  # fmt: skip
    assert f'href="{program.get_absolute_url()}"' in response.content.decode()


def test_publishing_twice_is_once(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    program = a_draft()

    page = reverse("admin:programs_program_publish", args=[program.pk])
    shown = filled(client.get(page))

    for _time in range(2):
        client.post(page, shown)

    assert Transition.objects.count() == 1


def test_status_is_no_field_of_the_form(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    program = a_draft()

    client.post(change(program), filled(client.get(change(program)), status="published", _save=""))

    program.refresh_from_db()
    assert program.status == Status.DRAFT


def test_a_new_programme_is_published_at_once(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    add = reverse("admin:programs_program_add") + "?kind=training"
    texts = {"title_ko": "항만 연수", "summary_ko": "요약", "title_en": "Port training course"}

    publish(client, add, arrangement="own", **texts)

    program = Program.objects.get()
    assert (program.code, program.kind) == ("port-training-course", "training")
    assert client.get(program.get_absolute_url()).status_code == 200


def test_taking_down_asks_why_and_needs_no_valid_form(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    # No text at all: nobody could save it.
    program = factories.ProgramFactory(title_ko="", summary_ko="")
    page = reverse("admin:programs_program_take_down", args=[program.pk])
    assert page in client.get(change(program)).content.decode()

    shown = filled(client.get(page), reason="사진 속 사람이 원함")
    program.refresh_from_db()
    assert program.status == Status.PUBLISHED
    for _time in range(2):
        client.post(page, shown)

    program.refresh_from_db()
    assert program.status == Status.WITHDRAWN
    assert [row.reason for row in Transition.objects.all()] == ["사진 속 사람이 원함"]
    assert client.get(program.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [
        ("publish_selected", Status.DRAFT, Status.PUBLISHED),
        ("take_down_selected", Status.PUBLISHED, Status.WITHDRAWN),
    ],
)
def test_list_actions_ask_with_the_count_and_then_act(
    client: Client, action: str, before: str, after: str
):
    sign_in_staff(client, factories.StaffFactory())
    chosen = factories.ProgramFactory.create_batch(2, status=before)
    other = factories.ProgramFactory(status=before)
    page = reverse("admin:programs_program_changelist")
    choice = {"action": action, "_selected_action": [row.pk for row in chosen], "index": "0"}

    asked = client.post(page, choice)
    assert asked.status_code == 200
    assert len(asked.context["rows"]) == 2
    assert set(Program.objects.values_list("status", flat=True)) == {before}
    client.post(page, filled(asked, index=[]))

    statuses = Program.objects.in_bulk()
    assert [statuses[row.pk].status for row in chosen] == [after, after]
    assert statuses[other.pk].status == before
    assert Transition.objects.count() == 2


def test_staff_who_may_only_look_cannot_publish(client: Client):
    staff = factories.StaffFactory(is_superuser=False)
    staff.user_permissions.add(Permission.objects.get(codename="view_program"))
    sign_in_staff(client, staff)
    program = a_draft()
    page = reverse("admin:programs_program_changelist")

    assert client.get(change(program)).status_code == 200
    assert "_publish" not in client.get(change(program)).content.decode()
    assert client.post(change(program), {"_publish": ""}).status_code == 403
    take_down = reverse("admin:programs_program_take_down", args=[program.pk])
    assert client.post(take_down, {}).status_code == 403
    client.post(page, {"action": "publish_selected", "_selected_action": program.pk, "sure": "yes"})

    program.refresh_from_db()
    assert program.status == Status.DRAFT


def test_staff_who_may_only_add_cannot_publish(client: Client):
    staff = factories.StaffFactory(is_superuser=False)
    staff.user_permissions.add(*Permission.objects.filter(codename__in=["add_page", "view_page"]))
    sign_in_staff(client, staff)
    add = reverse("admin:pages_page_add")

    client.post(add, filled(client.get(add), title_ko="안내", body_ko="<p>글</p>", _publish=""))

    assert Page.objects.get().status == Status.DRAFT


def test_stages_of_rows_and_of_lists_agree():
    now = timezone.now()
    earlier, later = now - timedelta(days=1), now + timedelta(days=1)
    expected = {
        a_draft().pk: Stage.DRAFT,
        factories.ProgramFactory(status=Status.WITHDRAWN).pk: Stage.WITHDRAWN,
        factories.ProgramFactory().pk: Stage.PUBLIC,
        factories.ProgramFactory(publish_at=earlier, expire_at=later).pk: Stage.PUBLIC,
        factories.ProgramFactory(publish_at=later).pk: Stage.SCHEDULED,
        factories.ProgramFactory(expire_at=earlier).pk: Stage.EXPIRED,
        factories.ProgramFactory(publish_at=later, expire_at=earlier).pk: Stage.EXPIRED,
    }

    for row in Program.objects.all():
        assert stage_of(row, now) == expected[row.pk]
    for stage in Stage:
        found = set(in_stage(Program.objects.all(), stage, now).values_list("pk", flat=True))
        assert found == {pk for pk, its in expected.items() if its == stage}


@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
def test_the_form_says_when_it_will_be_published(client: Client, language: str):
    sign_in_staff(client, factories.StaffFactory())
    program = factories.ProgramFactory(publish_at="2090-05-01T00:00:00Z")
    with translation.override(language):
        page = client.get(change(program))

    assert page.context["stage"] == Stage.SCHEDULED
    assert "2090" in page.context["stage_sentence"]
    assert not page.context.get("has_absolute_url")
