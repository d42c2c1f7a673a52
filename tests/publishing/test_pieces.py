"""Pieces of pages that are written once: when they are written anew, and for whom never kept."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.db import connection
from django.template import Context, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from oda_portal.previewing.looking import Look, looking
from oda_portal.publishing import pieces
from oda_portal.publishing.freshness import raise_generation
from programs.models import Program
from tests.factories import OfficeFactory, ProgramFactory

pytestmark = pytest.mark.django_db


def cards(rows: object) -> str:
    template = Template("{% load programmes %}{% program_cards rows %}")
    return template.render(Context({"rows": rows}))


def asked_for(rows: object) -> tuple[str, int]:
    """The cards, and how many questions they took."""
    with CaptureQueriesContext(connection) as queries:
        found = cards(rows)
    return found, sum('"page_cache"' not in query["sql"] for query in queries)


def newest() -> object:
    return Program.objects.published().newest_first()


def test_a_card_that_is_written_is_not_fetched_again():
    first, second = ProgramFactory.create_batch(2)
    cards([first])
    both, several = asked_for(newest())
    again, one = asked_for(newest())

    assert both == again
    assert one == 1 < several
    assert both.index(second.title_ko) < both.index(first.title_ko)


def test_a_change_writes_them_anew():
    program = ProgramFactory(title_ko="항만 연수")
    assert "항만 연수" in cards(newest())

    Program.objects.filter(pk=program.pk).update(title_ko="수산 연수")
    assert "항만 연수" in cards(newest())

    raise_generation()
    assert "수산 연수" in cards(newest())


def test_a_preview_neither_sees_cards_nor_leaves_any():
    program = ProgramFactory(title_ko="항만 연수")
    cards(newest())
    Program.objects.filter(pk=program.pk).update(title_ko="수산 연수")

    with looking(Look(stand_ins=lambda row: [])):
        assert "수산 연수" in cards(newest())

    assert "항만 연수" in cards(newest())


def test_each_language_has_its_own():
    ProgramFactory(title_ko="항만 연수", title_en="Ports", title_zh_hans="港口")
    found = {}
    for language in ("ko", "en", "zh-hans"):
        with override(language):
            found[language] = cards(newest())

    assert "항만 연수" in found["ko"]
    assert "Ports" in found["en"]
    assert "港口" in found["zh-hans"]


def test_too_many_begin_anew(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pieces, "MOST", 3)
    ProgramFactory.create_batch(5)
    cards(newest())

    assert cards(newest()).count("<li") == 5
    assert len(pieces.pieces()) <= 5


def test_what_somebody_says_stands_in_nobody_elses_form(client: Client):
    OfficeFactory()
    ProgramFactory()
    for said in ("%20" * 50, "port", "%E1%84%92" * 101):
        client.get(f"/en/programs/?q={said}")

    box = re.search(r'<input[^>]*id="id_q"[^>]*>', client.get("/en/programs/").text)

    assert box
    assert "value=" not in box[0]


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_home_is_the_same_when_written_and_when_kept(client: Client, prefix: str):
    OfficeFactory()
    ProgramFactory.create_batch(2)
    written = client.get(f"{prefix}/").content
    client.cookies[settings.SESSION_COOKIE_NAME] = "past-the-page-cache"
    kept = client.get(f"{prefix}/").content

    assert body_of(kept) == body_of(written)


def body_of(page: bytes) -> bytes:
    return page.split(b"<main")[1].split(b"</main>")[0]
