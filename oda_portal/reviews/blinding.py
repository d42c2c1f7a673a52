"""Masking who somebody is in what they wrote, before a single byte of it is sent.

Rather a word too much than a name: “Hong” is hidden in “Hong Kong” when the applicant is a Hong.
What nobody can know beforehand, a nickname or a friend’s name, stays.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

# Scripts of which one sign says little and two may say who it is: Hangul and Han.
_SYLLABIC = re.compile(r"[가-힣㐀-鿿]+")
_LATIN = re.compile(r"[a-z]+")
_EDGE = "a-zа-яё"
# What people put between the signs of a name, to make it look better or to hide it.
_GAP = r"[\s\-‐‑–_·・.,'’*/|]{0,3}"
_SHORT = 2  # letters; such a part of a name is also a word (do, an, so)
_SPACED = 4  # letters from which on a part is found with gaps in it
_ALONE = 8  # letters from which on a whole name is found within a longer word

_PATTERNS = [
    # Email addresses, also as people write them who fear robots.
    r"[\w.+\-]{1,64}\s{0,3}(?:@|\(at\)|\[at\]|\{at\}|\sat\s|골뱅이)\s{0,3}[\w\-]{1,63}"
    r"(?:\s?(?:\.|\(dot\)|\[dot\]|\sdot\s|점)\s?[a-z]{2,20}){1,3}",
    # Web addresses and names in social media.
    r"(?:https?|ftp)\s?:\s?//\S*[^\s.,;:!?)\]}]",
    r"\bwww\.\S*[^\s.,;:!?)\]}]",
    r"\b[a-z0-9][a-z0-9\-]{0,62}(?:\.[a-z0-9\-]{1,63}){0,3}"
    r"\.(?:com|net|org|edu|info|kr|cn|me|io|co|tv|gg|ly|be|vn|mn|kz|uz|id|jp|asia|blog|page)"
    r"(?![a-z])(?:/\S*[^\s.,;:!?)\]}])?",
    r"(?<![\w.])@[\w.]{3,64}",
    # Telephone numbers: with a country, with a leading nought, or as mobiles are written.
    r"\+\s?\d{1,3}(?:[\s().\-]{0,3}\d){6,12}",
    r"(?<!\d)\(?0\d{1,2}\)?[\s.\-)]{0,3}\d{3,4}[\s.\-]{0,3}\d{4}(?!\d)",
    r"(?<!\d)1[016789][\s.\-]{1,3}\d{3,4}[\s.\-]{1,3}\d{4}(?!\d)",
    r"(?<!\d)1[3-9]\d[\s\-]?\d{4}[\s\-]?\d{4}(?!\d)",
    # Schools, whoever went there.
    r"[가-힣a-z0-9]{1,20}(?:초등학교|중학교|고등학교|여고|외고|과학고|대학교|대학원|전문대|사이버대)",
    r"(?<![가-힣])[가-힣]{2,5}대(?=\s?(?:학생|학과|졸업|재학|입학|출신|[1-6]학년|석사|박사))",
    r"[㐀-鿿]{2,8}(?:大学|大學|学院|學院|中学|中學|高中|小学|小學)(?!生)",
    r"(?-i:(?:\b[A-Z][\w&.'’\-]{0,30}\s){1,4}(?:University|College|Institute|School|Academy)\b"
    r"|\b(?:University|College|Institute|School)\s(?:of|at)\s(?:the\s)?[A-Z][\w\-]{0,30})"
    r"(?-i:\s(?:of|at)\s[A-Z][\w\-]{0,30})?",
    r"\b[a-z][\w.'’\-]{0,30}\s(?:national\s)?university\b",
]
_GENERAL = re.compile("|".join(f"(?:{one})" for one in _PATTERNS), re.IGNORECASE)
# 부산대학교 is 부산대 to whoever goes there, and 한빛고등학교 한빛고.
_SCHOOL = re.compile(r"(.+[초중고대])(?:등학교|학교)")


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What says who somebody is. Empty values are no matter."""

    names: Iterable[str] = ()
    emails: Iterable[str] = ()
    telephones: Iterable[str] = ()
    # Schools and employers: hidden as a whole and in their longer words.
    affiliations: Iterable[str] = ()
    # Names of files: hidden as a whole, for their words are everybody's.
    files: Iterable[str] = ()


class Mask:
    """Hides one person in any number of texts."""

    def __init__(self, identity: Identity) -> None:
        patterns = {
            *_each(identity.names, _name_patterns),
            *_each(identity.emails, _email_patterns),
            *_each(identity.telephones, _telephone_patterns),
            *_each(identity.affiliations, _affiliation_patterns),
            *_each(identity.files, _file_patterns),
        }
        # The longest first, so that a whole name is hidden once and not part by part.
        ordered = sorted(patterns, key=lambda pattern: (-len(pattern), pattern))
        self._known = re.compile("|".join(ordered)) if ordered else None
        short = sorted(set(_each(identity.names, _short_parts)))
        self._short = re.compile("|".join(short)) if short else None

    def __call__(self, text: str) -> str:
        plain = _readable(text)
        narrow = _narrow(plain)
        folded, places = _folded(narrow)
        spans = [match.span() for match in _GENERAL.finditer(narrow)]
        if self._known:
            spans += [
                (places[match.start()], places[match.end() - 1] + 1)
                for match in self._known.finditer(folded)
            ]
        if self._short:
            spans += [match.span() for match in self._short.finditer(narrow)]
        return _without(plain, spans)


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    hidden, parts, end = _("[hidden]"), [], 0
    for start, stop in sorted(spans):
        if start >= end:
            parts += [text[end:start], hidden]
        end = max(end, stop)
    return "".join([*parts, text[end:]])


