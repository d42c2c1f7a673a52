"""The questions of `known_answers.py`, asked of the demonstration; the same in both databases."""

from __future__ import annotations

from collections import Counter

import pytest

from oda_portal.languages import bare_path
from oda_portal.search.queries import search

from .known_answers import FIRST, QUESTIONS


@pytest.mark.parametrize(
    ("code", "forgives", "text", "place", "address"),
    QUESTIONS,
    ids=[f"{code}-{forgives}-{text}" for code, forgives, text, *_answer in QUESTIONS],
)
def test_known_answer(
    demonstration: None, code: str, forgives: str, text: str, place: str, address: str
):
    found = [bare_path(hit.url) for hit in search(text, language=code).hits]

    assert address in (found[:1] if place == FIRST else found)


def test_there_are_thirty_of_each_language():
    assert Counter(code for code, *_rest in QUESTIONS) == {"ko": 30, "en": 30, "zh-hans": 30}


def test_a_language_does_not_matter_to_what_is_found(demonstration: None):
    totals = {code: search("울란바토르", language=code).total for code in ("ko", "en", "zh-hans")}

    assert len(set(totals.values())) == 1
    assert totals["ko"] > 5
