"""Folding, tokens and questions: what a text is looked up by."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oda_portal.search.fields import Tokens
from oda_portal.search.folding import composed, fold_alike, simplified
from oda_portal.search.questions import MAX_TEXT, MAX_WORDS, question
from oda_portal.search.tokens import MOST_TOKENS, stem, tokens_of


@pytest.mark.parametrize(
    ("written", "tokens"),
    [
        ("부산시청", "부산 산시 시청 청"),
        ("부산 시청", "부산 산시 시청 청"),
        ("부산, 시청", "부산 산 | 시청 청"),
        ("코이카(KOICA)", "코이 이카 카 | koica |"),
        ("2025년 연수", "2025 년연 연수 수"),
        ("釜山廣域市", "釜山 山广 广域 域市 市"),
        ("Kindergartens’ volunteers", "kindergarten volunt"),
        ("Busan’s policy", "busan polici"),
        ("Côte d’Ivoire", "cote d ivoir"),
        ("Đà Nẵng", "da nang"),
        ("ＯＤＡ１２", "oda 12"),
        ("Санкт-Петербург", "санкт | петербург"),
        ("ភ្នំ", "ភ្ ្ន នំ ំ"),
        ("", ""),
    ],
)
def test_tokens(written: str, tokens: str):
    assert tokens_of(written) == tokens.split()


def test_accents_written_apart_are_the_same():
    assert tokens_of("Valparai\u0301so") == tokens_of("Valparaíso")


def test_korean_written_in_parts_is_the_same():
    import unicodedata

    assert tokens_of(unicodedata.normalize("NFD", "울란바토르")) == tokens_of("울란바토르")


def test_table_of_old_characters():
    table = simplified()

    assert 2_000 < len(table) < 4_000
    assert [table[letter] for letter in "獎廣開緬臺爲衆"] == list("奖广开缅台为众")
    # Folding twice changes nothing.
    assert not set(table) & set(table.values())


def test_a_long_text_keeps_to_the_positions_that_postgresql_knows():
    assert len(tokens_of("가나다라" * 10_000)) == MOST_TOKENS < 16_383


@given(st.text())
def test_folded_text_stands_where_the_original_stands(text: str):
    whole = composed(text)

    assert len(fold_alike(whole)) == len(whole)


@given(st.text())
def test_tokens_have_nothing_that_a_database_takes_for_a_sign(text: str):
    for token in tokens_of(text):
        assert not set(token) & set(" '\\%_:&!()<>\0=")


@given(st.text())
def test_any_text_is_a_question(text: str):
    asked = question(text)

    assert len(asked.words) <= MAX_WORDS
    assert len(asked.text) <= MAX_TEXT
    assert bool(asked.words) == bool(asked.text)


@pytest.mark.parametrize("text", ["", "   ", "\0", "\u3000", "'", '"', "%", "!!! ---", "​"])
def test_no_word_is_no_question(text: str):
    assert question(text).text == ""
    assert not question(text).words


@pytest.mark.parametrize(
    ("text", "is_cut"),
    [
        ("부" * 100, False),
        ("부" * 101, True),
        ("x" * 10_000, True),
        ("가 나 다 라 마 바 사 아 자 차 카", True),
    ],
)
def test_a_long_question_is_cut_and_says_so(text: str, is_cut: bool):
    assert question(text).was_cut is is_cut


def asked_for(text: str) -> list[list[str]]:
    return [[" ".join(phrase.tokens) for phrase in word.phrases] for word in question(text).words]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("부산에서", [["부산 산에 에서", "부산"]]),
        ("몽골의 유치원", [["몽골 골의", "몽골"], ["유치 치원"]]),
        ("어린이", [["어린 린이"]]),
        ("강의", [["강의"]]),
        ("the city of Hanoi", [["citi"], ["hanoi"]]),
        ("the", [["the"]]),
        ("제12회", [["제 12 회"]]),
        ("Phnom-Penh", [["phnom"], ["penh"]]),
        ("' OR 1=1; --", [["1"]]),
        ("<b>부산</b>", [["b"], ["부산"]]),
        ("a & !b | (c <-> d):*", [["b"], ["c"], ["d"]]),
    ],
)
def test_words_of_a_question(text: str, words: list[list[str]]):
    assert asked_for(text) == words


def test_one_character_is_the_beginning_of_pairs():
    (word,) = question("강").words

    assert word.as_tsquery() == "('강':*)" or word.as_tsquery() == "(강:*)"


def test_vector_in_its_text_form():
    tokens = Tokens(("부산", "|", "산시", "부산"), frozenset({"=kind:news"}))

    assert tokens.as_tsvector() == "부산:1,4 산시:3 '=kind:news'"
    assert tokens.as_text() == " 부산 | 산시 부산 | =kind:news "


def test_stems_are_the_same_in_threads():
    words = [f"{begin}{end}" for begin in ("volunteer", "cooperat") for end in ("ing", "ed", "s")]
    alone = [stem.__wrapped__(word) for word in words]

    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(stem.__wrapped__, words * 500))

    assert together == alone * 500
