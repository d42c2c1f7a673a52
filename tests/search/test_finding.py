"""What is found, in which order, what is hidden, and how it is shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oda_portal.publishing.models import Publishable
from oda_portal.search import queries
from oda_portal.search.queries import search, suggest
from oda_portal.search.results import Kind
from programs.models import CountryShare, Document, Program
from tests.factories import (
    ArticleFactory,
    CityFactory,
    CountryFactory,
    PageFactory,
    ProgramFactory,
    StaffFactory,
)

from .samples import in_korean, program, titles

WorkOff = Callable[[], None]


def test_every_word_must_stand_there(work_off: WorkOff):
    program("바다 연수")
    program("바다 봉사")
    work_off()

    assert in_korean("바다 봉사") == ["바다 봉사"]
    assert in_korean("바다 축제") == []


def test_title_comes_before_text_and_the_very_name_before_all(work_off: WorkOff):
    program("다른 이름", summary_ko="등대를 고쳤다", starts_on=date(2025, 1, 1))
    program("옛 등대 이야기", starts_on=date(2010, 1, 1))
    program("등대", starts_on=date(2001, 1, 1))
    work_off()

    assert in_korean("등대") == ["등대", "옛 등대 이야기", "다른 이름"]


def test_what_is_as_good_comes_newest_first(work_off: WorkOff):
    for year in (2019, 2023, 2021):
        program(f"등대 {year}", starts_on=date(year, 1, 1))
    work_off()

    assert in_korean("등대") == ["등대 2023", "등대 2021", "등대 2019"]


def test_nothing_is_found_across_a_break(work_off: WorkOff):
    program("해운. 대나무")
    work_off()

    assert in_korean("운대") == []


HIDDEN = {
    "taken down": lambda row: row.withdraw(by=None),
    "expired": lambda row: type(row).objects.filter(pk=row.pk).update(expire_at=timezone.now()),
    "not yet": lambda row: (
        type(row).objects.filter(pk=row.pk).update(publish_at=timezone.now() + timedelta(hours=1))
    ),
    "deleted": lambda row: row.delete(),
}


@pytest.mark.parametrize("how", HIDDEN)
@pytest.mark.parametrize("factory", [ProgramFactory, ArticleFactory, CityFactory, PageFactory])
def test_what_is_not_public_is_gone_at_once(work_off: WorkOff, factory: type, how: str):
    row: Publishable = factory()
    name = row.name_ko if hasattr(row, "name_ko") else row.title_ko  # type: ignore[attr-defined]
    work_off()
    assert name in in_korean(name)
    assert suggest(name, language="ko")

    HIDDEN[how](row)  # and the queue stands still

    found = search(name, language="ko")
    assert name not in titles(found)
    assert not suggest(name, language="ko")
    assert found.total == sum(number or 0 for _kind, number in found.kinds) == 0


def test_a_draft_is_found_in_the_moment_in_which_it_is_published(work_off: WorkOff):
    row = program("등대", status="draft")
    work_off()
    assert in_korean("등대") == []

    row.publish(by=StaffFactory())

    assert in_korean("등대") == ["등대"]


def test_the_clock_shows_what_is_due(work_off: WorkOff):
    row = program("등대", publish_at=timezone.now() + timedelta(hours=1))
    work_off()
    assert in_korean("등대") == []

    Program.objects.filter(pk=row.pk).update(publish_at=timezone.now() - timedelta(seconds=1))

    assert in_korean("등대") == ["등대"]


def test_documents_follow_their_programme(work_off: WorkOff):
    owner = program("사업")
    document = Document(program=owner, title_ko="등대 보고서")
    document.file.save("report.pdf", ContentFile(b"%PDF-1.4"), save=True)
    work_off()
    (hit,) = search("등대", language="en").hits
    assert (hit.kind, hit.url) == (Kind.DOCUMENT, document.get_absolute_url())

    owner.withdraw(by=None)

    assert in_korean("등대") == []


def test_home_city_has_no_page_and_is_not_found(work_off: WorkOff):
    CityFactory(name_ko="등대시", relation="home")
    work_off()

    assert in_korean("등대시") == []


def test_forums_are_programmes_of_a_kind_of_their_own(work_off: WorkOff):
    program("등대 포럼", kind="forum")
    work_off()

    assert [hit.kind for hit in search("등대", language="ko").hits] == [Kind.FORUM]


def test_filters_and_what_they_offer(work_off: WorkOff):
    vietnam, laos = CountryFactory(code="VN"), CountryFactory(code="LA")
    first = program("등대 하나", starts_on=date(2018, 3, 1), ends_on=date(2020, 3, 1))
    second = program("등대 둘", kind="forum", starts_on=date(2022, 3, 1), ends_on=date(2022, 3, 2))
    CountryShare.objects.create(program=first, country=vietnam)
    CountryShare.objects.create(program=second, country=laos)
    work_off()

    found = search("등대", language="ko")
    assert found.kinds == [(Kind.PROGRAM, 1), (Kind.FORUM, 1)]
    assert found.countries == ["LA", "VN"]
    assert found.years == [2022, 2020, 2019, 2018]
    assert in_korean("등대", kind="forum") == ["등대 둘"]
    assert in_korean("등대", country="VN") == ["등대 하나"]
    assert in_korean("등대", year="2019") == ["등대 하나"]
    assert in_korean("등대", year="2019", country="LA") == []
    assert search("등대", language="ko", kind="forum").kinds == found.kinds


@pytest.mark.parametrize(
    "filters",
    [
        *({"kind": "x"}, {"kind": "' OR 1"}),
        *({"country": "XX"}, {"country": "V%"}, {"country": "\0"}, {"country": "=in:VN"}),
        *({"year": "9999"}, {"year": "99999"}, {"year": "%"}, {"year": "이천"}),
    ],
)
def test_unknown_values_of_filters_find_nothing(work_off: WorkOff, filters: dict[str, str]):
    program("등대", starts_on=date(2020, 1, 1))
    work_off()

    assert search("등대", language="ko", **filters).hits == []


@pytest.mark.parametrize(
    "text",
    [
        *("'", "''", "\\", "%", "_", "등대'", "등대\\", "등대%", "(등대", "등대:*A", "!등대"),
        *("등대 & | <->", "등대'; DROP TABLE search_searchentry; --", "<script>등대"),
        *("=kind:program", "등대\0"),
    ],
)
def test_signs_in_a_question_are_signs(work_off: WorkOff, text: str):
    program("등대")
    work_off()

    found = search(text, language="ko")

    assert found.total in (0, 1)
    extra_words = "DROP" in text or "script" in text
    assert titles(found) == (["등대"] if "등대" in text and not extra_words else [])


@pytest.mark.parametrize("page", [0, -1, 2, 10**9])
def test_pages_that_are_not_there_have_no_hits(work_off: WorkOff, page: int):
    program("등대")
    work_off()

    found = search("등대", language="ko", page=page)
    assert (found.hits, found.total, found.pages) == ([], 1, 1)


def test_pages(work_off: WorkOff):
    for number in range(queries.PER_PAGE + 3):
        program(f"등대 {number}")
    work_off()

    first, second = search("등대", language="ko"), search("등대", language="ko", page=2)
    assert (len(first.hits), len(second.hits), first.pages) == (queries.PER_PAGE, 3, 2)
    assert len({*titles(first), *titles(second)}) == first.total == queries.PER_PAGE + 3


def marked(pieces: list) -> list[str]:  # type: ignore[type-arg]
    return [piece.text for piece in pieces if piece.marked]


@pytest.mark.parametrize(
    ("code", "text", "asked", "shown"),
    [
        ("ko", "먼 바다의 등대를 고쳤다", "등대에서", ["등대"]),
        ("ko", "자매 마을을 고쳤다", "자매마을", ["자매 마을"]),
        ("ko", "<b>등대</b> & 바다", "등대", ["등대"]),
        ("en", "Volunteers were volunteering", "volunteer", ["Volunteers", "volunteering"]),
        ("en", "From Côte d’Ivoire", "cote ivoire", ["Côte", "Ivoire"]),
        ("zh-hans", "为獎学金而来", "奖学金", ["獎学金"]),
    ],
)
def test_snippet_marks_what_was_found(
    work_off: WorkOff, code: str, text: str, asked: str, shown: list[str]
):
    column = f"summary_{code.replace('-', '_')}"
    ProgramFactory(**{column: text})
    work_off()

    (hit,) = search(asked, language=code).hits
    assert marked(hit.snippet) == shown
    assert "".join(piece.text for piece in hit.snippet) == text


def test_snippet_of_a_long_text_shows_where_the_words_are(work_off: WorkOff):
    program(
        "사업", summary_ko="가나 다라. " * 40 + "먼 바다의 등대를 고쳤다. " + "마바 사아. " * 40
    )
    work_off()

    (hit,) = search("등대", language="ko").hits
    whole = "".join(piece.text for piece in hit.snippet)
    assert marked(hit.snippet) == ["등대"]
    assert whole.startswith("… ")
    assert whole.endswith("\u00a0…")
    assert len(whole) < 140


def test_suggestions_complete_the_last_word(work_off: WorkOff):
    ProgramFactory(title_ko="등대 연수", title_en="Lighthouse training", summary_en="A harbour")
    work_off()

    assert [row.title for row in suggest("light", language="en")] == ["Lighthouse training"]
    assert [row.title for row in suggest("training ligh", language="en")] == ["Lighthouse training"]
    assert [row.title for row in suggest("등", language="ko")] == ["등대 연수"]
    # Titles alone: a text would be a surprise.
    assert suggest("harbour", language="en") == []
    assert suggest("  ", language="en") == []


@pytest.mark.parametrize("rows", [1, 50])
def test_number_of_queries(work_off: WorkOff, rows: int):
    for number in range(rows):
        ProgramFactory(title_ko=f"등대 {number}")
        ArticleFactory(title_ko=f"등대 {number}")
    work_off()
    search("등대", language="ko")

    with CaptureQueriesContext(connection) as asked:
        assert search("등대", language="ko", kind="news", year="").total == rows
    assert sum('"page_cache"' not in query["sql"] for query in asked) == 3
