"""What a reader is shown of objects whose words are found in another language."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from oda_portal.search.queries import search, suggest
from oda_portal.search.results import Piece
from programs.models import Document
from tests.factories import ArticleFactory, OfficeFactory, ProgramFactory

WorkOff = Callable[[], None]
KOREAN_ONLY = {f"{name}_{code}": "" for name in ("title", "summary") for code in ("en", "zh_hans")}


def text_of(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def test_own_language_is_shown_and_others_are_named(work_off: WorkOff):
    ProgramFactory(title_ko="KOICA 연수", title_en="KOICA course", title_zh_hans="KOICA研修")
    work_off()

    (hit,) = search("koica", language="en").hits
    assert (hit.language, hit.is_foreign, hit.also_in) == ("en", False, ["ko", "zh-hans"])
    assert hit.url.startswith("/en/programs/")


def test_title_is_the_readers_and_the_snippet_the_one_that_was_found(work_off: WorkOff):
    ProgramFactory(title_ko="항구", title_en="Harbour", summary_ko="옛 등대를 고쳤다")
    work_off()

    (hit,) = search("등대", language="en").hits
    assert (text_of(hit.title), hit.title_language, hit.is_foreign) == ("Harbour", "en", False)
    assert (text_of(hit.snippet), hit.language) == ("옛 등대를 고쳤다", "ko")
    assert [piece.text for piece in hit.snippet if piece.marked] == ["등대"]
    assert hit.also_in == ["ko"]
    assert hit.url.startswith("/en/programs/")


def test_words_of_another_title_stand_in_the_snippet(work_off: WorkOff):
    ProgramFactory(title_ko="등대", title_en="Lighthouse", summary_ko="바닷가에서")
    work_off()

    (hit,) = search("등대", language="en").hits
    assert text_of(hit.title) == "Lighthouse"
    assert text_of(hit.snippet) == "등대 – 바닷가에서"
    assert [piece.text for piece in hit.snippet if piece.marked] == ["등대"]


def test_what_has_no_text_in_the_readers_language_is_marked_so(work_off: WorkOff):
    ProgramFactory(title_ko="등대", **KOREAN_ONLY)
    work_off()

    (hit,) = search("등대", language="en").hits
    assert (hit.language, hit.title_language, hit.is_foreign) == ("ko", "ko", True)
    assert hit.also_in == []


def test_a_title_of_another_language_says_its_own(work_off: WorkOff):
    ProgramFactory(title_ko="등대", **{**KOREAN_ONLY, "summary_en": "By the sea"})
    work_off()

    for asked in ("sea", "등대"):
        (hit,) = search(asked, language="en").hits
        assert (text_of(hit.title), hit.title_language) == ("등대", "ko")
        assert (text_of(hit.snippet), hit.language, hit.is_foreign) == ("By the sea", "en", False)
    assert [row.language for row in suggest("등대", language="en")] == ["ko"]


def test_a_suggestion_is_the_title_that_is_typed(work_off: WorkOff):
    ProgramFactory(title_ko="등대", title_en="Lighthouse")
    work_off()

    (row,) = suggest("등대", language="en")
    assert (row.title, row.language, row.url[:4]) == ("등대", "ko", "/en/")


def test_a_document_keeps_its_address(work_off: WorkOff):
    document = Document(program=ProgramFactory(), title_ko="등대 보고서", title_en="Report")
    document.file.save("report.pdf", ContentFile(b"%PDF-1.4"), save=True)
    work_off()

    hits = search("등대", language="en").hits
    assert [(text_of(hit.title), hit.url) for hit in hits] == [
        ("Report", document.get_absolute_url())
    ]


@pytest.mark.thorough
@pytest.mark.parametrize("rows", [1, 50])
def test_own_titles_take_no_more_queries(work_off: WorkOff, rows: int):
    for number in range(rows):
        ProgramFactory(title_ko=f"등대 {number}", title_en=f"Lighthouse {number}")
        ArticleFactory(title_ko=f"등대 {number}", title_en=f"Lighthouse {number}")
    work_off()
    search("등대", language="en")

    with CaptureQueriesContext(connection) as asked:
        hits = search("등대", language="en").hits
    assert {text_of(hit.title).split()[0] for hit in hits} == {"Lighthouse"}
    assert sum('"page_cache"' not in query["sql"] for query in asked) == 3


@pytest.mark.parametrize(("prefix", "title", "snippet"), [("/en", "", ' lang="ko"'), ("", "", "")])
def test_page_says_the_language_of_title_and_snippet(
    client: Client, work_off: WorkOff, prefix: str, title: str, snippet: str
):
    OfficeFactory()
    ProgramFactory(code="port", title_ko="항구", title_en="Harbour", summary_ko="옛 등대")
    work_off()

    page = client.get(f"{prefix}/search/?q=등대").content.decode()

    assert f'<h3><a href="{prefix}/programs/port/"{title}>' in page
    assert f"<p{snippet}>옛 <mark>등대</mark></p>" in page
    assert "In Korean" not in page
    assert ("Also found in:" in page) == (prefix == "/en")


def test_page_says_that_a_title_is_of_another_language(client: Client, work_off: WorkOff):
    OfficeFactory()
    ProgramFactory(code="port", title_ko="등대", **{**KOREAN_ONLY, "summary_en": "By the sea"})
    work_off()

    page = client.get("/en/search/?q=sea").content.decode()

    assert '<h3><a href="/en/programs/port/" lang="ko">등대</a></h3>' in page
    assert "<p>By the <mark>sea</mark></p>" in page