def _readable(text: str) -> str:
    """Letters put together, and without those that cannot be seen."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(mark for mark in composed if unicodedata.category(mark) != "Cf")


def _narrow(text: str) -> str:
    """Wide letters as plain ones, sign for sign: what is shown keeps its own."""
    plain = [(mark, unicodedata.normalize("NFKC", mark)) for mark in text]
    return "".join(other if len(other) == 1 else mark for mark, other in plain)


def _folded(text: str) -> tuple[str, list[int]]:
    """Small letters without accents, and for each where it stands in the text."""
    letters, places = [], []
    for place, letter in enumerate(text):
        for small in _fold(letter):
            letters.append(small)
            places.append(place)
    return "".join(letters), places


def _fold(letter: str) -> str:
    if _SYLLABIC.match(letter):
        return letter
    apart = unicodedata.normalize("NFD", letter.casefold())
    plain = "".join(mark for mark in apart if not unicodedata.combining(mark))
    return plain.replace("đ", "d").replace("ı", "i").replace("ø", "o").replace("ł", "l")


def _each(values: Iterable[str], patterns: object) -> Iterator[str]:
    for value in values:
        if value and value.strip():
            yield from patterns(_folded(_narrow(_readable(value.strip())))[0])  # type: ignore[operator]


# --- what each kind of word becomes -------------------------------------------------------------


def _name_patterns(name: str) -> Iterator[str]:
    """The whole name in either order, and its parts as far as they say who it is."""
    words = re.findall(r"[^\W\d_]+", name)
    for order in (words, [*words[1:], *words[:1]], words[::-1]):
        whole = "".join(order)
        if len(whole) > _SHORT or _SYLLABIC.fullmatch(whole):
            yield from _spelled(whole, closed=len(whole) < _ALONE)
    for word in words:
        yield from _part_patterns(word)


def _part_patterns(word: str) -> Iterator[str]:
    if _SYLLABIC.fullmatch(word):
        # The given name without the family's, which has one syllable or two.
        for given in {word, word[1:], word[2:]} - {""}:
            yield from _spelled(given, closed=False)
    elif len(word) > _SHORT:
        yield from _spelled(word, closed=True)


def _spelled(word: str, *, closed: bool) -> Iterator[str]:
    """The word with gaps between its letters; `closed`: not within a longer Latin word."""
    if _SYLLABIC.fullmatch(word):
        if len(word) >= 2:
            yield _GAP.join(map(re.escape, word))
        return
    letters = _GAP.join(map(re.escape, word)) if len(word) >= _SPACED else re.escape(word)
    yield rf"(?<![{_EDGE}]){letters}(?![{_EDGE}])" if closed else letters


def _short_parts(name: str) -> Iterator[str]:
    """Parts of two letters, where they are written as a name: Li and LI, and not li."""
    for word in re.findall(r"[^\W\d_]+", name):
        if len(word) == _SHORT and _LATIN.fullmatch(word):
            first, second = word
            yield rf"(?<!\w){first.upper()}[{second}{second.upper()}](?![a-zA-Z])"


def _email_patterns(email: str) -> Iterator[str]:
    yield re.escape(email)
    local = email.partition("@")[0]
    # Often the name in social media too.
    if len(local) >= _SPACED:
        yield rf"(?<![a-z0-9]){re.escape(local)}(?![a-z0-9])"
    letters = re.sub(r"[^a-z]", "", local)
    if len(letters) > _SPACED:
        yield rf"(?<![a-z]){re.escape(letters)}(?![a-z])"


def _telephone_patterns(number: str) -> Iterator[str]:
    digits = re.sub(r"\D", "", number)
    for known in {digits, digits.lstrip("0"), re.sub(r"^(?:82|86)", "", digits)}:
        if len(known) >= 7:
            yield r"\+?0?" + r"[\s().\-]*".join(known)


def _affiliation_patterns(name: str) -> Iterator[str]:
    words = re.findall(r"[^\W_]+", name)
    whole = "".join(words)
    if len(whole) > 1:
        yield from _spelled(whole, closed=not _SYLLABIC.search(whole))
    for word in words:
        if _SYLLABIC.fullmatch(word) and len(word) > 2:
            yield from _spelled(word, closed=False)
            if school := _SCHOOL.fullmatch(word):
                yield re.escape(school[1])
        elif _LATIN.fullmatch(word) and len(word) >= _SPACED:
            yield rf"(?<![a-z]){re.escape(word)}(?![a-z])"


def _file_patterns(name: str) -> Iterator[str]:
    """The whole name; without its ending too, where that is more than one word."""
    stem, _dot, _ending = name.rpartition(".")
    for known in (name, stem):
        words = re.findall(r"[^\W_]+", known)
        if len(words) > 1:
            whole = "".join(words)
            yield from _spelled(whole, closed=not _SYLLABIC.search(whole))
