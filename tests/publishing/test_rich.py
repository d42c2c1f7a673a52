"""Rich text: what the editor offers and what is kept are the same."""

from __future__ import annotations

import pytest
from django_prose_editor.config import allowlist_from_extensions

from oda_portal.pages.models import Page
from oda_portal.publishing.rich import EXTENSIONS
from oda_portal.publishing.texts import ALLOWED_ATTRIBUTES, ALLOWED_TAGS, clean_html
from tests.factories import PageFactory

# Every tag and every attribute that is allowed, once at least.
EVERYTHING = (
    "<h2>둘</h2><h3>셋</h3><h4>넷</h4>"
    "<p><strong>굵게</strong> <em>기울여</em> H<sub>2</sub>O m<sup>2</sup><br>"
    '<a href="https://example.org/" title="제목" hreflang="en" rel="noopener">글</a></p>'
    '<ul><li><p>하나</p></li></ul><ol start="3"><li><p>셋째</p></li></ol>'
    "<blockquote><p>따온 말</p></blockquote><hr>"
    "<table><caption>표 이름</caption>"
    '<thead><tr><th scope="col" colspan="3"><p>머리</p></th></tr></thead>'
    '<tbody><tr><th scope="row" rowspan="2"><p>줄</p></th><td rowspan="2"><p>칸</p></td>'
    "<td><p>칸</p></td></tr><tr><td><p>칸</p></td></tr>"
    '<tr><td colspan="3"><p>칸</p></td></tr></tbody></table>'
)
# What the editor writes besides, and its dialogs do not offer.
UNOFFERED = {"a": {"rel"}, "ol": {"type", "data-type"}}


@pytest.mark.django_db
def test_rich_text_keeps_all_that_is_allowed():
    page = PageFactory(body_ko=EVERYTHING)
    page.save()

    kept = Page.objects.get().body_ko

    assert sorted_attributes(kept) == sorted_attributes(EVERYTHING)
    for tag in ALLOWED_TAGS:
        assert f"<{tag}" in EVERYTHING
    for tag, names in ALLOWED_ATTRIBUTES.items():
        for name in names:
            assert f' {name}="' in EVERYTHING, (tag, name)


def sorted_attributes(html: str) -> list[str]:
    """Tags and words, each tag with its attributes in one order."""
    parts = html.replace("<", "\n<").replace(">", "\n").splitlines()
    return [" ".join(sorted(part.split())) for part in parts]


def test_rich_text_keeps_all_that_the_editor_offers():
    offered = allowlist_from_extensions(EXTENSIONS)

    assert offered["tags"] <= ALLOWED_TAGS
    for tag, names in offered["attributes"].items():
        assert names - UNOFFERED.get(tag, set()) <= ALLOWED_ATTRIBUTES[tag], tag
    # The editor draws captions and keeps them, but makes none.
    assert ALLOWED_TAGS - offered["tags"] == {"caption"}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("<tr><th>가</th><th>나</th></tr><tr><td>1</td></tr>",
         "<thead><tr><th>가</th><th>나</th></tr></thead><tbody><tr><td>1</td></tr></tbody>"),
        ("<tr><th>가</th></tr><tr><th>나</th></tr><tr><td>1</td></tr>",
         "<thead><tr><th>가</th></tr><tr><th>나</th></tr></thead><tbody><tr><td>1</td></tr></tbody>"),
        ("<tr><th>가</th><td>나</td></tr>", "<tbody><tr><th>가</th><td>나</td></tr></tbody>"),
    ],
)  # fmt: skip
def test_rows_of_headings_alone_become_the_head_of_their_table(rows: str, expected: str):
    for caption in ("", "<caption>이름</caption>"):
        once = clean_html(f"<table>{caption}<tbody>{rows}</tbody></table>")

        assert once == f"<table>{caption}{expected}</table>"
        assert clean_html(once) == once


@pytest.mark.parametrize(
    "part",
    ["<table><caption>x", "<table><tr><th>", "<table><tbody><tr><th>x</th>", "<th>", "<tr><th>x"],
)
def test_cleaning_comes_to_an_end_however_deep_and_wide_tables_are(part: str):
    wide = clean_html(f"<table><tbody><tr>{'<th>x</th>' * 5_000}</tr></tbody></table>")
    deep = clean_html((part * 60_000)[:60_000])

    assert wide.count("<th>x</th>") == 5_000
    assert clean_html(wide) == wide
    assert deep.count("<table>") == deep.count("</table>")
