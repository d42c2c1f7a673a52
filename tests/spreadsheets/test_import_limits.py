"""Imports: whose they are, by whose rights they are written, and files that are made to harm."""

from __future__ import annotations

import io
import time
import zipfile
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from news.models import Article
from oda_portal.accounts import areas
from oda_portal.accounts.models import User
from oda_portal.jobs import registry as jobs
from oda_portal.spreadsheets.importing import acts, books, reading, registry, rights, weight
from oda_portal.spreadsheets.importing.cells import Cell, CellError, number_of, whole_of
from oda_portal.spreadsheets.importing.models import Import
from oda_portal.spreadsheets.importing.reading import UnreadableError
from programs.models import ParticipantGroup, Program, Session
from tests import factories
from tests.doors import sign_in_staff
from tests.spreadsheets.test_importing import (
    applied,
    book,
    checked,
    editor,
    finish,
    member,
    sentences,
    text,
    verdicts,
)

pytestmark = pytest.mark.django_db
PAGE = "admin:programs_program_import"


def limited_to(kind: str) -> User:
    user = member("editor")
    areas.limit(user, [kind], by=editor())
    return user


def of_editor(**values: Any) -> tuple[Program, Import]:
    """A checked import of an editor: one programme changed, one added."""
    program = factories.ProgramFactory(code="a", title_ko="옛 제목", kind="training", **values)
    head = ["code", "title_ko", "summary_ko", "kind", "arrangement"]
    rest = ["요약", program.kind, program.arrangement]
    made = book(head, ["a", "새 제목", *rest], ["b", "새 사업", *rest])
    return program, checked(Program, made, by=editor())


def acts_of(source: Import) -> list[str]:
    return [
        reverse(f"{PAGE}_{act}", args=[source.uuid])
        for act in ("apply", "discard", "go_on", "leave")
    ]


@pytest.mark.parametrize("limit", ["language", "kinds"])
def test_whoever_is_limited_neither_sees_nor_decides_an_import_of_somebody_else(
    client: Client, limit: str
):
    program, source = of_editor()
    user = member("translator_en") if limit == "language" else limited_to("volunteer")
    sign_in_staff(client, user)

    assert client.get(reverse(f"{PAGE}_one", args=[source.uuid])).status_code == 404
    for address in acts_of(source):
        assert client.post(address, {"shown": acts.digest_of(source)}).status_code == 404
    assert source.file_name not in client.get(reverse(PAGE)).content.decode()
    assert not jobs.may_see(user, source.job)
    source.refresh_from_db()
    program.refresh_from_db()
    assert (source.state, program.title_ko) == (Import.State.READY, "옛 제목")


def test_who_is_limited_in_nothing_decides_what_a_colleague_sent(client: Client):
    program, source = of_editor()
    user = member("editor")
    sign_in_staff(client, user)

    assert source.file_name in client.get(reverse(PAGE)).content.decode()
    assert jobs.may_see(user, source.job)
    client.post(acts_of(source)[0], {"shown": acts.digest_of(source)})
    finish(source)

    program.refresh_from_db()
    assert program.title_ko == "새 제목"
    assert Program.objects.filter(code="b").exists()


@pytest.mark.parametrize("gone", ["groups", "active", "language", "kinds"])
def test_rows_are_written_by_the_rights_that_are_left_when_they_are_written(gone: str):
    program, source = of_editor()
    by = member("editor")
    assert acts.confirm(source, by=by, shown=acts.digest_of(source))
    if gone == "groups":
        by.groups.clear()
    elif gone == "active":
        User.objects.filter(pk=by.pk).update(is_active=False)
    elif gone == "language":
        by.groups.set(Group.objects.filter(name="translator_en"))
    else:
        areas.limit(by, ["volunteer"], by=editor())

    finish(source)

    program.refresh_from_db()
    assert program.title_ko == "옛 제목"
    assert not Program.objects.filter(code="b").exists()
    assert set(source.rows.values_list("outcome", flat=True)) == {"refused"}
    assert all(source.rows.values_list("reason", flat=True))


