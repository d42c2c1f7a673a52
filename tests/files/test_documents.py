"""Documents: what is taken as it came, and what is refused because it acts, hides or breaks."""

from __future__ import annotations

import io
import struct
import zipfile

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from pikepdf import Array, Dictionary, Name, String

from oda_portal.files.checks import checked_document
from tests.files import samples
from tests.files.test_images import DAMAGED, EMPTY, MISMATCH, left_behind

TYPES = (
    "We cannot take this kind of file. "
    "Save it as PDF, HWP, HWPX, DOCX, XLSX, PPTX, ODT, ODS or ODP and attach it again."
)
ACTIVE = "We do not take files with macros or scripts. Save it as a PDF and attach that."
LOCKED = "This file has a password. Remove it and attach the file again."

REMOTE = (
    '<Relationships><Relationship Id="1" Type="http://schemas.openxmlformats.org/officeDocument/'
    '2006/relationships/{kind}" Target="{target}" TargetMode="External"/></Relationships>'
)


def remote(kind: str, target: str) -> bytes:
    part = {"word/_rels/settings.xml.rels": REMOTE.format(kind=kind, target=target)}
    return samples.docx(**part)


SCRIPT = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def on_opening(action: object):
    def change(document: pikepdf.Pdf) -> None:
        document.Root.OpenAction = action

    return change


def in_object_stream(document: pikepdf.Pdf) -> None:
    document.Root.Names = document.make_indirect(
        Dictionary(JavaScript=Dictionary(Names=[String("x"), SCRIPT]))
    )


def deep_inside(document: pikepdf.Pdf) -> None:
    document.pages[0].PieceInfo = Dictionary(A=Array([1, Array([Dictionary(AA=Dictionary())])]))


def with_attachment(document: pikepdf.Pdf) -> None:
    document.attachments["evil.exe"] = b"MZ" * 100


def with_annotation(**entries: object):
    def change(document: pikepdf.Pdf) -> None:
        note = Dictionary(Type=Name.Annot, Rect=[0, 0, 9, 9], **entries)
        document.pages[0].Annots = Array([document.make_indirect(note)])

    return change


