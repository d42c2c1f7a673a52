"""A common word is looked for among what is new; nobody can tell by what is found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from oda_portal.search import found_by_text, queries, windows
from oda_portal.search.queries import search
from oda_portal.search.windows import month_label
from tests.doors import sign_in_staff
from tests.factories import ArticleFactory, ProgramFactory, StaffFactory


def test_labels_of_months():
    assert month_label(date(2026, 3, 31)) == "=month:202603"
    assert month_label(None) == "=month:none"


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no such index")
def test_a_common_word_is_looked_for_in_the_newest_months(
    work_off: Callable[[], None], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(queries, "MOST", 3)
    monkeypatch.setattr(windows, "FEWEST", 20)
    for number in range(24):
        day = date(2000 + number, 6, 1)
        ProgramFactory(title_ko=f"등대 {number}", starts_on=day, ends_on=day)
    work_off()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE search_searchentry")
    caches["pages"].clear()

    with CaptureQueriesContext(connection) as asked:
        found = search("등대", language="ko")

    assert any("=month:202306" in query["sql"] for query in asked)
    assert not any("=month:200006" in query["sql"] for query in asked)
    titles = ["".join(piece.text for piece in hit.title) for hit in found.hits]
    assert titles == ["등대 23", "등대 22", "등대 21"]
    assert found.is_capped
    # Where the newest months have too little of it, all are asked.
    (hit,) = search("등대", language="ko", year="2000").hits
    assert hit.date == date(2000, 6, 1)


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no such index")
def test_the_back_office_finds_what_is_older_than_many_of_another_kind(
    client: Client, work_off: Callable[[], None], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(found_by_text, "MOST_BY_TEXT", 3)
    monkeypatch.setattr(windows, "FEWEST", 20)
    sign_in_staff(client, StaffFactory())
    for number in range(24):
        day = date(2000 + number, 6, 1)
        ProgramFactory(title_ko=f"등대 {number}", starts_on=day, ends_on=day)
    old = datetime(1999, 6, 1, tzinfo=UTC)
    found = ArticleFactory(title_ko="소식", body_ko="<p>등대가 선다.</p>", registered_at=old)
    work_off()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE search_searchentry")
    caches["pages"].clear()

    page = client.get(reverse("admin:news_article_changelist") + "?q=등대")

    assert list(page.context["cl"].queryset) == [found]
