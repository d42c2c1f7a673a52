"""Whoever wrote it cannot be read out of it; what says nothing about them stays."""

from __future__ import annotations

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from oda_portal.reviews.blinding import Identity, Mask

HONG = Identity(
    names=("홍길동", "HONG GILDONG", "홍길동", ""),
    emails=("gildong.hong97@example.org",),
    telephones=("+821012345678",),
    affiliations=("부산대학교 국제학부",),
)


def masked(text: str, identity: Identity = HONG) -> str:
    with translation.override("en"):
        return Mask(identity)(text)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("저는 홍길동입니다.", "저는 [hidden]입니다."),
        ("홍 길 동이라고 합니다", "[hidden]이라고 합니다"),
        ("홍·길·동", "[hidden]"),
        ("길동이는 성실합니다", "[hidden]이는 성실합니다"),
        ("\u1112\u1169\u11bc\u1100\u1175\u11af\u1103\u1169\u11bc", "[hidden]"),
        ("홍\u200b길\u200b동", "[hidden]"),
        ("My name is Hong Gildong.", "My name is [hidden]."),
        ("my name is hong gil-dong", "my name is [hidden]"),
        ("Call me GIL DONG", "Call me [hidden]"),
        ("GildongHong on every network", "[hidden] on every network"),
        ("Ｇｉｌｄｏｎｇ", "[hidden]"),
        ("Gildong은 저입니다", "[hidden]은 저입니다"),
        ("I lived in Hong Kong", "I lived in [hidden] Kong"),
    ],
)
def test_names_are_hidden_however_they_are_written(text, left):
    assert masked(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "gildong.hong97@example.org",
        "somebody@naver.com",
        "some.body (at) naver (dot) com",
        "somebody＠naver.com",
        "@gildong_travels",
        "https://blog.naver.com/gd?x=1",
        "www.example.org/me",
        "instagram.com/gd",
        "010-1234-5678",
        "010 1234 5678",
        "01012345678",
        "+82 10 1234 5678",
        "10-1234-5678",
        "(051) 123-4567",
        "13812345678",
        "부산대학교 국제학부",
        "부산대학교",
        "부산대",
        "부산 대학교",
        "한빛고등학교",
        "Pusan National University",
        "University of Busan",
        "busan national university",
    ],
)
def test_addresses_numbers_and_schools_are_hidden_whole(text):
    assert masked(f"앞 {text} 뒤") == "앞 [hidden] 뒤"
    assert masked(f"before, {text}, after") == "before, [hidden], after"


@pytest.mark.parametrize(
    "text",
    [
        "2019-2020년에 봉사했습니다.",
        "2023.03.01 ~ 2024.02.28, 120시간",
        "초등학교에서 아이들을 가르쳤습니다.",
        "부산에서 태어나 부산에 삽니다. 동쪽 길을 따라 걸었습니다.",
        "홍보와 기획을 맡았습니다.",
        "I speak English well. I want to teach children what I know, and to learn.",
        "我想教小学生中文，也想学习当地文化。",
        "TOPIK 6급, HSK 5급, TOEIC 900",
        "한 줄\n\n다음 줄",
    ],
)
def test_what_says_nothing_about_the_person_stays_as_it_is(text):
    assert masked(text) == text


def test_names_of_many_scripts_are_hidden():
    mask = {
        "NGUYEN THI MAI": ("Tôi là Nguyễn Thị Mai.", "Tôi là [hidden]."),
        "李小明": ("我叫李小明，小明是我的名字", "我叫[hidden]，[hidden]是我的名字"),
        "남궁민수": ("민수, 궁민수 그리고 남궁 민수", "[hidden], [hidden] 그리고 [hidden]"),
        "Айгүл Сатыбалды": ("Меня зовут АЙГҮЛ", "Меня зовут [hidden]"),
        "LI AN": ("Li and An and also an alliance", "[hidden] and [hidden] and also an alliance"),
        "Dư": ("Dư", "Dư"),
    }
    for name, (text, left) in mask.items():
        assert masked(text, Identity(names=(name,))) == left, name


@pytest.mark.parametrize("name", ["李梅", "이솔", "李 梅", "梅"])
def test_a_name_of_two_signs_hides_no_more_than_itself(name):
    text = "Teaching children what I know."

    assert masked(text, Identity(names=(name,))) == text
    if len(name) > 1:
        assert masked(f"({name})", Identity(names=(name,))) == "([hidden])"


def test_the_word_for_what_is_hidden_is_of_the_readers_language():
    shown = set()
    for language in ("ko", "en", "zh-hans"):
        with translation.override(language):
            shown.add(Mask(HONG)("홍길동"))

    assert "[hidden]" in shown
    assert not any("홍" in text for text in shown)


def test_nobody_to_hide_is_no_matter():
    assert masked("Plain words.", Identity()) == "Plain words."


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_name_is_hidden_whatever_stands_around_it(before, after):
    hidden = masked(f"{before} 홍길동 {after}")

    assert "홍길동" not in hidden


@pytest.mark.parametrize("unit", ["가", "a", "1", "a.", " ", "-", "A ", "@", "a@", "大", "홍 "])
def test_long_texts_of_one_sign_are_read_to_their_end(unit):
    """With patterns that try every way to read them this would not end."""
    text = unit * (6000 // len(unit))

    assert masked(text) == text
    assert masked(f"{text} 홍길동") == f"{text} [hidden]"
