"""Speaking addresses made from titles; Korean is romanised by the official rules of 2000."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from django.db import models
from django.utils.text import slugify

# Sounds in the order of Unicode's Hangul block.
_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split()
_FINALS = ["", *"ㄱ ㄲ ㄱㅅ ㄴ ㄴㅈ ㄴㅎ ㄷ ㄹ ㄹㄱ ㄹㅁ ㄹㅂ ㄹㅅ ㄹㅌ ㄹㅍ ㄹㅎ".split()]
_FINALS += "ㅁ ㅂ ㅂㅅ ㅅ ㅆ ㅇ ㅈ ㅊ ㅋ ㅌ ㅍ ㅎ".split()

_AS_INITIAL = dict(
    zip(_INITIALS, "g kk n d tt r m b pp s ss - j jj ch k t p h".split(), strict=True)
)
_AS_INITIAL["ㅇ"] = ""
# What is left of a final consonant when nothing is drawn over to the next syllable.
_AS_FINAL = {"ㄱ": "k", "ㄲ": "k", "ㅋ": "k", "ㄴ": "n", "ㄹ": "l", "ㅁ": "m", "ㅂ": "p", "ㅍ": "p"}
_AS_FINAL |= {"ㅇ": "ng", "": "", "ㅎ": ""}
_AS_FINAL |= dict.fromkeys("ㄷㅅㅆㅈㅊㅌ", "t")
_NASAL = {"k": "ng", "t": "n", "p": "m"}
# Of two final consonants, which one is heard: the first, but for these.
_SECOND_IS_HEARD = {"ㄹㄱ": "ㄱ", "ㄹㅁ": "ㅁ", "ㄹㅍ": "ㅂ"}
_PALATAL = {"ㄷ": "j", "ㅌ": "ch"}
_ASPIRATED = {"ㄱ": "k", "ㄷ": "t", "ㅈ": "ch"}

HANGUL = re.compile("[가-힣]+")


def romanised(text: str) -> str:
    """The text with every run of Hangul in Latin letters: `부산 2024` becomes `busan 2024`."""
    return HANGUL.sub(lambda run: _romanised_word(run[0]), unicodedata.normalize("NFC", text))


def _romanised_word(word: str) -> str:
    syllables = [_parts(letter) for letter in word]
    letters, onset = [], _AS_INITIAL[syllables[0][0]]
    for (_initial, vowel, final), following in zip(syllables, [*syllables[1:], None], strict=True):
        end, next_onset = _joint(final, following)
        letters += [onset, vowel, end]
        onset = next_onset
    return "".join(letters)


def _parts(syllable: str) -> tuple[str, str, str]:
    index = ord(syllable) - ord("가")
    return _INITIALS[index // 588], _VOWELS[index % 588 // 28], _FINALS[index % 28]


def _joint(final: str, following: tuple[str, str, str] | None) -> tuple[str, str]:
    """How a final consonant and the beginning of the next syllable are written together."""
    if following is None:
        return _AS_FINAL[_heard(final)], ""
    initial, vowel, _final = following
    if initial == "ㅇ" and final not in ("", "ㅇ"):
        return _drawn_over(final, vowel)
    if final.endswith("ㅎ") and initial in _ASPIRATED:
        return _AS_FINAL[final[:-1]], _ASPIRATED[initial]
    return _assimilated(_AS_FINAL[_heard(final)], _AS_INITIAL[initial])


def _heard(final: str) -> str:
    return _SECOND_IS_HEARD.get(final, final[:1])


def _drawn_over(final: str, vowel: str) -> tuple[str, str]:
    """Before a vowel the last consonant is spoken with the next syllable: 옥인 is `ogin`."""
    stays, moves = final[:-1], final[-1]
    if moves == "ㅎ":
        return "", _AS_INITIAL[stays] if stays else ""
    if moves in _PALATAL and vowel == "i":
        return _AS_FINAL[stays], _PALATAL[moves]
    return _AS_FINAL[stays], _AS_INITIAL[moves]


def _assimilated(end: str, onset: str) -> tuple[str, str]:
    """Neighbouring consonants become alike: 신라 is `silla`, 백마 `baengma`, 종로 `jongno`."""
    if (end, onset) in (("n", "r"), ("l", "n"), ("l", "r")):
        return "l", "l"
    if onset == "r" and end:
        end, onset = _NASAL.get(end, end), "n"
    elif onset in ("n", "m"):
        end = _NASAL.get(end, end)
    return end, onset


def speaking(texts: Iterable[str | None], *, otherwise: str, length: int) -> str:
    """A slug of at most `length` letters from the first text that gives one, cut between words."""
    for text in texts:
        words = slugify(romanised(text or "")).split("-")
        slug = ""
        for word in filter(None, words):
            longer = f"{slug}-{word}" if slug else word[:length]
            if len(longer) > length:
                break
            slug = longer
        if slug:
            return slug
    return otherwise


def free_slug(
    model: type[models.Model], field: str, texts: Iterable[str | None], *, taken: Iterable[str] = ()
) -> str:
    """A speaking value of the slug field `field` that no row of the model has yet."""
    longest = model._meta.get_field(field).max_length  # type: ignore[union-attr]
    wanted = speaking(texts, otherwise=str(model._meta.model_name), length=(longest or 50) - 4)
    rows = model._default_manager.filter(**{f"{field}__startswith": wanted})
    used = {*taken, *rows.values_list(field, flat=True)}
    candidate, number = wanted, 1
    while candidate in used:
        number += 1
        candidate = f"{wanted}-{number}"
    return candidate
