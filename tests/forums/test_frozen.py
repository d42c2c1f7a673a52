"""A closed edition is part of the record: it is read, and put right in public."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forums.freezing import FrozenError, freeze, require_open
from forums.models import Correction, Forum, ForumSession, Material, Speaker
from forums.programme.actions import cancel_session
from oda_portal.accounts.roles import set_up_roles
from oda_portal.audit.models import Transition
from partners.models import Suggestion
from partners.network.suggesting.actions import approve, shown_to_staff
from programs.models import Program
from tests.accounts.test_roles import member
from tests.admin.forms import confirm, filled
from tests.doors import sign_in_staff
from tests.factories import (
    AppearanceFactory,
    ForumFactory,
    MaterialFactory,
    MembershipFactory,
    OfficeFactory,
    PhotoFactory,
    ProgramFactory,
    RoleFactory,
    RoomFactory,
    RunFactory,
    SpeakerFactory,
    StaffFactory,
)
from tests.forums.editions import a_session, an_edition, at, read, words

pytestmark = pytest.mark.django_db

TEXTS = {
    "correction_ko": "좌장의 이름을 바로잡았습니다.",
    "correction_en": "The moderator’s name was put right.",
    "correction_zh_hans": "更正了主持人姓名。",
}


def a_closed_edition() -> Forum:
    forum = an_edition()
    forum.freeze(by=StaffFactory())
    return forum


@pytest.fixture
def staff(client: Client) -> Client:
    OfficeFactory()
    sign_in_staff(client, StaffFactory())
    return client


def change(row: Any) -> str:
    label = f"{row._meta.app_label}_{row._meta.model_name}"
    return reverse(f"admin:{label}_change", args=[row.pk])


def correct(client: Client, page: str, **values: Any) -> HttpResponse:
    page = f"{page}?correct=1"
    return client.post(page, filled(client.get(page), **values, _save="1"), follow=True)


def past() -> Forum:
    on = timezone.localdate() - timedelta(days=3)
    return ForumFactory(program=ProgramFactory(kind="forum", starts_on=on, ends_on=on))


def test_edition_is_closed_once_and_by_one(staff: Client):
    forum = past()
    page = reverse("admin:forums_forum_freeze", args=[forum.pk])

    assert staff.get(page).status_code == 200
    forum.refresh_from_db()
    assert not forum.is_frozen  # looking does nothing
    staff.post(page)
    forum.refresh_from_db()
    first = forum.frozen_at
    staff.post(page)

    forum.refresh_from_db()
    assert first is not None
    assert forum.frozen_at == first
    assert Transition.objects.filter(object_id=forum.pk, to_state="frozen").count() == 1


def test_edition_that_is_not_over_is_not_closed():
    on = timezone.localdate()
    today = ForumFactory(program=ProgramFactory(kind="forum", starts_on=on, ends_on=on))
    unknown = ForumFactory(program=ProgramFactory(kind="forum", starts_on=None, ends_on=None))

    for forum in (today, unknown):
        with pytest.raises(FrozenError):
            freeze(forum, by=StaffFactory())
        forum.refresh_from_db()
        assert not forum.is_frozen


def test_cancelled_edition_can_be_closed():
    on = timezone.localdate() + timedelta(days=3)
    program = ProgramFactory(kind="forum", starts_on=on, ends_on=on, cancelled_at=timezone.now())

    assert freeze(ForumFactory(program=program), by=StaffFactory())


def test_act_on_a_closed_edition_is_refused():
    forum = an_edition()
    session = a_session(forum, at(10), at(11))
    require_open(forum)
    # Closed by somebody else, of which the row in hand knows nothing.
    Forum.objects.get(pk=forum.pk).freeze(by=StaffFactory())

    with pytest.raises(FrozenError):
        cancel_session(session, by=StaffFactory())

    session.refresh_from_db()
    assert not session.is_cancelled


def closed_rows() -> list[Any]:
    forum = an_edition()
    session = a_session(forum, at(10), at(11))
    speaker = AppearanceFactory(session=session).speaker
    run = RunFactory(program=forum.program)
    forum.freeze(by=StaffFactory())
    return [forum, forum.program, run, session, speaker]


def test_everything_of_a_closed_edition_is_read_only_in_the_back_office(staff: Client):
    for row in closed_rows():
        page = change(row)
        shown = staff.get(page)

        assert shown.status_code == 200
        assert not shown.context["has_change_permission"], row
        assert staff.post(page, {"_save": "1"}).status_code == 403
        delete = page.replace("/change/", "/delete/")
        assert staff.post(delete, {"post": "yes"}).status_code == 403
        assert f"{page}?correct=1" in shown.content.decode()


def test_row_of_an_open_edition_can_be_changed(staff: Client):
    for row in (ForumFactory(), SpeakerFactory(), a_session(an_edition(), at(10), at(11))):
        shown = staff.get(change(row))

        assert shown.context["has_change_permission"]
        assert "?correct=1" not in shown.content.decode()


@pytest.mark.parametrize("role", ["translator_ko", "translator_en", "translator_zh_hans"])
def test_translator_changes_nothing_of_a_closed_edition(client: Client, role: str):
    OfficeFactory()
    set_up_roles()
    rows = closed_rows()
    sign_in_staff(client, member(role))
    for row in rows:
        page = f"{change(row)}?correct=1"
        shown = client.get(page)

        answer = client.post(page, filled(shown, **TEXTS, name_en="Another", _save="1"))

        assert shown.status_code == 200
        assert not shown.context["has_change_permission"], row
        assert not shown.context["acts"]
        assert answer.status_code == 403
    assert Speaker.objects.get().name_en != "Another"
    assert not Correction.objects.exists()


def add_a_session(client: Client, forum: Forum, query: str = "", **values: Any) -> HttpResponse:
    page = f"{reverse('admin:forums_forumsession_add')}?forum={forum.pk}{query}"
    row = {
        "forum": forum.pk, "title_ko": "뒤늦은 세션",
        "starts_at_0": "2026-11-20", "starts_at_1": "10:00",
        "ends_at_0": "2026-11-20", "ends_at_1": "11:00",
    }  # fmt: skip
    return client.post(page, filled(client.get(page), **row, **values, _save="1"))


def test_session_is_not_added_to_a_closed_edition(staff: Client):
    forum = a_closed_edition()

    response = add_a_session(staff, forum)

    assert "forum" in response.context["adminform"].form.errors
    assert not ForumSession.objects.exists()


def test_session_is_added_to_a_closed_edition_with_a_correction(staff: Client):
    forum = a_closed_edition()
    page = f"{reverse('admin:forums_forumsession_add')}?forum={forum.pk}&correct=1"
    assert page.replace("&", "&amp;") in staff.get(change(forum)).content.decode()

    refused = add_a_session(staff, forum, "&correct=1", **{**TEXTS, "correction_en": ""})
    assert "correction_en" in refused.context["adminform"].form.errors
    assert not ForumSession.objects.exists()
    add_a_session(staff, forum, "&correct=1", **TEXTS)

    assert ForumSession.objects.get().forum == forum
    assert forum.corrections.get().text_ko == TEXTS["correction_ko"]
    assert TEXTS["correction_en"] in words(read(Client(), "/en/forums/busan/"))


def test_session_of_an_open_edition_is_not_added_as_a_correction(staff: Client):
    forum = an_edition()

    response = add_a_session(staff, forum, "&correct=1", **TEXTS)

    assert "forum" in response.context["adminform"].form.errors
    assert not ForumSession.objects.exists()


def test_row_is_not_put_into_a_closed_edition_in_silence(staff: Client):
    forum = a_closed_edition()
    run = RunFactory()
    add = reverse("admin:programs_run_add")

    added = staff.post(add, filled(staff.get(add), program=forum.program_id, number=1, _save="1"))
    page = change(run)
    moved = staff.post(page, filled(staff.get(page), program=forum.program_id, _save="1"))

    assert (added.status_code, moved.status_code) == (403, 403)
    assert not forum.program.runs.exists()


def test_correction_changes_the_record_and_is_read_by_everybody(staff: Client):
    forum = an_edition()
    session = a_session(forum, at(10), at(11), "Wrong")
    forum.freeze(by=StaffFactory())

    correct(staff, change(session), **TEXTS, title_en="Right")

    session.refresh_from_db()
    assert session.title_en == "Right"
    log = Correction.objects.get()
    assert (log.forum, log.text_ko) == (forum, TEXTS["correction_ko"])
    assert log.by is not None
    for prefix, column in (("", "ko"), ("/en", "en"), ("/zh-hans", "zh_hans")):
        shown = words(read(Client(), f"{prefix}/forums/busan/"))
        assert TEXTS[f"correction_{column}"] in shown
    assert "Right" in words(read(Client(), "/en/forums/busan/"))


@pytest.mark.parametrize("missing", TEXTS)
def test_correction_is_told_in_every_language_or_nothing_changes(staff: Client, missing: str):
    forum = an_edition()
    session = a_session(forum, at(10), at(11), "Wrong")
    forum.freeze(by=StaffFactory())

    response = correct(staff, change(session), **{**TEXTS, missing: ""}, title_en="Right")

    session.refresh_from_db()
    assert session.title_en == "Wrong"
    assert not Correction.objects.exists()
    assert missing in response.context["adminform"].form.errors


def test_programme_of_a_closed_edition_is_corrected_on_the_edition_and_on_its_own_page(
    staff: Client,
):
    forum = a_closed_edition()

    correct(staff, change(forum), **TEXTS, **{"event-venue_en": "BEXCO"})
    correct(staff, change(forum.program), **TEXTS, summary_en="In short")

    program = Program.objects.get(pk=forum.program_id)
    assert (program.venue_en, program.summary_en) == ("BEXCO", "In short")
    assert forum.corrections.count() == 2


def test_paper_is_added_to_a_closed_edition_with_a_correction(staff: Client):
    forum = a_closed_edition()
    row = {
        "materials-TOTAL_FORMS": 1, "materials-0-kind": "recording", "materials-0-position": 0,
        "materials-0-title_ko": "영상", "materials-0-url": "https://example.org/film",
    }  # fmt: skip

    correct(staff, change(forum), **TEXTS, **row)

    assert Material.objects.get(forum=forum).url == "https://example.org/film"
    assert forum.corrections.count() == 1


def test_speaker_of_two_closed_editions_is_put_right_in_both_logs(staff: Client):
    speaker = SpeakerFactory()
    editions = [an_edition(), ForumFactory()]
    for forum in editions:
        AppearanceFactory(session=a_session(forum, at(10), at(11)), speaker=speaker)
        forum.freeze(by=StaffFactory())

    correct(staff, change(speaker), **TEXTS, name_en="Kim Bada")

    assert Speaker.objects.get().name_en == "Kim Bada"
    assert {log.forum for log in Correction.objects.all()} == set(editions)


def test_correction_needs_the_right_to_change_the_record(client: Client):
    OfficeFactory()
    set_up_roles()
    forum = a_closed_edition()
    for role in ("translator_en", "network_manager", "volunteer_coordinator"):
        sign_in_staff(client, member(role))
        page = f"{change(forum.program)}?correct=1"

        answer = client.post(page, {**TEXTS, "title_en": "Another", "_save": "1"})

        assert answer.status_code == 403 or not Correction.objects.exists()
        forum.program.refresh_from_db()
        assert forum.program.title_en != "Another"
    assert not Correction.objects.exists()


def test_asking_to_correct_what_is_open_writes_no_log(staff: Client):
    forum = an_edition()

    correct(staff, change(forum), theme_en="A new theme")

    forum.refresh_from_db()
    assert forum.theme_en == "A new theme"
    assert not Correction.objects.exists()


def test_closed_edition_can_be_taken_down(staff: Client):
    forum = a_closed_edition()

    confirm(staff, reverse("admin:forums_forum_take_down", args=[forum.pk]), reason="저작권")

    assert Client().get("/forums/busan/").status_code == 404


def test_page_of_a_closed_edition_says_so(client: Client):
    a_closed_edition()

    assert "Nothing has been corrected." in words(read(client, "/en/forums/busan/"))


def test_picture_and_paper_of_a_closed_edition_are_shown_to_staff(staff: Client):
    forum = an_edition()
    MaterialFactory(forum=forum, title_ko="발표문")
    PhotoFactory(program=forum.program, caption_ko="단체 사진")
    RoomFactory(forum=forum, name_ko="대회의실")
    forum.freeze(by=StaffFactory())

    shown = staff.get(change(forum)).content.decode()

    for text in ("발표문", "단체 사진", "대회의실", forum.program.title_ko):
        assert text in shown


def test_suggested_text_is_not_put_into_a_closed_edition():
    forum = a_closed_edition()
    role = RoleFactory(program=forum.program)
    suggestion = Suggestion.objects.create(
        subject=forum.program,
        organisation=role.organisation,
        by=MembershipFactory().user,
        language="en",
        wanted={"title_en": "Another"},
        was={"title_en": forum.program.title_en},
    )

    with pytest.raises(ValidationError):
        approve(suggestion, by=StaffFactory(), shown=shown_to_staff(suggestion))

    forum.program.refresh_from_db()
    assert forum.program.title_en != "Another"
