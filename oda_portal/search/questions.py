"""What a reader typed, as words to look for. Whatever it is, it is a question, never a command."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from .folding import fold
from .spellings import spelt_otherwise, words_in
from .tokens import BREAK, LONGEST_WORD, PARTS, POSSESSIVE, pairs_of, quoted, stem, tokens_of

MAX_TEXT = 100
MAX_WORDS = 10

# What Korean words carry at their end; of several the longest is taken off.
PARTICLES = sorted(
    "은 는 이 가 을 를 의 에 와 과 로 도 만 에서 에게 께서 한테 으로 까지 부터 처럼 보다 마다 조차"
    " 에는 에도 에의 에서는 에서도 에서의 에게는 으로는 으로도 으로의 로의 로는 와의 과의 와는 과는"
    " 까지의 부터의 이나 이란 이라는 라는 하고 이랑 이며 들 들은 들이 들을 들의".split(),
    key=len,
    reverse=True,
)
# Nouns that end like a particle.
WHOLE = tuple(
    "어린이 마을 가을 회의 협의 강의 논의 문의 합의 정의 전문가 국가 평가 작가 참가 증가 추가 제도"
    " 지도 온도 연도 년도 인도 효과 성과 결과 학과 진로 도로 경로 항로 시의 아이 아들 하노이 상하이"
    " 파라과이 우루과이".split()
)
# Too common in English to be asked for, unless nothing else was typed.
STOP_WORDS = frozenset(
    "a an and are as at by for from in is of on or the to with"
    " be can could do does has have how i it its me my our should that these this those was we were"
    " what when where which who why will would you your".split()
)
# WHO and IT are no small words.
CAPITALS = re.compile(r"\b[A-Z]{2,}\b")
# What stands behind a figure and is left out as readily: 2022년 is 2022.
COUNTED = re.compile(r"([0-9]+)(?:년도|[년월일회기명개年月日])")
# Chinese goes on without a space after the year; 年度 is another word.
YEAR_BEFORE = re.compile(r"([0-9]{4}年)(?!度)(?=[\u4e00-\u9fff]{2})")


@dataclass(frozen=True)
class Phrase:
    """Tokens that stand one after another; the last may be only begun."""

    tokens: tuple[str, ...]
    is_open: bool = False

    def as_tsquery(self) -> str:
        """A break takes a place in a text and is no token of it there."""
        asked, places = quoted(self.tokens[0]), 1
        for token in self.tokens[1:]:
            if token == BREAK:
                places += 1
            else:
                asked, places = f"{asked} <{places}> {quoted(token)}", 1
        return asked + (":*" if self.is_open else "")

    def as_text(self) -> str:
        """What tokens contain that are kept as text, each with a space on both sides."""
        return f" {' '.join(self.tokens)}" + ("" if self.is_open else " ")


@dataclass(frozen=True)
class Word:
    """One word: any of its phrases will do. `plain` are its folded forms, to be marked."""

    phrases: tuple[Phrase, ...]
    plain: tuple[str, ...] = ()

    def as_tsquery(self) -> str:
        return "(" + " | ".join(phrase.as_tsquery() for phrase in self.phrases) + ")"


@dataclass(frozen=True)
class Question:
    """Every word is asked for. `text` is what is put into the box again."""

    text: str
    words: tuple[Word, ...]
    was_cut: bool = False

    @cached_property
    def whole(self) -> list[str]:
        """The tokens of the whole text, as an entry has them whose name is just that."""
        one_word = self.words[0].plain if len(self.words) == 1 else ()
        tokens = [tokens_of(text) for text in (self.text, *one_word)]
        tokens.append([token for token in tokens[0] if token != BREAK])
        return sorted({" ".join(found).strip(f" {BREAK}") for found in tokens})


def label(token: str) -> Word:
    """A word that no text has: entries carry such labels beside their text."""
    return Word((Phrase((token,)),))


def question(text: str, *, is_typing: bool = False) -> Question:
    """What the text asks for; while somebody types, the last word may go on."""
    printable = "".join(c if c.isprintable() else " " for c in text[: 10 * MAX_TEXT])
    cleaned = " ".join(printable.split())
    kept = cleaned[:MAX_TEXT].strip()
    words = _words(kept)
    cut = len(cleaned) > MAX_TEXT or len(text) > 10 * MAX_TEXT or len(words) > MAX_WORDS
    words = words[:MAX_WORDS]
    found = tuple(
        _word(word, is_open=is_typing and place == len(words) - 1)
        for place, word in enumerate(words)
    )
    return Question(kept if found else "", found, was_cut=cut)


def _words(text: str) -> list[str]:
    """The folded words to be asked for, each once."""
    folded = YEAR_BEFORE.sub(r"\1 ", POSSESSIVE.sub("  ", fold(text)))
    asked = [word for word in words_in().findall(folded) if _sequence(word)]
    names = set() if text.isupper() else {fold(word) for word in CAPITALS.findall(text)}
    telling = [word for word in asked if word in names or word not in STOP_WORDS]
    return list(dict.fromkeys(telling or asked))


def _sequence(word: str) -> list[tuple[str, str]]:
    return [(str(part.lastgroup), part.group()) for part in PARTS.finditer(word)]


def _word(word: str, *, is_open: bool) -> Word:
    forms = [word, *_without_particle(word)]
    forms += [found[1] for form in forms if (found := COUNTED.fullmatch(form))]
    forms += [other for form in forms for other in spelt_otherwise(form)]
    phrases = [_phrase(form) for form in forms]
    if is_open and (begun := _begun(word)):
        phrases.append(begun)
    return Word(tuple(phrases), tuple(forms))


def _without_particle(word: str) -> list[str]:
    if not "가" <= word[-1] <= "힣" or word.endswith(WHOLE):
        return []
    particle = next((end for end in PARTICLES if word.endswith(end)), "")
    # Of one syllable too many words would be found.
    return [word[: -len(particle)]] if particle and len(word) - len(particle) >= 2 else []


def _phrase(word: str) -> Phrase:
    """A single last character stands for every pair that begins with it."""
    tokens: list[str] = []
    sequence = _sequence(word)
    is_open = False
    for place, (kind, part) in enumerate(sequence):
        is_last = place == len(sequence) - 1
        if kind == "break":
            tokens.append(BREAK)
        elif kind != "run":
            tokens.append(stem(part) if kind == "word" else part[:LONGEST_WORD])
        elif is_last and len(part) > 1:
            tokens += pairs_of(part)[:-1]
        else:
            tokens += pairs_of(part)
            is_open = is_last
    return Phrase(tuple(tokens), is_open)


def _begun(word: str) -> Phrase | None:
    """The word as the beginning of another one."""
    sequence = _sequence(word)
    kind, part = sequence[-1]
    if kind == "run":
        return None
    before = _phrase(word).tokens[:-1]
    return Phrase((*before, part[:LONGEST_WORD]), is_open=True)
