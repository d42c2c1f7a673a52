"""The history of a record: who changed what and when, in words."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from oda_portal.publishing import histories
from oda_portal.publishing.admin_history import HistoryMixin
from programs.models import Photo, Program
from tests import factories
from tests.admin.forms import filled
from tests.doors import sign_in_staff

pytestmark = pytest.mark.django_db


def history_of(client: Client, program: Program, language: str = "ko") -> list[histories.Entry]:
    sign_in_staff(client, factories.StaffFactory())
    with translation.override(language):
        page = reverse("admin:programs_program_history", args=[program.pk])
    return client.get(page).context["entries"]


def test_history_names_the_person_the_language_and_both_texts(client: Client):
    sign_in_staff(client, factories.StaffFactory(name="김담당"))
    program = factories.ProgramFactory(title_en="Old title")
    page = reverse("admin:programs_program_change", args=[program.pk])

    client.post(page, filled(client.get(page), title_en="New title", kind="forum"))

    latest = history_of(client, program)[0]
    assert (latest.by, latest.act, latest.about) == ("김담당", "~", "")
    told = {change.before: change.after for change in latest.changes}
    assert told["Old title"] == "New title"
    with translation.override("ko"):
        labels = [change.field for change in latest.changes]
        assert any("English" in label for label in labels)
        assert str(Program._meta.get_field("kind").verbose_name) in [
            label.lower() for label in labels
        ]
    assert len(latest.changes) == 2


def test_history_tells_publishing_and_changes_of_inlines(client: Client):
    program = factories.ProgramFactory(status="draft")
    photo = factories.PhotoFactory(program=program, caption_ko="옛 설명")
    photo.caption_ko = "새 설명"
    photo.save()
    program.publish(by=None)
    photo.delete()

    entries = history_of(client, program)

    assert [entry.act for entry in entries] == ["-", "~", "~", "+", "+"]
    published, changed = entries[1], entries[2]
    assert [change.before for change in changed.changes] == ["옛 설명"]
    assert "새 설명" in changed.about
    assert len(published.changes) == 1


def test_history_tells_changes_of_links(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    health, port = factories.ThemeFactory(name_ko="보건"), factories.ThemeFactory(name_ko="항만")
    program = factories.ProgramFactory()
    program.themes.add(health)
    page = reverse("admin:programs_program_change", args=[program.pk])

    client.post(page, filled(client.get(page), themes=[port.pk, health.pk]))

    changes = [change for entry in history_of(client, program) for change in entry.changes]
    assert ("보건", "보건, 항만") in [(change.before, change.after) for change in changes]


@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
def test_history_shows_values_as_people_read_them(client: Client, language: str):
    program = factories.ProgramFactory(ours=True, starts_on=None, ends_on=None, body_ko="")
    program.ours, program.starts_on = False, "2026-11-20"
    program.body_ko = "<p>첫 문단</p><p>둘째</p>"
    program.save()

    changes = history_of(client, program, language)[0].changes

    after = [change.after for change in changes]
    with translation.override(language):
        assert translation.gettext("No") in after
        assert translation.gettext("(empty)") in [change.before for change in changes]
    assert "첫 문단 둘째" in after
    assert not {"True", "False", "None", "2026-11-20"} & set(after)


def test_long_texts_are_cut_to_what_changed():
    long = "가" * 500

    before, after = histories._around_difference(f"{long}하나{long}", f"{long}둘{long}")

    assert before == f"…{'가' * 40}하나{'가' * 40}…"
    assert after == f"…{'가' * 40}둘{'가' * 40}…"


@pytest.mark.thorough
def test_history_does_not_ask_more_for_more_changes(client: Client):
    program = factories.ProgramFactory()
    sign_in_staff(client, factories.StaffFactory())
    page = reverse("admin:programs_program_history", args=[program.pk])
    client.get(page)
    counts = []
    for total in (2, 30):
        while program.history.count() < total:
            program.title_ko = f"제목 {program.history.count()}"
            program.save()
        with CaptureQueriesContext(connection) as queries:
            client.get(page)
        counts.append(len(queries))

    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("prefix", "label"), [("", "쪽 이동"), ("/en", "Pages"), ("/zh-hans", "分页")]
)
def test_history_calls_its_parts_otherwise_than_the_pages_of_the_office(
    client: Client, prefix: str, label: str
):
    program = factories.ProgramFactory()
    for number in range(HistoryMixin.history_per_page):
        program.title_ko = f"제목 {number}"
        program.save()
    sign_in_staff(client, factories.StaffFactory())

    page = client.get(f"{prefix}/admin/programs/program/{program.pk}/history/").content.decode()

    assert f'<nav class="pages" aria-label="{label}">' in page


def test_history_survives_what_it_pointed_to(client: Client):
    program = factories.ProgramFactory()
    role = factories.RoleFactory(program=program)
    organisation = role.organisation
    role.delete()
    organisation.delete()

    assert history_of(client, program)[0].act == "-"


def test_history_is_for_those_who_may_see_the_record(client: Client):
    program = factories.ProgramFactory()
    page = reverse("admin:programs_program_history", args=[program.pk])
    staff = factories.StaffFactory(is_superuser=False)
    sign_in_staff(client, staff)
    assert client.get(page).status_code == 403

    staff.user_permissions.add(Permission.objects.get(codename="view_program"))
    assert client.get(page).status_code == 200


def test_history_has_only_those_inlines_that_the_reader_may_see(client: Client):
    program = factories.ProgramFactory()
    factories.PhotoFactory(program=program, caption_ko="비밀 사진")
    factories.RoleFactory(program=program)
    staff = factories.StaffFactory(is_superuser=False)
    seen = Permission.objects.filter(codename__in=["view_program", "change_role"])
    staff.user_permissions.add(*seen)
    sign_in_staff(client, staff)
    page = reverse("admin:programs_program_history", args=[program.pk])

    response = client.get(page)

    assert [entry.about.split(":")[0] for entry in response.context["entries"]] == ["역할", ""]
    assert "비밀 사진" not in response.content.decode()
    staff.user_permissions.add(Permission.objects.get(codename="view_photo"))
    assert "비밀 사진" in client.get(page).content.decode()


def test_old_versions_cannot_be_written_back_past_publishing():
    photo = Photo(pk=1)
    with pytest.raises(NoReverseMatch):
        reverse("admin:programs_program_simple_history", args=[photo.pk, 1])
