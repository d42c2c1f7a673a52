"""The questions of `known_answers.py`, asked of the demonstration; the same in both databases."""

from __future__ import annotations

from collections import Counter

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from oda_portal.languages import bare_path
from oda_portal.privacy import consent_texts
from oda_portal.search.places import all_places
from oda_portal.search.queries import search

from .known_answers import FIRST, QUESTIONS
from .samples import PREFIXES


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("code", "forgives", "text", "place", "address"),
    QUESTIONS,
    ids=[f"{code}-{forgives}-{text}" for code, forgives, text, *_answer in QUESTIONS],
)
def test_known_answer(
    demonstration: None, code: str, forgives: str, text: str, place: str, address: str
):
    results = search(text, language=code)
    found = [bare_path(page.url) for page in (*results.places, *results.hits)]

    assert address in (found[:1] if place == FIRST else found)


def test_there_are_thirty_and_more_of_each_language():
    asked = Counter(code for code, *_rest in QUESTIONS)

    assert set(asked) == {"ko", "en", "zh-hans"}
    assert min(asked.values()) >= 30


@pytest.mark.thorough
@pytest.mark.parametrize("prefix", PREFIXES)
def test_every_page_that_is_no_row_opens(demonstration: None, client: Client, prefix: str):
    language = prefix.strip("/") or settings.LANGUAGE_CODE
    consent_texts.load(in_force=True)
    for place in all_places():
        with translation.override(language):
            title = str(place.title)
        (named,) = [one for one in search(title, language=language).places if one.title == title]

        response = client.get(named.url)

        # Pages of one's own ask to sign in first.
        assert response.status_code == 200 or "/accounts/login/" in response.headers["Location"]


def test_a_language_does_not_matter_to_what_is_found(demonstration: None):
    totals = {code: search("울란바토르", language=code).total for code in ("ko", "en", "zh-hans")}

    assert len(set(totals.values())) == 1
    assert totals["ko"] > 5
