"""Hostile, broken and foreign files: one clear sentence each, and no harm."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from django.utils import translation

from oda_portal.opendata.iati.reading import Document, Limits, UnreadableError, raw_text

EXAMPLE = (Path(__file__).parent / "iati_example.xml").read_text(encoding="utf-8")
OPEN, CLOSE = b'<iati-activities version="2.03">', b"</iati-activities>"
PADDING = b"<!--" + b"x" * 5000 + b"-->"
LAUGHS = b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 20) for n in range(12))
BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaaaaaaaa">' + LAUGHS + b"]>" + OPEN + b"<iati-activity>"


def read(content: bytes, limits: Limits | None = None) -> int:
    return sum(1 for _record in Document(content, limits).records())


def refusal(content: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(UnreadableError) as refused, translation.override("en"):
        read(content, limits)
    return str(refused.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"PK\x03\x04", "This is not an XML file."),
        (b"a,b,c\n1,2,3", "This is not an XML file."),
        (b'{"iati": true}', "This is not an XML file."),
        (b"<!DOCTYPE html><html></html>", "web page (HTML)"),
        (b"<HTML><body></HTML>", "web page (HTML)"),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>', "web page (HTML)"),
        (b'<rss version="2.0"/>', "<rss>"),
        (b'<iati-activities xmlns="urn:x" version="2.03"/>', "not an IATI file"),
        (b"<iati-activities/>", "which version"),
        (b'<iati-activities version="1.05"><iati-activity/></iati-activities>', "1.05"),
        (b'<iati-activities version="2.04"/>', "2.04"),
        (EXAMPLE.encode()[:5000], "breaks off"),
        (EXAMPLE.encode()[:-20], "breaks off"),
        (OPEN + b"<a></b>" + CLOSE, "not well-formed XML, line 1"),
        (EXAMPLE.encode("cp949", "replace"), "encoding"),
        (EXAMPLE.encode().replace(b"UTF-8", b"KLINGON"), "encoding"),
        (OPEN + b"<a>" * 1000 + CLOSE, "nested deeper"),
        (OPEN + b"<a>" + b"x" * 11_000_000 + b"</a>" + CLOSE, "holds more"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(content: bytes, sentence: str):
    said = refusal(content)

    assert sentence in said
    assert "\n" not in said


@pytest.mark.parametrize("before", [b"", PADDING], ids=["at once", "behind a long comment"])
@pytest.mark.parametrize(
    "declared",
    [
        BOMB + b"&m;</iati-activity>" + CLOSE,
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + OPEN + b"&e;" + CLOSE,
        b'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>' + OPEN + CLOSE,
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">' + OPEN + CLOSE,
    ],
    ids=["bomb", "outside file", "outside parameter", "outside DTD"],
)
def test_declared_entities_are_refused_at_once(before: bytes, declared: bytes):
    began = time.process_time()

    assert "entities" in refusal(before + declared)
    assert time.process_time() - began < 1


def many(sign: str, number: int) -> bytes:
    return " ".join(sign.format(n) for n in range(number)).encode()


@pytest.mark.parametrize(
    "content",
    [
        OPEN[:-1] + b" " + many('xmlns:n{0}="u{0}"', 50_000) + b"><iati-activity/>" + CLOSE,
        OPEN + b"<iati-activity " + many('xmlns:n{0}="u{0}"', 50_000) + b"/>" + CLOSE,
        OPEN + b"<iati-activity>" + many('<x:y xmlns:x="u{0}"/>', 50_000) + b"</iati-activity>",
        OPEN[:-1] + b" " + many('a{0}=""', 5_000) + b"><iati-activity/>" + CLOSE,
        OPEN + b"<iati-activity><a " + many('a{0}=""', 5_000) + b"/></iati-activity>" + CLOSE,
        OPEN + b'<iati-activity xmlns:x="u">' + b"<x:y/>" * 500_000 + b"</iati-activity>" + CLOSE,
        OPEN + b"<iati-activity>" + b'<a xml:lang="k"/>' * 300_000 + b"</iati-activity>" + CLOSE,
        OPEN + b'<iati-activity xmlns:x="' + b"u" * 1_000 + b'"/>' + CLOSE,
    ],
    ids=[
        "root",
        "record",
        "in a record",
        "attributes",
        "of an element",
        "named",
        "languages",
        "long",
    ],
)
def test_more_names_than_iati_needs_are_refused_at_once(content: bytes):
    began = time.process_time()

    assert "namespaces or attributes" in refusal(content)
    assert time.process_time() - began < 5


@pytest.mark.parametrize("filling", [b"<?a b?>", b"<!---->", b"<!--x--> "])
def test_half_a_million_instructions_or_comments_are_passed_over(filling: bytes):
    began = time.process_time()
    document = Document(OPEN + filling * 300_000 + b"<iati-activity/>" + filling * 9 + CLOSE)

    assert [len(part) for part in document.parts()] == [1]
    assert time.process_time() - began < 20


def test_namespaces_of_the_root_are_in_the_text_of_records_that_use_them_alone():
    namespaces = b" ".join(b'xmlns:n%d="urn:%d"' % (n, n) for n in range(90))
    document = Document(
        OPEN[:-1] + b" " + namespaces + b' n1:of="x"><iati-activity/><iati-activity n7:a="1"/>'
        + CLOSE
    )  # fmt: skip

    assert [raw_text(record) for record in document.records()] == [
        "<iati-activity/>",
        '<iati-activity xmlns:n7="urn:7" n7:a="1"/>',
    ]


def test_bomb_in_another_encoding_is_refused():
    assert "entities" in refusal(BOMB.decode().encode("utf-16"))


def test_limits_hold():
    assert "1 MB" in refusal(OPEN + b" " * 1_000_000 + CLOSE, Limits(1_000_000, 10))
    activities = OPEN + b"<iati-activity/>" * 11 + CLOSE
    assert "10 activities" in refusal(activities, Limits(1_000_000, 10))
    assert read(activities, Limits(1_000_000, 11)) == 11


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "euc-kr"])
def test_declared_encodings_are_read(encoding: str):
    text = EXAMPLE.replace("示例", "").replace("UTF-8", encoding.removesuffix("-sig"))

    assert read(text.encode(encoding, "xmlcharrefreplace")) == 4


def test_parts_have_everything_once_and_in_order():
    numbered = b"".join(b'<iati-activity n="%d"/><x:y xmlns:x="u"/>' % n for n in range(7))
    document = Document(OPEN + b"<!-- first -->" + numbered + CLOSE)

    parts = list(document.parts(3))

    assert [len(part.findall("iati-activity")) for part in parts] != [7]
    found = [record.get("n") for part in parts for record in part.findall("iati-activity")]
    assert found == [str(n) for n in range(7)]
    assert not any(part.findall("{u}y") for part in parts)


def test_activities_inside_something_else_are_none_of_the_file():
    inside = OPEN + b"<iati-activity/><x><iati-activity/></x>" + CLOSE

    assert read(inside) == 1


def test_raw_text_can_be_read_again():
    document = Document(
        OPEN
        + '<iati-activity xml:lang="ko"><a>물 &amp; 길</a>  tail</iati-activity>'.encode()
        + CLOSE
    )
    [raw] = [raw_text(record) for record in document.records()]

    assert raw == '<iati-activity xml:lang="ko"><a>물 &amp; 길</a>  tail</iati-activity>'
    assert read(OPEN + raw.encode() + CLOSE) == 1


@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
def test_sentences_come_in_the_active_language(language: str):
    with translation.override(language), pytest.raises(UnreadableError) as refused:
        Document(b"")
    assert str(refused.value)
