"""Words that more entries have than are looked at: what is counted, hidden and offered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oda_portal.search import objects, queries, windows
from oda_portal.search.queries import search, suggest
from oda_portal.search.results import Kind
from programs.models import CountryShare
from tests.factories import CountryFactory

from .samples import in_korean, program, titles

WorkOff = Callable[[], None]


def test_a_common_word_is_counted_to_the_most_and_says_so(work_off: WorkOff, monkeypatch):
    monkeypatch.setattr(queries, "MOST", 5)
    for number in range(7):
        program(f"등대 {number}", starts_on=date(2000 + number, 1, 1))
    old = program("옛 등대", kind="forum", starts_on=date(1990, 1, 1))
    work_off()

    found = search("등대", language="ko")
    assert (found.total, found.is_capped, found.kinds) == (5, True, [(Kind.PROGRAM, None)])
    assert titles(found)[0] == "등대 6"
    # Of a kind that is seldom the old ones are found all the same, and counted.
    forums = search("등대", language="ko", kind="forum")
    assert (titles(forums), forums.total, forums.is_capped) == ([old.title_ko], 1, False)
    assert forums.kinds == found.kinds


def test_a_common_word_offers_only_what_everybody_may_see(work_off: WorkOff, monkeypatch):
    monkeypatch.setattr(queries, "MOST", 8)
    monkeypatch.setattr(objects, "JUDGED_MORE", 0)
    for number in range(15):
        program(f"등대 {number}", starts_on=date(2000, 1, 1 + number))
    hidden = program("등대 비밀", kind="forum", starts_on=date(2024, 1, 1))
    CountryShare.objects.create(program=hidden, country=CountryFactory(code="VN"))
    # Behind the first page, and yet offered.
    far = program("등불", kind="forum", summary_ko="등대", starts_on=date(2001, 1, 1))
    CountryShare.objects.create(program=far, country=CountryFactory(code="LA"))
    work_off()
    hidden.withdraw(by=None)

    found = search("등대", language="ko")
    assert found.is_capped
    assert found.kinds == [(Kind.PROGRAM, None), (Kind.FORUM, None)]
    assert (found.countries, found.years) == (["LA"], [2001, 2000])

    far.withdraw(by=None)
    found = search("등대", language="ko")
    assert (found.kinds, found.countries, found.years) == ([(Kind.PROGRAM, None)], [], [2000])
    assert search("등대", language="ko", kind="program").kinds == [(Kind.PROGRAM, None)]


def test_a_common_word_hides_what_is_not_public(work_off: WorkOff, monkeypatch):
    monkeypatch.setattr(queries, "MOST", 8)
    monkeypatch.setattr(objects, "JUDGED_MORE", 1)
    rows = [program(f"등대 {number}", starts_on=date(2000 + number, 1, 1)) for number in range(9)]
    work_off()

    for row in rows[2:]:
        row.withdraw(by=None)

    assert in_korean("등대") == ["등대 1"]
    assert [row.title for row in suggest("등대", language="ko")] == ["등대 1"]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no windows")
def test_a_word_that_is_in_few_of_many_entries_is_found_through_its_index(
    work_off: WorkOff, monkeypatch
):
    for number in range(6):
        program(f"등대 {number}", starts_on=date(2000 + number, 1, 1))
    program("해녀 박물관", starts_on=None)
    program("해녀 합창단", starts_on=date(2001, 1, 1))
    work_off()
    known = windows.Known([("=month:200501", 9)], {"등대": 0.9})
    monkeypatch.setattr(windows, "_known", lambda: known)
    caches["pages"].delete(windows.KEY)

    with CaptureQueriesContext(connection) as asked:
        found = search("해녀", language="ko")

    assert titles(found) == ["해녀 박물관", "해녀 합창단"]
    assert "ORDER BY COALESCE" in asked[0]["sql"]
    with CaptureQueriesContext(connection) as asked:
        assert search("등대", language="ko").total == 6
    assert "ORDER BY COALESCE" not in asked[0]["sql"]
    caches["pages"].delete(windows.KEY)