def with_xfa(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm = Dictionary(Fields=[], XFA=document.make_stream(b"<xdp/>"))


def without_pages(document: pikepdf.Pdf) -> None:
    del document.pages[0]


OPEN_TO_READ = pikepdf.Encryption(owner="secret", user="")
PDF = {
    "JavaScript in an object stream": (samples.pdf(in_object_stream), ACTIVE),
    "JavaScript deep in a page": (samples.pdf(deep_inside), ACTIVE),
    "JavaScript on opening": (samples.pdf(on_opening(SCRIPT)), ACTIVE),
    "an address on opening": (samples.pdf(on_opening(Dictionary(S=Name.URI))), ACTIVE),
    "a program behind a click": (
        samples.pdf(with_annotation(Subtype=Name.Link, A=Dictionary(S=Name.Launch))),
        ACTIVE,
    ),
    "a form sent away": (
        samples.pdf(with_annotation(Subtype=Name.Link, A=Dictionary(S=Name.SubmitForm))),
        ACTIVE,
    ),
    "rich media": (samples.pdf(with_annotation(Subtype=Name.RichMedia)), ACTIVE),
    "an attachment": (samples.pdf(with_attachment), ACTIVE),
    "an XFA form": (samples.pdf(with_xfa), ACTIVE),
    "a password": (
        samples.pdf(encryption=pikepdf.Encryption(owner="secret", user="secret")),
        LOCKED,
    ),
    "a password for changes": (samples.pdf(encryption=OPEN_TO_READ), LOCKED),
    "no pages": (samples.pdf(without_pages), DAMAGED),
    "a cut": (samples.pdf()[:200], DAMAGED),
    "nothing but its first word": (b"%PDF-1.7\n", DAMAGED),
    "something before it": (b"<script>alert(1)</script>" + samples.pdf(), MISMATCH),
    "gigabytes packed in it": (samples.lzw_bomb(), DAMAGED),
}
REFUSED = {
    "an empty file": ("report.pdf", b"", EMPTY),
    "a program": ("setup.exe", b"MZ" * 100, TYPES),
    "a program called PDF": ("report.pdf", b"MZ" * 100, MISMATCH),
    "a web page": ("report.html", b"<html></html>", TYPES),
    "a PDF called Word": ("report.docx", samples.pdf(), MISMATCH),
    "a Word document called PDF": ("report.pdf", samples.docx(), MISMATCH),
    "a Word document called Excel": ("report.xlsx", samples.docx(), MISMATCH),
    "a Word document with macros by its name": ("report.docm", samples.docx(), TYPES),
    "a plain ZIP called Word": ("report.docx", samples.zipped({"a.txt": "a"}), MISMATCH),
    "a ZIP with something before it": ("report.docx", b"MZ" + samples.docx(), MISMATCH),
    "an old Word document": ("report.docx", samples.ole({"WordDocument": b"x"}), MISMATCH),
    "a Word document with a password": (
        "report.docx",
        samples.ole({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}),
        LOCKED,
    ),
    "a docm renamed": (
        "report.docx",
        samples.docx(
            **{"[Content_Types].xml": "application/vnd.ms-word.document.macroEnabled.main+xml"}
        ),
        ACTIVE,
    ),
    "macros": ("report.docx", samples.docx(**{"word/vbaProject.bin": b"x"}), ACTIVE),
    "macros under another name": (
        "report.docx",
        samples.docx(
            **{
                "[Content_Types].xml": samples.WORD_TYPES
                + '<Override ContentType="application/vnd.ms-office.vbaProject"/>'
            }
        ),
        ACTIVE,
    ),
    "ActiveX": ("report.docx", samples.docx(**{"word/activeX/activeX1.xml": b"x"}), ACTIVE),
    "a program inside": ("report.docx", samples.docx(**{"word/media/image1.exe": b"x"}), ACTIVE),
    "a packed program": (
        "report.docx",
        samples.docx(**{"word/embeddings/oleObject1.bin": samples.ole({"\x01Ole10Native": b"MZ"})}),
        ACTIVE,
    ),
    "a template from elsewhere": (
        "report.docx",
        remote("attachedTemplate", "https://evil.example/t.dotm"),
        ACTIVE,
    ),
    "a template from a share": (
        "report.docx",
        remote("attachedTemplate", "file://///evil.example/t.dotm"),
        ACTIVE,
    ),
    "a picture that is fetched": (
        "report.docx",
        remote("image", "https://evil.example/pixel.png"),
        ACTIVE,
    ),
    "an object from a share": (
        "report.docx",
        remote("oleObject", "file://evil.example/share/x.doc"),
        ACTIVE,
    ),
    "entities in a list": (
        "report.docx",
        samples.docx(**{"word/_rels/document.xml.rels": "<!DOCTYPE x [<!ENTITY y 'z'>]><x/>"}),
        DAMAGED,
    ),
    "a way out": ("report.docx", samples.docx(**{"../../evil.xml": "x"}), DAMAGED),
    "a way out, from Windows": ("report.docx", samples.docx(**{"..\\evil.xml": "x"}), DAMAGED),
    "an absolute name": ("report.docx", samples.docx(**{"/etc/cron.d/evil": "x"}), DAMAGED),
    "a link": ("report.docx", samples.with_link(), DAMAGED),
    "the same name twice": ("report.docx", samples.twice_the_same(), DAMAGED),
    "a bomb": ("report.docx", samples.docx(**{"word/big.xml": bytes(30_000_000)}), DAMAGED),
    "a bomb that lies about its size": ("report.docx", samples.lying_zip(), DAMAGED),
    "very many parts": (
        "report.docx",
        samples.docx(**{f"word/{number}.xml": "" for number in range(3001)}),
        DAMAGED,
    ),
    "a damaged part": ("report.docx", samples.with_damaged_part(), DAMAGED),
    "a part with a password": ("report.docx", samples.with_locked_part(), LOCKED),
    "a cut ZIP": ("report.docx", samples.docx()[:-30], DAMAGED),
    "Basic in OpenDocument": (
        "report.odt",
        samples.opendocument("text", **{"Basic/Standard/Module1.xml": "x"}),
        ACTIVE,
    ),
    "OpenDocument with a password": (
        "report.odt",
        samples.opendocument("text", **{"META-INF/manifest.xml": "<manifest:encryption-data/>"}),
        LOCKED,
    ),
    "a sheet called text": ("report.odt", samples.opendocument("spreadsheet"), MISMATCH),
    "a script in HWPX": (
        "report.hwpx",
        samples.hwpx(**{"Scripts/sourceScripts": "evil();".encode("utf-16")}),
        ACTIVE,
    ),
    "HWPX called HWP": ("report.hwp", samples.hwpx(), MISMATCH),
    "another OLE file called HWP": ("report.hwp", samples.ole({"WordDocument": b"x"}), MISMATCH),
    "HWP with a password": ("report.hwp", samples.hwp(flags=0b11), LOCKED),
    "HWP for distribution": ("report.hwp", samples.hwp(flags=0b101), LOCKED),
    "HWP with a macro": (
        "report.hwp",
        samples.hwp(script="function OnDocument_Open() { Evil.run(); }"),
        ACTIVE,
    ),
    "HWP with a macro behind a comment": (
        "report.hwp",
        samples.hwp(script="// /*\r\nEvil.run();\r\n// */"),
        ACTIVE,
    ),
    "HWP with a packed program": (
        "report.hwp",
        samples.hwp(
            **{"BinData/BIN0001.OLE": samples.deflated(samples.ole({"\x01Ole10Native": b"MZ"}))}
        ),
        ACTIVE,
    ),
    "a cut HWP": ("report.hwp", samples.hwp()[:3000], DAMAGED),
}
TAKEN = {
    "report.pdf": samples.pdf(),
    "OLD REPORT.PDF": samples.pdf(object_stream_mode=pikepdf.ObjectStreamMode.disable),
    "first-page.pdf": samples.pdf(on_opening(Array([0, Name.Fit]))),
    "chapter.pdf": samples.pdf(on_opening(Dictionary(S=Name.GoTo, D=String("one")))),
    "linked.pdf": samples.pdf(
        with_annotation(Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("https://oecd.org")))
    ),
    "report.docx": samples.docx(),
    "own-template.docx": remote("attachedTemplate", r"file:///C:\Users\kim\Normal.dotm"),
    "linked.docx": remote("hyperlink", "https://www.oecd.org/dac/"),
    "formula.docx": samples.docx(
        **{"word/embeddings/oleObject1.bin": samples.ole({"Equation Native": b"x"})}
    ),
    "report.xlsx": samples.openxml("spreadsheetml.sheet"),
    "slides.pptx": samples.openxml("presentationml.presentation"),
    "report.odt": samples.opendocument("text"),
    "report.ods": samples.opendocument("spreadsheet"),
    "slides.odp": samples.opendocument("presentation"),
    "report.hwpx": samples.hwpx(),
    "scripted.hwpx": samples.hwpx(
        **{"Scripts/sourceScripts": samples.DEFAULT_SCRIPT.encode("utf-16")}
    ),
    "report.hwp": samples.hwp(),
    "chart.hwp": samples.hwp(**{"BinData/BIN0001.OLE": samples.ole({"Contents": b"chart"})}),
    "보고서 최종(진짜).hwp": samples.hwp(),
}


