"""Earlier versions are compared and put back, and deleted records brought back."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from oda_portal.audit.models import Transition
from oda_portal.files import sweeping
from oda_portal.publishing import differences, histories
from oda_portal.publishing.models import Source, Status
from partners.models import City
from programs.models import Photo, Program
from tests import factories
from tests.admin.forms import confirm, filled
from tests.admin.pictures import a_picture
from tests.doors import sign_in_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    factories.OfficeFactory()
    sign_in_staff(client, factories.StaffFactory(name="김담당"))
    return client


def page_of(row: object, page: str, *more: object) -> str:
    meta = row._meta  # type: ignore[attr-defined]
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=[row.pk, *more])  # type: ignore[attr-defined]


def all_of(model: type, page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)  # type: ignore[attr-defined]


def now_of(row: object) -> int:
    """The moment of the newest version, after which everything happens later."""
    model = row.history.model  # type: ignore[attr-defined]
    model.objects.update(history_date=timezone.now() - timedelta(days=1))
    below = [Photo.history.model] if isinstance(row, Program) else []
    for history in below:
        history.objects.update(history_date=timezone.now() - timedelta(days=1))
    return histories.in_address(timezone.now() - timedelta(hours=1))


# --- differences -----------------------------------------------------------------------------


def test_words_that_differ_are_marked_and_the_rest_is_not():
    found = differences.pieces("the old brown fox jumps", "the new red fox jumps high")

    assert [(piece.sign, piece.text) for piece in found] == [
        ("=", "the "), ("-", "old brown"), ("+", "new red"), ("=", " fox jumps"), ("+", " high"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after"),
    [("", ""), ("", "새 글"), ("옛 글", ""), ("同一文字", "同样文字"), ("a " * 9000, "b " * 9000)],
)
def test_both_texts_can_be_read_in_the_pieces(before: str, after: str):
    found = differences.pieces(before, after)

    assert "".join(piece.text for piece in found if piece.sign != "+") == before
    assert "".join(piece.text for piece in found if piece.sign != "-") == after


def test_few_words_used_very_often_are_not_compared_one_by_one(monkeypatch: pytest.MonkeyPatch):
    compared = []

    class Counted(differences.SequenceMatcher):
        def find_longest_match(self, *where: int) -> Any:
            compared.append(sum(len(self.b2j.get(part, ())) for part in self.a))
            return super().find_longest_match(*where)

    monkeypatch.setattr(differences, "SequenceMatcher", Counted)
    for times in (300, 1900):
        old, new = f"x {'a b ' * times}y", f"z {'b a ' * times}w"
        found = differences.pieces(old, new)

        assert "".join(piece.text for piece in found if piece.sign != "+") == old
        assert max(compared) <= differences.MOST_PAIRS
    assert compared  # the shorter ones were


def test_history_marks_words_with_ins_and_del_in_the_language_of_the_text(staff: Client):
    program = factories.ProgramFactory(title_zh_hans="港口研修")
    program.title_zh_hans = "港湾研修"
    program.save()

    html = staff.get(f"/en/admin/programs/program/{program.pk}/history/").content.decode()

    cell = re.search(r'<td lang="zh-Hans">(.*?)</td>', html, re.DOTALL)
    assert cell
    text = re.sub(r"<span[^>]*>.*?</span>", "", cell[1])
    assert text.strip() == "港<del>口</del><ins>湾</ins>研修"
    assert 'lang="en">[removed: ' in cell[1]


# --- comparing -------------------------------------------------------------------------------


def test_any_two_versions_are_compared_with_what_stands_below(staff: Client):
    program = factories.ProgramFactory(title_ko="처음")
    old = now_of(program)
    program.title_ko = "나중"
    program.save()
    factories.PhotoFactory(program=program, caption_ko="새 사진")
    new = histories.in_address(timezone.now())
    page = page_of(program, "compare")

    for chosen in (f"?from={old}&to={new}", f"?from={new}&to={old}"):
        parts = staff.get(page + chosen).context["parts"]

        assert [(part.act, [change[1:3] for change in part.changes]) for part in parts] == [
            ("~", [("처음", "나중")]), ("+", []),
        ]  # fmt: skip
        assert "새 사진" in parts[1].about
    assert staff.get(f"{page}?from={new}&to={new}").context["parts"] == []


@pytest.mark.parametrize(
    "query", ["", "?from=1", "?from=x&to=y", f"?from={'9' * 40}&to=1", "?from=1&to=2"]
)
def test_versions_that_are_none_are_not_found(staff: Client, query: str):
    program = factories.ProgramFactory()
    assert staff.get(page_of(program, "compare") + query).status_code == 404


def test_history_offers_versions_to_compare_and_to_restore(staff: Client):
    program = factories.ProgramFactory(title_ko="처음")
    now_of(program)
    program.title_ko = "나중"
    program.save()

    page = staff.get(page_of(program, "history"))

    versions = [entry.version for entry in page.context["entries"] if entry.version]
    assert len(versions) == 2
    html = page.content.decode()
    assert page_of(program, "restore", versions[1]) in html
    assert page_of(program, "restore", versions[0]) not in html
    assert staff.get(page_of(program, "restore", versions[1])).status_code == 200


# --- restoring -------------------------------------------------------------------------------


def test_restoring_shows_what_will_change_and_then_writes_it(staff: Client):
    health, port = factories.ThemeFactory(name_ko="보건"), factories.ThemeFactory(name_ko="항만")
    program = factories.ProgramFactory(title_ko="처음", title_en="First", ours=True)
    program.themes.add(health)
    old = now_of(program)
    program.title_ko, program.title_en, program.ours = "나중", "", False
    program.code = "another-code"
    program.save()
    program.themes.set([port])
    page = page_of(program, "restore", old)

    shown = staff.get(page)

    told = {change[1:3] for part in shown.context["plan"].parts for change in part.changes}
    assert {("나중", "처음"), ("항만", "보건")} <= told
    program.refresh_from_db()
    assert program.title_ko == "나중"
    staff.post(page, filled(shown))
    program.refresh_from_db()
    assert (program.title_ko, program.title_en, program.ours) == ("처음", "First", True)
    assert list(program.themes.all()) == [health]
    assert program.code == "another-code"
    newest = staff.get(page_of(program, "history")).context["entries"][0]
    assert (newest.by, bool(newest.note)) == ("김담당", True)


def test_restoring_never_touches_the_publication(staff: Client):
    program = factories.ProgramFactory(title_ko="처음", status=Status.DRAFT)
    old = now_of(program)
    program.title_ko, program.publish_at = "나중", timezone.now()
    program.save()
    program.publish(by=None)

    confirm(staff, page_of(program, "restore", old))

    program.refresh_from_db()
    assert (program.title_ko, program.status) == ("처음", Status.PUBLISHED)
    assert program.publish_at is not None
    assert Transition.objects.count() == 1


def test_restoring_is_a_step_and_can_be_undone(staff: Client):
    program = factories.ProgramFactory(title_ko="처음")
    old = now_of(program)
    program.title_ko = "나중"
    program.save()
    later = histories.in_address(program.history.latest().history_date)

    confirm(staff, page_of(program, "restore", old))
    confirm(staff, page_of(program, "restore", later))

    program.refresh_from_db()
    assert program.title_ko == "나중"
    titles = list(program.history.order_by("history_id").values_list("title_ko", flat=True))
    assert titles == ["처음", "나중", "처음", "나중"]


@pytest.mark.parametrize("whole", [True, False])
def test_what_stands_below_comes_back_if_it_is_wanted(staff: Client, whole: bool):
    program = factories.ProgramFactory(title_ko="처음")
    changed = factories.PhotoFactory(program=program, caption_ko="옛 설명")
    gone = factories.PhotoFactory(program=program, caption_ko="지운 사진")
    old = now_of(program)
    changed.caption_ko = "새 설명"
    changed.save()
    gone_pk = gone.pk
    gone.delete()
    factories.PhotoFactory(program=program, caption_ko="나중 사진")
    program.title_ko = "나중"
    program.save()
    page = page_of(program, "restore", old)
    shown = filled(staff.get(page))
    if not whole:
        del shown["whole"]

    staff.post(page, shown)

    captions = set(program.photos.values_list("caption_ko", flat=True))
    assert captions == ({"옛 설명", "지운 사진"} if whole else {"새 설명", "나중 사진"})
    assert Photo.objects.filter(pk=gone_pk).exists() is whole
    program.refresh_from_db()
    assert program.title_ko == "처음"


def test_a_change_meanwhile_stops_the_restoring_and_is_shown(staff: Client):
    program = factories.ProgramFactory(title_ko="처음")
    old = now_of(program)
    program.title_ko = "나중"
    program.save()
    page = page_of(program, "restore", old)
    shown = filled(staff.get(page))
    program.title_ko = "더 나중"
    program.save()

    again = staff.post(page, shown)

    assert again.context["has_changed"]
    program.refresh_from_db()
    assert program.title_ko == "더 나중"
    assert "더 나중" in again.content.decode()


def test_what_a_rule_refuses_is_named_and_nothing_is_written(staff: Client):
    city = factories.CityFactory(name_ko="처음", latitude=35, longitude=129)
    old = now_of(city)
    City.history.model.objects.update(latitude=999)
    city.name_ko, city.latitude = "나중", 36
    city.save()

    answer = staff.post(
        page_of(city, "restore", old), filled(staff.get(page_of(city, "restore", old)))
    )

    assert answer.status_code == 200
    assert answer.context["refused"]
    city.refresh_from_db()
    assert (city.name_ko, city.latitude) == ("나중", 36)


def test_what_it_pointed_to_and_is_gone_is_named(staff: Client):
    theme = factories.ThemeFactory()
    program = factories.ProgramFactory(title_ko="처음")
    program.themes.add(theme)
    old = now_of(program)
    program.title_ko = "나중"
    program.save()
    theme.delete()
    page = page_of(program, "restore", old)

    plan = staff.get(page).context["plan"]
    confirm(staff, page)

    assert len(plan.stays) == 1
    program.refresh_from_db()
    assert program.title_ko == "처음"


def test_a_translator_and_who_may_only_look_restore_nothing(client: Client):
    factories.OfficeFactory()
    program = factories.ProgramFactory(title_ko="처음")
    old = now_of(program)
    person = factories.StaffFactory(is_superuser=False)
    person.user_permissions.add(Permission.objects.get(codename="view_program"))
    sign_in_staff(client, person)

    assert client.get(page_of(program, "restore", old)).status_code == 403
    assert "restore" not in client.get(page_of(program, "history")).content.decode()


def test_records_of_persons_have_no_versions(staff: Client):
    story = factories.StoryFactory()
    now = histories.in_address(timezone.now())

    assert staff.get(page_of(story, "restore", now)).status_code == 404
    assert staff.get(f"{page_of(story, 'compare')}?from={now}&to={now}").status_code == 404
    assert staff.get(all_of(type(story), "deleted")).status_code == 403


# --- deleted records -------------------------------------------------------------------------


def a_deleted_programme(staff: Client, **fields: object) -> Program:
    titles = {f"title_{code}": "지운 사업" for code in ("ko", "en", "zh_hans")}
    program = factories.ProgramFactory(**titles, **fields)
    confirm(staff, page_of(program, "delete"))
    assert not Program.objects.filter(title_ko="지운 사업").exists()
    return program


def first_deleted(client: Client, model: type) -> str:
    return client.get(all_of(model, "deleted")).context["rows"][0]["url"]


@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
def test_deleted_records_are_listed_with_who_and_when(staff: Client, language: str):
    a_deleted_programme(staff)
    with translation.override(language):
        pages = [all_of(Program, "deleted"), reverse("admin:deleted")]

    for page in pages:
        (row,) = staff.get(page).context["rows"]
        assert (row["name"], str(row["by"])) == ("지운 사업", "김담당")
    assert pages[0] in staff.get(pages[0].replace("deleted/", "")).content.decode()


def test_a_deleted_record_comes_back_as_a_draft_with_all_that_went_with_it(staff: Client):
    theme = factories.ThemeFactory()
    program = factories.ProgramFactory(title_ko="지운 사업", code="gone-and-back")
    program.themes.add(theme)
    photo = factories.PhotoFactory(program=program, caption_ko="사진 설명")
    run = factories.RunFactory(program=program)
    session = run.sessions.create(title_ko="첫 강의")
    key = program.pk
    confirm(staff, page_of(program, "delete"))
    page = first_deleted(staff, Program)
    shown = staff.get(page)
    assert "사진 설명" in shown.content.decode()

    staff.post(page, filled(shown))

    program = Program.objects.get(pk=key)
    assert (program.title_ko, program.code, program.status) == (
        "지운 사업", "gone-and-back", Status.DRAFT,
    )  # fmt: skip
    assert list(program.themes.all()) == [theme]
    assert [row.caption_ko for row in program.photos.all()] == [photo.caption_ko]
    assert [row.title_ko for row in program.runs.get().sessions.all()] == [session.title_ko]
    assert Transition.objects.latest("pk").to_state == Status.DRAFT
    # It is in the list no more, and its history goes on.
    assert staff.get(all_of(Program, "deleted")).context["rows"] == []
    assert staff.get(page_of(program, "history")).context["entries"][0].by == "김담당"
    assert staff.post(page, filled(shown)).status_code == 404


def test_what_was_deleted_by_itself_earlier_stays_away(staff: Client):
    program = factories.ProgramFactory()
    factories.PhotoFactory(program=program).delete()
    Photo.history.model.objects.update(history_date=timezone.now() - timedelta(hours=1))
    confirm(staff, page_of(program, "delete"))

    confirm(staff, first_deleted(staff, Program))

    assert Program.objects.count() == 1
    assert not Photo.objects.exists()


def test_an_address_that_somebody_else_has_by_now_is_named(staff: Client):
    program = a_deleted_programme(staff, code="wanted")
    factories.ProgramFactory(code="wanted", title_ko="새 주인")
    page = first_deleted(staff, Program)

    shown = staff.get(page)
    staff.post(page, filled(shown))

    assert "새 주인" in " ".join(shown.context["comeback"].refused)
    assert not Program.objects.filter(pk=program.pk).exists()


def test_what_belonged_to_something_gone_says_so(staff: Client):
    run = factories.RunFactory()
    program = run.program
    confirm(staff, page_of(run, "delete"))
    confirm(staff, page_of(program, "delete"))

    shown = staff.get(first_deleted(staff, type(run)))

    assert shown.context["comeback"].refused
    assert "submit" not in re.findall(r'<input type="(\w+)"', shown.content.decode())


@pytest.mark.parametrize("waits", [True, False])
def test_files_are_brought_back_from_where_they_wait_or_said_to_be_lost(staff: Client, waits: bool):
    program = factories.ProgramFactory(title_ko="지운 사업")
    photo = factories.PhotoFactory(program=program)
    photo.image.save("harbour.jpg", a_picture())
    stored = Path(settings.PRIVATE_ROOT, photo.image.name)
    confirm(staff, page_of(program, "delete"))
    aside = Path(settings.PRIVATE_ROOT, sweeping.ASIDE, photo.image.name)
    aside.parent.mkdir(parents=True, exist_ok=True)
    stored.replace(aside)
    if not waits:
        aside.unlink()
    page = first_deleted(staff, Program)

    shown = staff.get(page)
    staff.post(page, filled(shown))

    assert stored.exists() is waits
    assert bool(shown.context["comeback"].stays) is not waits
    assert bool(Photo.objects.get().image) is waits


def test_only_who_may_add_sees_deleted_records(client: Client, staff: Client):
    a_deleted_programme(staff)
    page = first_deleted(staff, Program)
    person = factories.StaffFactory(is_superuser=False)
    seen = Permission.objects.filter(codename__in=["view_program", "change_program"])
    person.user_permissions.add(*seen)
    sign_in_staff(client, person)

    for address in (all_of(Program, "deleted"), reverse("admin:deleted"), page):
        assert client.get(address).status_code == 403
    assert client.post(page, {}).status_code == 403
    assert "deleted/" not in client.get(all_of(Program, "changelist")).content.decode()


@pytest.mark.thorough
def test_the_page_of_all_kinds_asks_the_same_for_few_and_many(staff: Client):
    counts = []
    staff.get(reverse("admin:deleted"))
    for total in (1, 12):
        for _number in range(total):
            factories.SourceFactory().delete()
        with CaptureQueriesContext(connection) as queries:
            staff.get(reverse("admin:deleted"))
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert Source.history.model.objects.filter(history_type="-").count() == 13


def test_looking_brings_nothing_back(staff: Client):
    a_deleted_programme(staff)
    staff.get(first_deleted(staff, Program))
    assert not Program.objects.exists()
