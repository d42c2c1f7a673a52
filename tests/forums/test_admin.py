"""An edition set up by staff in the browser, from nothing to the site."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urljoin

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from forums.models import Appearance, Forum, ForumSession, Material, Room, SessionLanguage
from oda_portal.accounts.roles import set_up_roles
from oda_portal.audit.models import Transition
from oda_portal.publishing.models import Status
from programs.models import Program, Role
from tests.accounts.test_roles import member
from tests.admin.forms import confirm, filled, publish
from tests.doors import sign_in_staff
from tests.factories import (
    AppearanceFactory,
    ForumFactory,
    MaterialFactory,
    OfficeFactory,
    OrganisationFactory,
    ProgramFactory,
    RegistrationFactory,
    RoleFactory,
    RoomFactory,
    SeriesFactory,
    SpeakerFactory,
    StaffFactory,
)
from tests.forums.editions import a_session, an_edition, at

pytestmark = pytest.mark.django_db

NEW = reverse("admin:forums_forum_add")
TEXTS = {
    "event-title_ko": "제8회 부산개발협력포럼",
    "event-title_en": "8th Busan Development Cooperation Forum",
    "event-title_zh_hans": "第8届釜山发展合作论坛",
    "event-summary_ko": "바다에서 만나는 개발협력",
    "theme_ko": "바다의 약속",
    "edition_label_ko": "제8회",
    "event-starts_on": "2026-12-03",
    "event-ends_on": "2026-12-04",
}


@pytest.fixture
def manager(client: Client) -> Client:
    """Signed in as forum manager, and nothing else."""
    OfficeFactory()
    set_up_roles()
    sign_in_staff(client, member("forum_manager"))
    return client


def change(row: Any) -> str:
    return reverse(f"admin:forums_{row._meta.model_name}_change", args=[row.pk])


def send(client: Client, page: str, **values: Any) -> HttpResponse:
    """The form of the page, filled in and sent; the page that comes then."""
    return client.post(page, filled(client.get(page), **values), follow=True)


def test_edition_is_set_up_from_nothing_and_published_in_one_act(manager: Client):
    series = SeriesFactory()

    publish(manager, NEW, **TEXTS, series=series.pk, places=300)

    forum = Forum.objects.get()
    program = forum.program
    assert (forum.slug, program.code) == ("8th-busan-development-cooperation-forum",) * 2
    assert (program.kind, program.arrangement, program.ours) == ("forum", "own", True)
    assert (program.starts_on, program.ends_on) == (date(2026, 12, 3), date(2026, 12, 4))
    assert (forum.theme_ko, forum.edition_label_ko) == ("바다의 약속", "제8회")
    assert forum.pool.capacity == 300
    assert program.title_zh_hans == "第8届釜山发展合作论坛"
    assert manager.get(f"/forums/{forum.slug}/").status_code == 200
    trail = Transition.objects.get(field="status", object_id=program.pk)
    assert (trail.from_state, trail.to_state) == ("draft", "published")


def test_edition_begins_with_the_rooms_and_the_organisers_of_another(manager: Client):
    other = ForumFactory()
    RoomFactory(forum=other, name_ko="대회의실", position=1)
    host = RoleFactory(program=other.program, kind="hosts").organisation
    RoleFactory(program=other.program, kind="takes_part")

    send(manager, NEW, **TEXTS, series=other.series.pk, like=other.pk, _save="1")

    forum = Forum.objects.latest("pk")
    assert [(room.name_ko, room.position) for room in forum.rooms.all()] == [("대회의실", 1)]
    roles = Role.objects.filter(program=forum.program)
    assert [(role.kind, role.organisation) for role in roles] == [("hosts", host)]
    assert other.rooms.count() == 1
    assert forum.program.status == Status.DRAFT


def test_edition_without_what_it_needs_says_so_and_keeps_what_was_written(manager: Client):
    wrong = {**TEXTS, "event-title_ko": "", "event-ends_on": "2026-12-01"}

    response = send(manager, NEW, **wrong, series="", _save="1")

    assert not Forum.objects.exists()
    assert not Program.objects.exists()
    form = response.context["adminform"].form
    assert set(form.errors) == {"event-title_ko", "series", "__all__"}
    assert "바다에서 만나는 개발협력" in response.content.decode()


def test_edition_gets_rooms_papers_and_organisations_on_its_own_page(manager: Client):
    forum, body = ForumFactory(), OrganisationFactory()
    rows = {
        "rooms-TOTAL_FORMS": 1, "rooms-0-name_ko": "소회의실", "rooms-0-position": 1,
        "materials-TOTAL_FORMS": 1, "materials-0-kind": "paper", "materials-0-position": 0,
        "materials-0-title_ko": "발표문", "materials-0-url": "https://example.org/paper.pdf",
        "roles-TOTAL_FORMS": 1, "roles-0-kind": "hosts", "roles-0-organisation": body.pk,
    }  # fmt: skip

    send(manager, change(forum), **rows, _save="1")

    assert Room.objects.get(forum=forum).name_ko == "소회의실"
    assert Material.objects.get(forum=forum).title_ko == "발표문"
    assert Role.objects.get(program=forum.program).organisation == body


def test_material_is_a_file_or_an_address(manager: Client):
    forum = ForumFactory()
    row = {"materials-TOTAL_FORMS": 1, "materials-0-kind": "paper", "materials-0-title_ko": "글"}

    response = send(manager, change(forum), **row, **{"materials-0-position": 0}, _save="1")

    assert not Material.objects.exists()
    assert "파일" in response.content.decode() or "file" in response.content.decode()


def test_room_in_use_stays(manager: Client):
    forum = an_edition()
    room = RoomFactory(forum=forum)
    a_session(forum, at(10), at(11), room=room)

    response = send(manager, change(forum), **{"rooms-0-DELETE": "on"}, _save="1")

    assert Room.objects.filter(pk=room.pk).exists()
    assert room.name_ko in str(response.context["errors"])


def test_session_is_added_with_its_languages_and_speakers(manager: Client):
    forum = an_edition()
    room, speaker = RoomFactory(forum=forum), SpeakerFactory()
    RoomFactory()  # of another edition, which this one is not offered
    page = f"{reverse('admin:forums_forumsession_add')}?forum={forum.pk}"
    offered = manager.get(page).context["adminform"].form.fields["room"].queryset
    assert list(offered) == [room]
    rows = {
        "title_ko": "기조 강연", "kind": "keynote", "room": room.pk,
        "starts_at_0": "2026-11-20", "starts_at_1": "10:00",
        "ends_at_0": "2026-11-20", "ends_at_1": "11:00",
        "languages-TOTAL_FORMS": 2, "languages-0-code": "ko", "languages-1-code": "en",
        "languages-1-is_interpretation": "on",
        "appearances-TOTAL_FORMS": 1, "appearances-0-speaker": speaker.pk,
        "appearances-0-role": "speaker", "appearances-0-position": 0,
    }  # fmt: skip

    send(manager, page, **rows, _save="1")

    session = ForumSession.objects.get()
    assert (session.forum, session.room, session.starts_at) == (forum, room, at(10))
    spoken = SessionLanguage.objects.values_list("code", "is_interpretation")
    assert set(spoken) == {("ko", False), ("en", True)}
    assert Appearance.objects.get().speaker == speaker


def test_session_added_from_the_list_of_an_edition_follows_the_one_before_it(manager: Client):
    forum = an_edition()
    room = RoomFactory(forum=forum)
    RoomFactory()  # of another edition
    a_list = reverse("admin:forums_forumsession_changelist")
    page = f"{a_list}?forum__id__exact={forum.pk}"
    found = html.fromstring(manager.get(page).content.decode())
    add = urljoin(page, found.xpath("//a[@class='addlink']/@href")[-1])

    form = manager.get(add).context["adminform"].form
    assert list(form.fields["room"].queryset) == [room]
    assert form.get_initial_for_field(form.fields["starts_at"], "starts_at")[0] == at(10).date()

    hours = {
        "title_ko": "개회식", "starts_at_1": "10:00", "ends_at_1": "11:00", "room": room.pk,
    }  # fmt: skip
    send(manager, add, **hours, _addanother="1")
    session = ForumSession.objects.get()
    assert (session.forum, session.starts_at, session.ends_at) == (forum, at(10), at(11))

    form = manager.get(add).context["adminform"].form
    assert form.initial["starts_at"] == at(11)
    assert form.initial["ends_at"][0] == at(11).date()


def test_session_outside_the_days_of_its_edition_is_refused(manager: Client):
    forum = an_edition()
    session = a_session(forum, at(10), at(11))
    days = {"starts_at_0": "2026-11-25", "ends_at_0": "2026-11-25"}

    response = send(manager, change(session), **days, _save="1")

    session.refresh_from_db()
    assert session.starts_at == at(10)
    assert "starts_at" in response.context["adminform"].form.errors


def test_speaker_whose_sessions_clash_is_refused(manager: Client):
    forum = an_edition()
    first = a_session(forum, at(10), at(11), "The first one")
    speaker = AppearanceFactory(session=first).speaker
    second = a_session(forum, at(10, 30), at(11, 30))
    row = {
        "appearances-TOTAL_FORMS": 1, "appearances-0-speaker": speaker.pk,
        "appearances-0-role": "speaker", "appearances-0-position": 0,
    }  # fmt: skip

    send(manager, change(second), **row, _save="1")

    assert not second.appearances.exists()


def test_session_is_cancelled_and_takes_place_after_all(manager: Client):
    session = a_session(an_edition(), at(10), at(11))
    cancel = reverse("admin:forums_forumsession_cancel", args=[session.pk])
    reinstate = reverse("admin:forums_forumsession_reinstate", args=[session.pk])

    assert manager.get(cancel).status_code == 200
    session.refresh_from_db()
    assert not session.is_cancelled  # looking does nothing
    manager.post(cancel, {"reason": "연사 사정"})
    manager.post(cancel, {"reason": "다시"})
    session.refresh_from_db()
    assert session.is_cancelled
    assert Transition.objects.filter(reason="다시").count() == 0
    manager.post(reinstate, {"reason": ""})
    session.refresh_from_db()
    assert not session.is_cancelled


def test_edition_that_is_moved_names_the_sessions_left_behind_and_whom_to_tell(manager: Client):
    forum = an_edition()
    a_session(forum, at(10), at(11), title_ko="개회식")
    RegistrationFactory(forum=forum)
    moved = {"event-starts_on": "2026-12-03", "event-ends_on": "2026-12-04"}

    page = send(manager, change(forum), **moved, _continue="1").content.decode()

    assert change(ForumSession.objects.get()) in page.split("messagelist")[1].split("</ul>")[0]
    tell = reverse("admin:forums_registration_tell", args=[forum.pk])
    assert tell in page.split("messagelist")[1].split("</ul>")[0]
    ForumSession.objects.update(
        starts_at=at(10, day=20) + timedelta(days=13), ends_at=at(11, day=20) + timedelta(days=13)
    )

    page = send(manager, change(forum), theme_ko="새 주제", _continue="1").content.decode()

    said = page.split("messagelist")[1].split("</ul>")[0]
    assert tell not in said
    assert "forumsession" not in said


def test_edition_is_taken_down_with_a_reason(manager: Client):
    forum = ForumFactory()

    confirm(manager, reverse("admin:forums_forum_take_down", args=[forum.pk]), reason="잘못")

    forum.program.refresh_from_db()
    assert forum.program.status == Status.WITHDRAWN
    assert Transition.objects.get(object_id=forum.program.pk, to_state="withdrawn").reason == "잘못"
    assert manager.get(f"/forums/{forum.slug}/").status_code == 404


def test_address_of_an_edition_that_was_on_the_site_stays(manager: Client):
    forum = ForumFactory(slug="as-it-was")

    send(manager, change(forum), slug="another", _save="1")

    forum.refresh_from_db()
    assert forum.slug == "as-it-was"


def test_change_by_somebody_else_meanwhile_is_not_overwritten(manager: Client):
    forum = ForumFactory()
    page = change(forum)
    form = filled(manager.get(page), **{"event-venue_ko": "내가 적은 곳"})
    program = Program.objects.get(pk=forum.program_id)
    program.venue_ko = "그사이 적힌 곳"
    program.save()

    response = manager.post(page, {**form, "_save": "1"})

    program.refresh_from_db()
    assert program.venue_ko == "그사이 적힌 곳"
    assert "그사이 적힌 곳" in response.content.decode()
    # Whoever has seen it may save again.
    manager.post(page, {**filled(response), "_save": "1"})
    program.refresh_from_db()
    assert program.venue_ko == "내가 적은 곳"


def test_draft_edition_is_deleted_with_its_programme_and_a_known_one_is_not(manager: Client):
    draft = ForumFactory(program=ProgramFactory(kind="forum", status="draft"))
    RoomFactory(forum=draft)
    known = ForumFactory()

    manager.post(reverse("admin:forums_forum_delete", args=[draft.pk]), {"post": "yes"})
    refused = manager.post(reverse("admin:forums_forum_delete", args=[known.pk]), {"post": "yes"})

    assert list(Forum.objects.all()) == [known]
    assert list(Program.objects.all()) == [known.program]
    assert refused.status_code == 403


def test_edition_that_people_registered_for_is_not_deleted(manager: Client):
    draft = ForumFactory(program=ProgramFactory(kind="forum", status="draft"))
    RegistrationFactory(forum=draft)

    manager.post(reverse("admin:forums_forum_delete", args=[draft.pk]), {"post": "yes"})

    assert Forum.objects.filter(pk=draft.pk).exists()


def test_translator_writes_one_language_of_the_edition_and_its_programme(client: Client):
    OfficeFactory()
    set_up_roles()
    sign_in_staff(client, member("translator_en"))
    forum = ForumFactory()
    wanted = {
        "event-title_en": "In English", "event-title_ko": "안 됨", "theme_en": "A theme",
        "theme_ko": "안 됨", "event-starts_on": "2001-01-01",
    }  # fmt: skip

    send(client, change(forum), **wanted, _save="1")

    stored = Forum.objects.select_related("program").get()
    assert (stored.program.title_en, stored.theme_en) == ("In English", "A theme")
    assert (stored.program.title_ko, stored.theme_ko) == (forum.program.title_ko, forum.theme_ko)
    assert stored.program.starts_on == forum.program.starts_on


def test_who_only_looks_reads_the_texts_of_the_programme(client: Client):
    OfficeFactory()
    set_up_roles()
    sign_in_staff(client, member("volunteer_coordinator"))
    forum = ForumFactory()

    assert client.get(change(forum)).status_code == 403
    sign_in_staff(client, StaffFactory())
    assert forum.program.title_ko in client.get(change(forum)).content.decode()


@pytest.mark.thorough
def test_edition_form_asks_the_database_as_often_for_20_papers_as_for_2(manager: Client):
    forum = an_edition()

    def asked(count: int) -> int:
        for number in range(count):
            session = a_session(forum, at(9), at(10), f"{number}")
            MaterialFactory(forum=forum, session=session)
            RoomFactory(forum=forum)
        with CaptureQueriesContext(connection) as queries:
            assert manager.get(change(forum)).status_code == 200
        return len(queries)

    manager.get(change(forum))  # what is kept for all pages is there from now on
    few = asked(2)

    assert asked(18) <= few
