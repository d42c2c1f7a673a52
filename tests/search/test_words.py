"""Words as readers really type them: counters, small words, other spellings."""

from __future__ import annotations

import pytest

from oda_portal.search.questions import Question, question


def plain(text: str) -> list[str]:
    return [word.plain[0] for word in question(text).words]


def forms(text: str) -> tuple[str, ...]:
    (word,) = question(text).words
    return word.plain


@pytest.mark.parametrize(
    ("typed", "figure"),
    [
        *(("2022년", "2022"), ("2022년에", "2022"), ("2022년도", "2022"), ("3월", "3")),
        *(("11기", "11"), ("25명", "25"), ("2회", "2"), ("10개", "10"), ("2022年", "2022")),
    ],
)
def test_a_counter_may_be_left_out(typed: str, figure: str):
    assert forms(typed)[0] == typed
    assert figure in forms(typed)


@pytest.mark.parametrize("typed", ["제11기", "2022년생", "년", "월드컵", "107"])
def test_other_words_with_figures_stay_whole(typed: str):
    assert forms(typed)[0] == typed
    assert not any(form.isdigit() for form in forms(typed)[1:])


def test_a_chinese_year_may_stand_before_its_word():
    assert plain("2022年蒙古") == ["2022年", "蒙古"]
    assert plain("2022年度报告") == ["2022年度报告"]
    assert plain("2022年的") == ["2022年的"]


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("How do I apply?", ["apply"]),
        ("What can I do in Mongolia", ["mongolia"]),
        ("where is my certificate", ["certificate"]),
        ("what is it", ["what", "is", "it"]),
        ("training in IT", ["training", "it"]),
        ("WHO", ["who"]),
        ("who is WHO", ["who"]),
        ("HOW TO APPLY", ["apply"]),
    ],
)
def test_small_english_words_are_left_out(typed: str, asked: list[str]):
    assert plain(typed) == asked


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        *(("호치민", "호찌민"), ("호치민에서", "호찌민"), ("호치민시", "호찌민시")),
        *(("사이공", "호찌민"), ("버마", "미얀마"), ("아이보리코스트", "코트디부아르")),
        *(("Saigon", "ho chi minh"), ("Burma", "myanmar"), ("Ivory Coast", "cote d'ivoire")),
        *(("ivory-coast", "cote d'ivoire"), ("Côte d’Ivoire", "ivory coast"), ("西貢", "胡志明")),
        *(("e-mail", "email"), ("E-Mail", "email"), ("email", "e.mail"), ("Türkiye", "turkey")),
    ],
)
def test_another_spelling_is_asked_for_too(typed: str, other: str):
    assert other in forms(typed)


def test_a_name_of_several_words_is_one_word_among_others():
    assert plain("forests of Ivory Coast, today") == ["forests", "ivory coast", "today"]
    assert plain("coast of ivory") == ["coast", "ivory"]


def test_a_name_with_a_sign_is_asked_for_across_its_break():
    asked: Question = question("email")

    assert asked.words[0].as_tsquery() == "(email | e <2> mail)"
    assert [phrase.as_text() for phrase in asked.words[0].phrases] == [" email ", " e | mail "]
