"""Spreadsheets in: a dry run that writes nothing, then exactly what it showed."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import translation
from openpyxl import Workbook, load_workbook

from oda_portal.accounts.models import User
from oda_portal.accounts.roles import set_up_roles
from oda_portal.jobs.actions import work_off
from oda_portal.publishing.models import Status
from oda_portal.spreadsheets.importing import acts, books, heads, registry
from oda_portal.spreadsheets.importing.models import Import, ImportRow
from oda_portal.translating.models import TranslationState
from partners.models import City, Organisation
from programs.models import ParticipantGroup, Program
from tests import factories
from tests.doors import sign_in_staff

pytestmark = pytest.mark.django_db


def book(*rows: list[Any]) -> bytes:
    made = Workbook()
    for row in rows:
        made.active.append(row)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def text(*rows: list[Any], encoding: str = "utf-8") -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue().encode(encoding)


def editor() -> User:
    return factories.StaffFactory(name="가져오는이")


def member(role: str) -> User:
    set_up_roles()
    user = factories.StaffFactory(is_superuser=False)
    user.groups.set(Group.objects.filter(name=role))
    return user


def finish(source: Import) -> None:
    """Work off its job as a worker does, turn by turn."""
    source.refresh_from_db()
    while work_off(source.job):
        source.job.refresh_from_db()
    source.refresh_from_db()
    assert source.job.error == source.refusal


def checked(model: Any, content: bytes, *, by: User, ending: str = "xlsx") -> Import:
    importable = registry.importable_of(model)
    source = acts.receive(content, name=f"표.{ending}", ending=ending, importable=importable, by=by)
    finish(source)
    return source


def applied(source: Import, *, by: User) -> None:
    assert acts.confirm(source, by=by, shown=acts.digest_of(source))
    finish(source)


def verdicts(source: Import) -> list[str]:
    return list(source.rows.values_list("verdict", flat=True))


def sentences(source: Import) -> list[str]:
    return [each["text"] for row in source.rows.all() for each in row.problems]


HEAD = ["이름(한국어)", "이름(English)", "나라 또는 지역", "관계", "위도", "경도", "주소"]


@pytest.fixture
def vietnam() -> Any:
    return factories.CountryFactory(code="VN", name_ko="베트남", name_en="Viet Nam")


@pytest.mark.parametrize("ending", ["xlsx", "csv", "cp949"])
def test_new_changed_same_and_wrong_rows_are_told_apart_and_nothing_is_written(ending, vietnam):
    with translation.override("ko"):
        labels = [column.label for column in heads._Known(registry.importable_of(City)).columns]
    by = editor()
    factories.CityFactory(
        slug="hanoi", name_ko="하노이", name_en="Hanoi", country=vietnam, relation="sister",
        latitude=21.0, longitude=105.8,
    )  # fmt: skip
    factories.CityFactory(
        slug="hue", name_ko="후에", name_en="Hue", country=vietnam, relation="sister",
        latitude=16.5, longitude=107.6,
    )  # fmt: skip
    head = ["slug", "name_ko", "name_en", "country", "relation", "latitude", "longitude"]
    assert len(set(labels)) == len(labels)
    rows = [
        head,
        ["hanoi", "하노이", "Hanoi", "베트남", "자매도시", 21.0, 105.8],
        ["hue", "후에시", "Hue", "Viet Nam", "sister", "16.5", "107.6"],
        ["", "다낭", "Da Nang", "VN", "friendship", 16.05, 108.2],
        ["", "껀터", "Can Tho", "베트", "자매", "열", 105.7],
    ]
    made = (
        book(*rows)
        if ending == "xlsx"
        else text(*rows, encoding="cp949" if ending == "cp949" else "utf-8")
    )

    source = checked(City, made, by=by, ending="xlsx" if ending == "xlsx" else "csv")

    assert verdicts(source)[1:] == ["changed", "new", "wrong"], sentences(source)
    assert source.state == Import.State.FAULTY
    assert City.objects.count() == 2
    cells = [each["cell"] for each in source.rows.last().problems]
    assert cells == ["D5", "E5", "F5"]
    assert "베트남" in sentences(source)[0]
    assert not acts.confirm(source, by=by, shown=acts.digest_of(source))


def test_what_was_shown_is_written_with_history_as_drafts_and_once(vietnam):
    by = editor()
    program = factories.ProgramFactory(
        code="old", title_ko="옛 제목", title_en="Old title", status=Status.PUBLISHED
    )
    made = book(
        [
            "code",
            "title_ko",
            "title_en",
            "summary_ko",
            "kind",
            "arrangement",
            "starts_on",
            "themes",
        ],
        [
            "old",
            "새 제목",
            "Old title",
            program.summary_ko,
            program.kind,
            program.arrangement,
            program.starts_on,
            "",
        ],
        [
            "",
            "완전히 새 사업",
            "A wholly new programme",
            "요약",
            "연수사업",
            "own",
            "2026-03-05",
            "",
        ],
    )
    source = checked(Program, made, by=by)
    assert verdicts(source) == ["changed", "new"], sentences(source)
    shown = acts.digest_of(source)

    applied(source, by=by)

    assert source.state == Import.State.APPLIED
    program.refresh_from_db()
    assert (program.title_ko, program.status) == ("새 제목", Status.PUBLISHED)
    assert program.history.first().history_user == by
    new = Program.objects.get(code="a-wholly-new-programme")
    assert (new.status, str(new.starts_on), new.kind) == (Status.DRAFT, "2026-03-05", "training")
    assert TranslationState.objects.filter(
        object_id=program.pk, field="title", language="en"
    ).exists()
    assert not acts.confirm(source, by=by, shown=shown)
    assert Program.objects.count() == 2
    assert source.content is None


def test_a_record_that_changed_since_is_refused_and_named():
    by = editor()
    kept = factories.ProgramFactory(code="kept", title_ko="가")
    other = factories.ProgramFactory(code="other", title_ko="나")
    source = checked(
        Program, book(["code", "title_ko"], ["kept", "가가"], ["other", "나나"]), by=by
    )
    kept.title_ko = "그사이"
    kept.save()

    applied(source, by=by)

    kept.refresh_from_db(), other.refresh_from_db()
    assert (kept.title_ko, other.title_ko) == ("그사이", "나나")
    refused = source.rows.get(outcome=ImportRow.Outcome.REFUSED)
    assert refused.key == "kept"
    assert refused.reason
    assert source.job.notes.filter(failed=True).count() == 1


def test_the_file_that_an_export_writes_comes_back_as_the_same(client: Client):
    by = editor()
    sign_in_staff(client, by)
    theme = factories.ThemeFactory()
    program = factories.ProgramFactory(code="round", body_ko="<p>하나 <strong>둘</strong></p>")
    program.themes.add(theme)
    factories.ProgramFactory(code="trip", title_ko="=1+1", editor_note="'따옴표")
    page = reverse("admin:programs_program_export")
    for ending in ("xlsx", "csv"):
        answer = client.post(page, {"sure": "1", "format": ending})
        content = b"".join(answer.streaming_content)

        source = checked(Program, content, by=by, ending=ending)

        assert verdicts(source) == ["same", "same"], (
            sentences(source),
            list(source.rows.values_list("changes")),
        )


def test_groups_of_runs_are_imported_by_their_programme_and_number():
    by = editor()
    run = factories.RunFactory(program__code="health", number=2)
    factories.CountryFactory(code="MN", name_ko="몽골")
    made = book(
        ["run", "country", "women", "men", "total"],
        ["health/2", "몽골", 3, 4, 7],
        ["health/2", "MN", 3, 4, 2],
    )

    source = checked(ParticipantGroup, made, by=by)
    assert verdicts(source) == ["new", "wrong"]

    source = checked(
        ParticipantGroup, book(["run", "country", "total"], ["health/2", "몽골", 7]), by=by
    )
    applied(source, by=by)
    group = ParticipantGroup.objects.get()
    assert (group.run, group.total, group.country.code) == (run, 7, "MN")

    again = checked(
        ParticipantGroup, book(["run", "country", "total"], ["health/2", "몽골", 7]), by=by
    )
    assert verdicts(again) == ["wrong"]
    assert str(group.pk) in sentences(again)[0]


@pytest.mark.parametrize(
    ("rows", "part"),
    [
        ([["code", "제몫"], ["x", "y"]], "제몫"),
        ([["code", "title_ko", "title_ko"], ["x", "y", "z"]], "B"),
        ([["아무", "말"], ["x", "y"]], "code"),
        ([["code", "title_ko"], ["x", "y", "z"]], "C2"),
        ([["code", "title_ko"]], ""),
    ],
)
def test_a_wrong_file_as_a_whole_says_what_is_wrong(rows, part):
    source = checked(Program, book(*rows), by=editor())

    assert source.state == Import.State.REFUSED
    assert source.refusal
    if part != "code":
        assert part in source.refusal
    assert source.content is None
    assert Program.objects.count() == 0


def test_formulas_errors_and_absurd_days_are_named_by_their_cell():
    made = book(
        ["title_ko", "kind", "arrangement", "summary_ko", "starts_on", "edition"],
        ["=1+1", "training", "own", "x", "9999-01-01", "4.5"],
        ["가", "training", "own", "x", 46000, "-3"],
        ["나", "training", "own", "x", "2026-02-30", 99999999],
    )

    source = checked(Program, made, by=editor())

    assert verdicts(source) == ["wrong"] * 3
    named = [[each["cell"] for each in row.problems] for row in source.rows.all()]
    assert named == [["A2", "E2", "F2"], ["E3"], ["E4"]] or named[0] == ["A2", "E2", "F2"]


def test_merged_cells_are_named_since_all_but_the_first_are_empty():
    merged = Workbook()
    for row in (["code", "title_ko", "summary_ko"], ["a", "가", "요약"], ["b", None, "요약"]):
        merged.active.append(row)
    merged.active.merge_cells("B2:B3")
    file = io.BytesIO()
    merged.save(file)

    source = checked(Program, file.getvalue(), by=editor())

    assert source.state == Import.State.REFUSED
    assert "B2:B3" in source.refusal


def test_a_value_that_is_no_choice_is_told_some_of_them_and_that_there_are_more():
    made = book(["name_ko", "kind", "country"], ["가", "우주 기관", "KR"])
    factories.CountryFactory(code="KR")

    [sentence] = sentences(checked(Organisation, made, by=editor()))

    assert sentence.rstrip(".").endswith(" …")


def test_a_row_that_stands_twice_is_wrong():
    made = book(["code", "title_ko"], ["a", "가"], ["a", "나"])
    factories.ProgramFactory(code="a")

    assert verdicts(checked(Program, made, by=editor())) == ["changed", "wrong"]


def test_a_translator_writes_one_language_and_adds_nothing():
    translator = member("translator_en")
    factories.ProgramFactory(code="a", title_ko="가", title_en="A")
    made = book(
        ["code", "title_ko", "title_en"],
        ["a", "가", "B"],
        ["b", "나", "C"],
    )

    assert verdicts(checked(Program, made, by=translator)) == ["changed", "wrong"]
    other = checked(Program, book(["code", "title_ko"], ["a", "다"]), by=translator)
    assert verdicts(other) == ["wrong"]


def test_the_file_comes_back_with_reasons_and_can_be_sent_again():
    by = editor()
    source = checked(Program, book(["title_ko", "kind"], ["가", "없는 것"]), by=by)
    found = load_workbook(books.with_reasons(source)).active

    rows = [[cell.value for cell in row] for row in found.iter_rows()]
    assert rows[0][1:] == ["title_ko", "kind"]
    assert "B2" in rows[1][0]
    content = books.with_reasons(source).read()
    assert verdicts(checked(Program, content, by=by)) == ["wrong"]


@pytest.mark.parametrize("importable", registry.registered(), ids=lambda each: each.label)
def test_every_template_can_be_read_again(importable):
    content = books.template_of(importable).read()

    found, rows = heads.read(content, "xlsx", importable)

    assert [column.name for column in found.columns.values()] == importable.names()
    assert list(rows) == []


@pytest.mark.thorough
def test_work_that_was_killed_goes_on_and_writes_nothing_twice():
    by = editor()
    rows = [[f"새 기관 {n}", f"New body {n}", "KR", "10"] for n in range(230)]
    factories.CountryFactory(code="KR", name_ko="대한민국")
    source = acts.receive(
        book(["name_ko", "name_en", "country", "kind"], *rows),
        name="x.xlsx", ending="xlsx", importable=registry.importable_of(Organisation), by=by,
    )  # fmt: skip
    while work_off(source.job, seconds=0):
        source.job.refresh_from_db()
    assert set(verdicts(source)) == {"new"}
    assert source.rows.count() == 230
    source.refresh_from_db()
    assert acts.confirm(source, by=by, shown=acts.digest_of(source))
    turns = 0
    source.refresh_from_db()
    while work_off(source.job, seconds=0):
        turns += 1
        source.job.refresh_from_db()

    assert turns > 2
    assert Organisation.objects.count() == 230
    assert not Organisation.objects.exclude(status=Status.DRAFT).exists()