def test_a_row_carries_no_record_out_of_the_kinds_that_are_theirs():
    user = limited_to("training")
    own = factories.ProgramFactory(code="own", kind="training")
    factories.ProgramFactory(code="other", kind="volunteer", title_ko="남의 초안")
    made = book(["code", "kind"], ["own", "volunteer"], ["other", "volunteer"], ["other", "x"])

    source = checked(Program, made, by=user)

    assert verdicts(source) == ["wrong"] * 3
    assert not source.rows.filter(title="남의 초안").exists()
    source.rows.filter(number=2).update(
        verdict="changed",
        object_id=own.pk,
        problems=[],
        version=own.history.first().history_id,
        changes=[{"column": "kind", "before": "training", "after": "volunteer"}],
    )
    source.rows.exclude(number=2).delete()
    Import.objects.filter(pk=source.pk).update(state=Import.State.READY)
    applied(source, by=user)
    own.refresh_from_db()
    assert own.kind == "training"


@pytest.mark.parametrize("model", [ParticipantGroup, Session])
def test_what_hangs_on_a_programme_is_kept_to_its_kind(model: Any):
    factory = {ParticipantGroup: factories.ParticipantGroupFactory}.get(model)
    run = factories.RunFactory(program__code="a", program__kind="training", number=1)
    row = factory(run=run, total=10, women=None, men=None) if factory else Session(run=run)
    user = limited_to("volunteer")

    assert not rights.rights_of(user, model).may_touch(row)
    assert rights.rights_of(limited_to("training"), model).may_touch(row)
    if factory:
        made = book(["id", "run", "total"], [row.pk, "a/1", 99], ["", "a/1", 7])
        assert verdicts(checked(model, made, by=user)) == ["wrong"] * 2


def test_what_nobody_can_tell_the_kind_of_is_touched_by_nobody_who_is_limited(monkeypatch):
    row = Session(run=factories.RunFactory(program__kind="training"))
    monkeypatch.delitem(areas._ways, Session)

    assert not rights.rights_of(limited_to("training"), Session).may_touch(row)
    assert rights.rights_of(member("editor"), Session).may_touch(row)


def test_all_that_hangs_on_a_programme_and_is_imported_says_how():
    for each in registry.registered():
        hangs = any(field.name in rights.OWNERS for field in each.model._meta.fields)
        assert areas.is_led(each.model) or not hangs, each.label


# --- files that are made to harm ------------------------------------------------------------------

SHEET = (
    '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/'
    'main"><sheetData>%s</sheetData>%s</worksheet>'
)


def with_sheet(rows: str, beside: str = "") -> bytes:
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book(["code"]))) as source,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for part in source.infolist():
            is_sheet = part.filename == "xl/worksheets/sheet1.xml"
            content = (SHEET % (rows, beside)).encode() if is_sheet else source.read(part)
            made.writestr(part.filename, content)
    return file.getvalue()


def test_a_row_far_below_stands_for_no_rows_above_it(monkeypatch):
    made = []
    monkeypatch.setattr(reading, "_cell", lambda *args: made.append(args) or Cell(None, ""))
    cell = '<row r="%s"><c r="A%s" t="inlineStr"><is><t>code</t></is></c></row>'

    with pytest.raises(UnreadableError):
        list(reading.rows_of(with_sheet(cell % (100_000, 100_000)), "xlsx"))
    assert made == []
    assert list(reading.rows_of(with_sheet(cell % (15_000, 15_000)), "xlsx")) == []
    assert len(made) == reading.MAX_COLUMNS + 1


def test_empty_lines_without_an_end_are_named():
    with pytest.raises(UnreadableError):
        list(reading.rows_of(b"code,title_ko\r\n" + b"\r\n" * (reading.MAX_EMPTY + 5), "csv"))


@pytest.mark.parametrize(
    ("rows", "beside"),
    [
        (f"<row>{'<c/>' * 200_000}</row>", ""),
        (f"<row>{'<x/>' * 200_000}</row>", ""),
        (f"<row><row>{'<c/>' * 30_000}</row><row>{'<c/>' * 300_000}</row></row>", ""),
        ("", f"<mergeCells>{'<x/>' * 600_000}</mergeCells>"),
        ("<row>" * 150_000 + "</row>" * 150_000, ""),
    ],
    ids=["cells", "others", "nested", "beside", "deep"],
)
def test_what_the_reader_would_hold_at_once_is_counted_before_it_reads(rows: str, beside: str):
    with pytest.raises(UnreadableError):
        reading.check_file(with_sheet(rows, beside), "xlsx")


