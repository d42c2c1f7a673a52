"""The PDF: its text is taken out again and compared; what no font has stops everything."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pypdf import PdfReader

from oda_portal.certificates import actions, printing
from oda_portal.certificates.models import Certificate
from oda_portal.certificates.refusals import CannotPrintError
from oda_portal.mail.models import Message
from oda_portal.pages.models import Office
from tests.certificates.samples import (
    KIND,
    NAMES,
    PLACE,
    ROLE,
    SUBJECT,
    a_certificate,
    a_holder,
    a_kind,
    facts,
)
from tests.factories import OfficeFactory, StaffFactory

pytestmark = pytest.mark.django_db


def reader_of(certificate: Certificate) -> PdfReader:
    return PdfReader(io.BytesIO(printing.pdf_of(certificate)))


def text_of(certificate: Certificate) -> str:
    return reader_of(certificate).pages[0].extract_text()


def lines_of(certificate: Certificate) -> list[str]:
    return [line.strip() for line in text_of(certificate).splitlines() if line.strip()]


@pytest.mark.parametrize(
    ("language", "other", "period"),
    [
        ("ko", "en", "20–27 July 2027"),
        ("en", "en", "20–27 July 2027"),
        ("zh-hans", "zh-hans", "2027年7月20日至27日"),
    ],
)
def test_korean_stands_on_one_page_with_the_holders_other_language(language, other, period):
    certificate = a_certificate(a_holder(preferred_language=language))

    reader, lines = reader_of(certificate), lines_of(certificate)

    assert len(reader.pages) == 1
    assert certificate.language == other
    for texts in (SUBJECT, ROLE, PLACE):
        assert lines[lines.index(texts["ko"]) + 1] == texts[other]
    assert lines[lines.index("2027. 7. 20.~7. 27.") + 1] == period
    office = Office.objects.get()
    shown = office.name_en if other == "en" else office.name_zh_hans
    assert lines[lines.index(office.name_ko) + 1] == shown


@pytest.mark.parametrize(
    "name",
    [
        {"hangul": "김철수", "hanzi": "金哲秀", "latin": "Kim Cheolsu"},
        {"hangul": "뷁뚫쌿", "latin": "Nguyễn Thị Ánh Tuyết"},
        {"hanzi": "龔麗 喆堃", "latin": "Ürümqi Gōng"},
        {"hanzi": "㐂𠮷", "latin": "Łódź Đặng Škvorecký Ñuñez"},
        {"cyrillic": "Өнөрбаяр Үүрийнтуяа", "latin": "Önörbayar"},
        {"cyrillic": "Әбілқайыр Ғұмар Ыңғай Їжак Ђорђе Ҳамид Ӯқтам"},
    ],
)
def test_names_in_every_script_come_out_as_they_went_in(name):
    certificate = a_certificate(facts=lambda user: facts(names=name))

    text = " ".join(text_of(certificate).split())

    assert [one for one in name.values() if one not in text] == []


def test_number_and_address_stand_on_the_page_and_in_its_title(settings):
    settings.SITE_URL = "https://oda.example.org"
    certificate = a_certificate()

    reader, text = reader_of(certificate), text_of(certificate)

    assert certificate.code in text
    assert f"https://oda.example.org/certificates/{certificate.code}/" in text
    assert reader.metadata.title == f"봉사활동 확인서 {certificate.code}"


def test_it_is_tagged_for_screen_readers_and_its_pictures_are_described():
    root = reader_of(a_certificate()).trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "ko-KR" or root["/Lang"] == "ko"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part" in root["/Metadata"].get_data()


def test_it_holds_its_fonts_and_nothing_else_of_the_machine():
    page = reader_of(a_certificate(a_holder(preferred_language="zh-hans"))).pages[0]

    names = {font["/BaseFont"].split("+")[1] for font in page["/Resources"]["/Font"].values()}
    assert {name.split("-")[0] for name in names} == {"NotoSans", "NotoSansCJKkr", "NotoSansCJKsc"}


@pytest.mark.parametrize(
    ("name", "sign"), [("ᠮᠣᠩᠭᠣᠯ", "ᠮ"), ("สมชาย", "ส"), ("Kim 😀", "😀"), ("김\ue000수", "e000")]
)
def test_a_sign_that_no_font_has_issues_nothing_and_is_named(name, sign):
    OfficeFactory()
    unprintable = a_kind(facts=lambda user: facts(names={"latin": name}))
    with unprintable, pytest.raises(CannotPrintError, match=sign):
        actions.issue(KIND, a_holder(), by=StaffFactory())

    assert not Certificate.objects.exists()
    assert not Message.objects.exists()


def test_more_text_than_a_page_holds_issues_nothing():
    OfficeFactory()
    long = {"ko": "긴 활동 이름 " * 400, "en": "A long activity " * 400, "zh-hans": "长" * 3000}
    with a_kind(facts=lambda user: facts(subject=long)), pytest.raises(CannotPrintError):
        actions.issue(KIND, a_holder(), by=StaffFactory())

    assert not Certificate.objects.exists()


def test_texts_are_data_and_never_source():
    nasty = '#panic("x") $1$ *b* `c` \\ "q" <l> @r // -- #import "@preview/a:1.0.0"'
    certificate = a_certificate(facts=lambda user: facts(subject=dict.fromkeys(SUBJECT, nasty)))

    assert nasty in " ".join(text_of(certificate).split())


def test_a_text_in_one_language_alone_stands_once():
    certificate = a_certificate(facts=lambda user: facts(role={"ko": "교육 단원"}))

    assert lines_of(certificate).count("교육 단원") == 1


def test_what_was_issued_does_not_change_with_the_office_or_the_record():
    certificate = a_certificate()
    before = printing.pdf_of(certificate)
    Office.objects.update(name_ko="다른 이름", name_en="Another name")

    again = printing.pdf_of(Certificate.objects.get())

    assert again == before


PRINT = """
import sys, json, django
django.setup()
from datetime import datetime, timezone
from oda_portal.certificates.models import Certificate
from oda_portal.certificates import printing
values = json.load(sys.stdin)
values["issued_at"] = datetime.fromisoformat(values["issued_at"])
sys.stdout.buffer.write(printing.pdf_of(Certificate(**values)))
"""


@pytest.mark.thorough
def test_another_process_prints_the_same_bytes(tmp_path: Path):
    certificate = a_certificate()
    names = {f"name_{script}": name for script, name in NAMES.items()}
    values = {
        "code": certificate.code,
        "language": certificate.language,
        "sheets": certificate.sheets,
        "issued_at": certificate.issued_at.isoformat(),
        **names,
    }
    environment = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "oda_portal.settings", "VAR_DIR": str(tmp_path)
    }  # fmt: skip
    environment |= {"SECRET_KEY": "x" * 50}

    done = subprocess.run(
        [sys.executable, "-c", PRINT],
        input=json.dumps(values).encode(), env=environment, capture_output=True, check=False,
        cwd=Path(__file__).resolve().parents[2], timeout=60,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout == printing.pdf_of(certificate)


def test_many_threads_print_at_once():
    """As the web server and the worker do."""
    certificate = a_certificate()
    alone = printing.pdf_of(certificate)

    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(printing.pdf_of, [certificate] * 24))

    assert set(made) == {alone}


def test_a_name_longer_than_the_column_issues_nothing():
    OfficeFactory()
    endless = a_kind(facts=lambda user: facts(names={"latin": "A" * 101}))
    with endless, pytest.raises(CannotPrintError):
        actions.issue(KIND, a_holder(), by=StaffFactory())
