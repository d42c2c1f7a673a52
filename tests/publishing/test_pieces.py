"""Pieces of pages that are written once: when they are written anew, and for whom never kept."""

from __future__ import annotations

import re
from contextvars import Context
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import Context as TemplateContext
from django.template import Template
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import override

from news.models.articles import Kind as Kinds
from oda_portal.previewing.looking import Look, looking
from oda_portal.publishing import freshness, pieces
from oda_portal.publishing.actions import withdraw
from oda_portal.publishing.freshness import (
    GENERATION,
    PageCacheMiddleware,
    generation,
    one_generation,
    public,
    raise_generation,
)
from programs.models import Program
from programs.models.program import Kind
from tests.factories import (
    ArticleFactory,
    ForumFactory,
    OfficeFactory,
    PoolFactory,
    ProgramFactory,
    ThemeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def cards(rows: object) -> str:
    template = Template("{% load programmes %}{% program_cards rows %}")
    return template.render(TemplateContext({"rows": rows}))


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
    ProgramFactory.create_batch(5)
    monkeypatch.setattr(pieces, "MOST", len(cards(newest())) - 1)
    (another,) = ProgramFactory.create_batch(1)

    assert cards([another]).count("<li") == 1
    assert len(pieces.pieces()) == 1
    assert cards(newest()).count("<li") == 6


def test_what_was_read_before_a_change_is_not_kept_after_it(rf: RequestFactory):
    @public
    def view(request: HttpRequest) -> HttpResponse:
        caches["pages"].set(GENERATION, "raised elsewhere", timeout=None)
        pieces.pieces()["read before"] = SafeString("old")
        return HttpResponse()

    view(rf.options("/"))

    assert generation() == "raised elsewhere"
    assert "read before" not in pieces.pieces()


def test_a_request_that_writes_reads_by_one_generation_too(rf: RequestFactory):
    def answer(request: HttpRequest) -> HttpResponse:
        before = generation()
        caches["pages"].set(GENERATION, "raised elsewhere", timeout=None)
        return HttpResponse(str(generation() == before))

    assert PageCacheMiddleware(answer)(rf.post("/")).content == b"True"


def test_pieces_are_begun_anew_when_the_clock_is_put_back():
    pieces.pieces().begun = timezone.now() + timedelta(hours=1)

    pieces.pieces()["written"] = SafeString("now")

    assert "written" in pieces.pieces()


def test_what_was_read_before_others_began_is_not_added_to_theirs():
    with one_generation():
        generation()
        theirs = Context().run(pieces.pieces)
        pieces.pieces()["read before"] = SafeString("old")

    assert pieces.pieces() is theirs
    assert not theirs


def test_what_was_read_before_something_was_published_is_not_kept_after_it():
    now = timezone.now()
    ProgramFactory(publish_at=now - timedelta(seconds=2))

    with one_generation():
        freshness._reading.get().begun = now - timedelta(seconds=5)  # type: ignore[union-attr]
        pieces.pieces()["read before"] = SafeString("old")

    assert "read before" not in pieces.pieces()


def test_what_somebody_says_stands_in_nobody_elses_form(client: Client):
    OfficeFactory()
    ProgramFactory()
    for said in ("%20" * 50, "port", "%E1%84%92" * 101):
        client.get(f"/en/programs/?q={said}")

    box = re.search(r'<input[^>]*id="id_q"[^>]*>', client.get("/en/programs/").text)

    assert box
    assert "value=" not in box[0]


PREFIXES = ("", "/en", "/zh-hans")


@pytest.fixture
def paths() -> list[str]:
    """Of pages whose parts are written once, with what they show beside their own record."""
    OfficeFactory()
    program, _related = ProgramFactory.create_batch(2, kind=Kind.TRAINING)
    theme = ThemeFactory()
    for each in Program.objects.all():
        each.themes.add(theme)
    article, _older = ArticleFactory.create_batch(2)
    article.programs.add(program)
    forum = ForumFactory(
        pool=PoolFactory(capacity=3),
        registration_opens_at=timezone.now(),
        registration_closes_at=timezone.now() + timedelta(days=1),
    )
    records = [program, article, forum]
    return ["/", *(record.get_absolute_url() for record in records)]


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_page_is_the_same_when_written_and_when_kept(
    client: Client, paths: list[str], prefix: str
):
    written = [client.get(f"{prefix}{path}").content for path in paths]
    client.cookies[settings.SESSION_COOKIE_NAME] = "past-the-page-cache"
    kept = [client.get(f"{prefix}{path}").content for path in paths]

    assert [parts_of(page) for page in kept] == [parts_of(page) for page in written]


def test_what_somebody_asks_with_stands_in_nobody_elses_page(client: Client, paths: list[str]):
    for path in paths:
        client.get(f"{path}?made=up-by-somebody&page=7&kind=notice")

    for path in paths:
        page = client.get(path).text
        assert "up-by-somebody" not in page
        assert "page=7" not in page
        assert 'kind=notice" rel=' not in page  # of its neighbours in a list


def test_a_page_that_is_asked_for_with_another_query_asks_for_its_record_alone(
    client: Client, paths: list[str]
):
    for path in paths:
        client.get(path)
    asked = []
    for path in paths:
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{path}?from=elsewhere")
        asked.append(
            sum('cache"' not in each["sql"] for each in queries if "SELECT" in each["sql"])
        )

    assert asked == [0, 1, 1, 1]


def test_neighbours_of_an_article_are_those_of_the_list_that_led_to_it(client: Client):
    OfficeFactory()
    newest = datetime(2026, 3, 3, tzinfo=UTC)
    kinds = [Kinds.NOTICE, Kinds.STORY, Kinds.NOTICE]
    first, between, last = (
        ArticleFactory(kind=kind, registered_at=newest - timedelta(days=days))
        for days, kind in enumerate(kinds)
    )
    path = last.get_absolute_url()

    every, notices = client.get(path).text, client.get(f"{path}?kind=notice").text

    assert f'href="{between.get_absolute_url()}" rel="next"' in every
    assert f'href="{first.get_absolute_url()}?kind=notice" rel="next"' in notices


def test_what_is_taken_down_is_on_no_page_of_another_record(
    client: Client, paths: list[str], django_capture_on_commit_callbacks
):
    client.cookies[settings.SESSION_COOKIE_NAME] = "past-the-page-cache"
    shown, related = Program.objects.order_by("pk")[:2]
    path = shown.get_absolute_url()
    assert related.title_ko in client.get(path).text

    with django_capture_on_commit_callbacks(execute=True):
        withdraw(related, by=UserFactory())

    assert related.title_ko not in client.get(path).text


def parts_of(page: bytes) -> tuple[bytes, bytes]:
    """What machines are told, and what readers see."""
    machines = page.split(b'<meta property="og:site_name"')[1].split(b'<meta name="theme-color"')[0]
    return machines, page.split(b"<main")[1].split(b'<div class="wrap page-foot">')[0]
