from __future__ import annotations

import pytest

from oda_portal.certificates import names


@pytest.mark.parametrize(
    ("name", "script", "shown"),
    [
        ("김철수", "hangul", "김○○"),
        ("남궁 민", "hangul", "남○○"),
        ("张伟", "hanzi", "张○○"),
        ("Kim Cheolsu", "latin", "K○○ C○○"),
        ("Өнөрбаяр Бат", "cyrillic", "Ө○○ Б○○"),
        ("", "hangul", ""),
    ],
)
def test_masked_leaves_the_first_sign_and_hides_the_length(name, script, shown):
    assert names.masked(name, script) == shown


def test_clean_composes_and_takes_away_what_cannot_be_seen():
    assert names.clean(" Nguye\u0302\u0303n\u200b\tThi\u0323 \u202eÁnh\n") == "Nguyễn Thị Ánh"
    assert names.clean("김철수") == "김철수"


def test_known_as_goes_by_the_reader():
    both = {"hangul": "김철수", "latin": "Kim Cheolsu"}

    assert names.known_as(both, "ko") == ("김철수", "hangul")
    assert names.known_as(both, "en") == ("Kim Cheolsu", "latin")
    assert names.known_as(both, "zh-hans") == ("Kim Cheolsu", "latin")
    assert names.known_as({}, "ko") == ("", "")