def test_words_like_merged_cells_are_read_past_in_no_time():
    made = with_sheet("", f"<!-- {'<mergeCell ' * 20_000} -->")
    begun = time.process_time()

    assert list(reading.rows_of(made, "xlsx")) == []

    assert time.process_time() - begun < 2


def test_a_full_spreadsheet_of_the_usual_kind_is_not_too_heavy():
    cells = "".join(f'<c r="A{n}" s="1"><v>{n}</v></c>' for n in range(100))
    formatted = f"<row>{'<c/>' * 16_384}</row>"

    reading.check_file(with_sheet(f"<row>{cells}</row>" * 2_000 + formatted), "xlsx")

    assert weight.MOST_IN_ROW > 2 * 16_384


def test_large_parts_that_are_no_sheet_are_refused():
    file = io.BytesIO(book(["code"]))
    with zipfile.ZipFile(file, "a") as made:
        made.writestr("xl/other.xml", b" " * (reading.MAX_PART + 1))

    with pytest.raises(UnreadableError):
        reading.check_file(file.getvalue(), "xlsx")


# --- cells ----------------------------------------------------------------------------------------


def test_control_letters_of_a_wrong_row_come_back_without_them(client: Client):
    by = editor()
    sign_in_staff(client, by)
    source = checked(
        Program, text(["code", "title_ko"], ["abc", "가\x01나\uffff"]), by=by, ending="csv"
    )
    assert source.state == Import.State.FAULTY

    assert client.get(reverse(f"{PAGE}_reasons", args=[source.uuid])).status_code == 200
    rows = list(load_workbook(books.with_reasons(source)).active.values)
    assert rows[1][1:] == ("abc", "가나")


@pytest.mark.parametrize("number", ["9" * 20, "-" + "9" * 20, str(2**63)])
def test_a_number_that_no_database_can_compare_is_named(number: str):
    with pytest.raises(CellError):
        whole_of(Cell(number, "A2"))
    assert whole_of(Cell(str(2**63 - 1), "A2")) == 2**63 - 1

    source = checked(
        ParticipantGroup, text(["id", "total"], [number, "5"]), by=editor(), ending="csv"
    )

    assert verdicts(source) == ["wrong"]
    assert number in sentences(source)[0]


def test_a_number_too_large_for_a_place_is_named():
    with pytest.raises(CellError):
        number_of(Cell("9" * 400, "A2"))
    with pytest.raises(CellError):
        number_of(Cell(1e300, "A2"))


def test_who_is_limited_names_no_record_of_another_kind(client: Client):
    user = limited_to("training")
    own = factories.ProgramFactory(code="own", kind="training")
    other = factories.ProgramFactory(code="other", kind="forum", title_ko="몰래 하는 포럼")
    article = factories.ArticleFactory(slug="a")
    article.programs.add(named := factories.ProgramFactory(code="named", kind="forum"))

    source = checked(Article, book(["slug", "programs"], ["a", "named; own"]), by=user)
    applied(source, by=user)
    wrong = checked(Article, book(["slug", "programs"], ["a", "other"]), by=user)
    near = checked(Article, book(["slug", "programs"], ["a", "몰래 하는 포"]), by=user)

    assert set(article.programs.all()) == {named, own}
    assert verdicts(wrong) == ["wrong"]
    assert other.title_ko not in " ".join(sentences(wrong) + sentences(near))
    sign_in_staff(client, user)
    page = client.get(reverse("admin:news_article_import_template"))
    sheet = load_workbook(io.BytesIO(page.getvalue())).worksheets[1]
    told = {cell.value for row in sheet.iter_rows() for cell in row}
    assert "own" in told
    assert not {"other", "named"} & told


def test_what_was_checked_by_a_colleague_is_not_written_by_who_is_limited_since(client: Client):
    factories.ProgramFactory(code="other", kind="forum")
    article = factories.ArticleFactory(slug="a")
    user = member("editor")
    source = checked(Article, book(["slug", "programs"], ["a", "other"]), by=user)
    assert acts.confirm(source, by=user, shown=acts.digest_of(source))
    areas.limit(user, ["training"], by=editor())

    finish(source)

    assert list(article.programs.all()) == []
