"""Names that readers know by another spelling: whoever types one is shown what has any of them.

Places, mostly: renamed since the reader went to school, or written in Korean in more than one way.
Only names that mean nothing else are here: 상해 is Shanghai and an injury, 광주 is two cities.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from .folding import fold
from .tokens import UNSPACED

# Each line is one thing. Order does not matter, nor do capitals, accents and hyphens.
SAME = """
Ho Chi Minh, Saigon
호찌민, 호치민, 사이공
胡志明, 西贡
Viet Nam, Vietnam
베트남, 월남
Myanmar, Burma
미얀마, 버마
Yangon, Rangoon
양곤, 랑군
Côte d’Ivoire, Cote dIvoire, Ivory Coast
코트디부아르, 아이보리코스트
科特迪瓦, 象牙海岸
Ulaanbaatar, Ulan Bator, Ulaan Baatar
울란바토르, 울란바타르
프놈펜, 프놈팬
사마르칸트, 사마르칸드
타슈켄트, 타쉬켄트
Laos, Lao PDR
Timor-Leste, East Timor
Türkiye, Turkey
튀르키예, 터키
Czechia, Czech Republic
Saint Petersburg, St Petersburg
상트페테르부르크, 상트페테르부르그
Kyrgyzstan, Kyrgyz Republic
키르기스스탄, 키르기즈스탄
우즈베키스탄, 우즈벡
Almaty, Alma-Ata
알마티, 알마아타
Mumbai, Bombay
뭄바이, 봄베이
Kyiv, Kiev
키이우, 키예프
Beijing, Peking
베이징, 북경
email, e-mail
"""

_BETWEEN = re.compile(r"[ .']+")


@lru_cache(maxsize=1)
def _same() -> dict[str, list[str]]:
    """For each name, folded, the others of its line."""
    lines = [[fold(name) for name in line.split(", ")] for line in SAME.split("\n") if line]
    return {name: [other for other in line if other != name] for line in lines for name in line}


@lru_cache(maxsize=1)
def words_in() -> re.Pattern[str]:
    """The words of a folded question, with names of several words taken for one."""
    several = sorted((name for name in _same() if _BETWEEN.search(name)), key=len, reverse=True)
    names = [r"[ .']+".join(map(re.escape, _BETWEEN.split(name))) for name in several]
    return re.compile(rf"(?<!\w)(?:{'|'.join(names)})(?!\w)|[^\s.']+")


def spelt_otherwise(word: str) -> Iterator[str]:
    """The word with other spellings of the name that it is, or that is in it."""
    if others := _same().get(_as_written(word)):
        yield from others
    elif name := _unspaced_names().search(word):
        for other in _same()[name.group()]:
            yield word.replace(name.group(), other)


def _as_written(word: str) -> str:
    """As the name stands in the table, whichever signs are between its parts."""
    return _by_parts().get(tuple(_BETWEEN.split(word)), word)


@lru_cache(maxsize=1)
def _by_parts() -> dict[tuple[str, ...], str]:
    return {tuple(_BETWEEN.split(name)): name for name in _same()}


@lru_cache(maxsize=1)
def _unspaced_names() -> re.Pattern[str]:
    names = [name for name in _same() if re.fullmatch(f"[{UNSPACED}]+", name)]
    return re.compile("|".join(sorted(names, key=len, reverse=True)))