def refuse(name: str, content: bytes) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        checked_document(samples.upload(name, content))
    with translation.override("en"):
        return refused.value.messages


@pytest.mark.parametrize("what", PDF)
def test_checked_document_refuses_a_pdf_with(what, tmp_path):
    content, message = PDF[what]

    assert refuse("report.pdf", content) == [message]
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize("what", REFUSED)
def test_checked_document_refuses(what, tmp_path):
    name, content, message = REFUSED[what]

    assert refuse(name, content) == [message]
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize("name", TAKEN)
def test_checked_document_takes_as_it_came(name):
    taken = checked_document(samples.upload(name, TAKEN[name]))

    assert taken.read() == TAKEN[name]
    assert taken.name == f"file.{name.rsplit('.', 1)[1].lower()}"


def test_checked_document_says_how_large_a_large_file_is(settings, tmp_path):
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    content = samples.pdf() + bytes(3 * 1024 * 1024)

    messages = refuse("report.pdf", content)

    assert messages == ["This file is 3.1 MB. Make it 1 MB or smaller and attach it again."]
    assert left_behind(tmp_path) == []


def test_javascript_sample_is_hidden_in_an_object_stream():
    """The test above proves something only if the word cannot be found by searching the file."""
    assert b"JavaScript" not in samples.pdf(in_object_stream)


def test_lying_zip_sample_says_less_than_it_holds():
    with zipfile.ZipFile(io.BytesIO(samples.lying_zip())) as archive:
        assert archive.getinfo("word/big.xml").file_size == struct.calcsize("<I")
