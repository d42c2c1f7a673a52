"""The pages of an import: sending a file, seeing what it would do, confirming, stopping."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from oda_portal.jobs.actions import work_off
from oda_portal.publishing.models import Status
from oda_portal.spreadsheets.importing import acts, heads, registry
from oda_portal.spreadsheets.importing.models import Import
from oda_portal.spreadsheets.importing.reading import UnreadableError
from partners.models import Organisation
from programs.models import Program
from tests import factories
from tests.doors import sign_in_staff
from tests.spreadsheets.test_importing import book, checked, editor, finish, member, text

pytestmark = pytest.mark.django_db


def send(client: Client, content: bytes, name: str, model: str = "programs_program") -> Any:
    page = reverse(f"admin:{model}_import")
    file = SimpleUploadedFile(name, content)
    return client.post(page, {"about": model.replace("_", "."), "file": file})


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_an_import_through_its_pages(client: Client, prefix: str):
    sign_in_staff(client, editor())
    factories.ProgramFactory(code="a", title_ko="가", status=Status.PUBLISHED)
    answer = send(client, book(["code", "title_ko"], ["a", "나"]), "표.xlsx")
    assert answer.status_code == 302
    source = Import.objects.get()
    waiting = client.get(f"{prefix}{answer.url}").content.decode()
    assert "data-progress" in waiting
    finish(source)
    page = client.get(f"{prefix}{answer.url}")
    assert "<del>" in page.content.decode()
    apply = f"{prefix}{answer.url}apply-import/"
    client.post(apply, {"shown": "something else"})
    source.refresh_from_db()
    assert source.state == Import.State.READY
    client.post(apply, {"shown": client.get(apply).context["digest"]})
    finish(source)
    assert Program.objects.get().title_ko == "나"
    assert client.get(f"{prefix}{answer.url}?rows=all").status_code == 200
    assert client.get(reverse("admin:programs_program_import")).status_code == 200


def test_a_new_row_shows_what_it_holds_and_takes_nothing_away(client: Client):
    sign_in_staff(client, editor())
    factories.CountryFactory(code="KR")
    row = ["가" * 120, "기타", "KR", "https://example.org/a"]
    content = book(["name_ko", "kind", "country", "url"], row)
    answer = send(client, content, "표.xlsx", "partners_organisation")
    finish(Import.objects.get())

    page = client.get(answer.url).content.decode()

    assert "<del>" not in page
    assert "<td>https://example.org/a</td>" in page
    assert f"{'가' * 79}…" in page


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b""),
        ("a.csv", b""),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600),
        ("a.xlsx", b"code,title_ko\r\na,b\r\n"),
        ("a.csv", b"PK\x03\x04" + b"\0" * 100),
        ("a.pdf", b"%PDF-1.4"),
        ("a.csv", b"\xff\x00\xfa\x99"),
        ("a.csv", b"a\0b,c\r\n"),
        ("a.csv", b"nothing,known\r\n1,2\r\n"),
    ],
)
def test_what_is_no_such_file_is_refused_beside_its_field(client: Client, name, content):
    sign_in_staff(client, editor())

    answer = send(client, content, name)

    assert answer.status_code == 200
    assert answer.context["form"].errors["file"]
    assert not Import.objects.exists()


def test_too_large_a_file_is_named(client: Client, settings):
    settings.UPLOAD_MAX_BYTES = 1000
    sign_in_staff(client, editor())

    answer = send(client, b"code\r\n" + b"x" * 3000, "a.csv")

    assert answer.context["form"].errors["file"]


def test_three_hundred_columns_and_too_many_rows_are_named():
    importable = registry.importable_of(Program)
    wide = text(["title_ko", *[f"c{n}" for n in range(300)]], ["x"] * 301)
    with pytest.raises(UnreadableError):
        heads.read(wide, "csv", importable)
    long = b"code,title_ko\r\n" + b"a,b\r\n" * 10_001
    with pytest.raises(UnreadableError):
        list(heads.read(long, "csv", importable)[1])


@pytest.mark.parametrize("role", ["reviewer", "administrator", "forum_manager"])
def test_who_may_not_change_the_records_imports_nothing(client: Client, role: str):
    source = checked(Program, book(["code", "title_ko"], ["a", "나"]), by=editor())
    sign_in_staff(client, member(role))
    page = reverse("admin:programs_program_import")

    assert client.get(page).status_code in (403, 404)
    assert client.get(f"{page}{source.uuid}/").status_code in (403, 404)
    assert client.post(f"{page}{source.uuid}/discard-import/").status_code in (403, 404)


def test_an_import_of_other_records_is_not_found(client: Client):
    sign_in_staff(client, editor())
    source = checked(Program, book(["code", "title_ko"], ["a", "나"]), by=editor())

    assert client.get(f"{reverse('admin:partners_city_import')}{source.uuid}/").status_code == 404
    assert (
        client.get(
            f"{reverse('admin:programs_program_import')}{source.uuid}/discard-import/"
        ).status_code
        == 405
    )


def test_a_stopped_import_can_go_on_or_be_left(client: Client):
    by = editor()
    sign_in_staff(client, by)
    factories.CountryFactory(code="KR")
    head = ["name_ko", "country", "kind"]
    rows = [head, *([f"기관 {n}", "KR", "10"] for n in range(150))]
    source = checked(Organisation, book(*rows), by=by)
    page = f"{reverse('admin:partners_organisation_import')}{source.uuid}/"
    assert acts.confirm(source, by=by, shown=acts.digest_of(source))
    source.refresh_from_db()
    work_off(source.job, seconds=0)
    source.job.cancel(by=by)

    assert client.get(page).context["source"].stopped
    assert 0 < Organisation.objects.count() < 150
    client.post(f"{page}go-on/")
    finish(source)
    client.post(f"{page}leave/")

    assert source.state == Import.State.APPLIED
    assert Organisation.objects.count() == 150


def test_fifty_confirmations_start_one_job(client: Client):
    by = editor()
    factories.ProgramFactory(code="a", title_ko="가")
    source = checked(Program, book(["code", "title_ko"], ["a", "나"]), by=by)
    shown = acts.digest_of(source)

    assert [acts.confirm(source, by=by, shown=shown) for _n in range(3)] == [True, False, False]
