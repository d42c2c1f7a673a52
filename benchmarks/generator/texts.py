"""Invented texts in three languages, of words that come as words do: few often, most seldom.

Titles, sentences and captions are taken out of pools that are made once, each with the tokens by
which the search finds it: making those anew for every text would take ten times as long.
"""

from __future__ import annotations

import random
from itertools import accumulate
from typing import NamedTuple

from oda_portal.search.tokens import BREAK, tokens_of

# A word that few texts have, whatever their number, and one that two of five have.
WORDS = {
    "ko": ("해녀", "부산"),
    "en": ("lighthouse", "volunteer"),
    "zh-hans": ("海女", "釜山"),
}
# Signs of which words are made. The words above are made of none of these.
KOREAN = "".join(bytes([0xB0 + row, 0xA1 + cell]).decode("euc-kr") for row in range(25)
                 for cell in range(0, 94, 3))  # fmt: skip
CHINESE = "".join(bytes([0xB0 + row, 0xA1 + cell]).decode("gb2312") for row in range(39)
                  for cell in range(0, 94, 3))  # fmt: skip
LETTERS_OF = {
    "ko": (KOREAN, (2, 4)),
    "zh-hans": (CHINESE, (2, 3)),
    "en": ("abcdefghijklmnopqrstuvwxyz", (3, 9)),
}
FULL_STOP = {"zh-hans": "。"}

PHRASES, SENTENCES, WITH_THE_WORD = 3_000, 4_000, 200


class Texts:
    """Words of a language, by chance."""

    def __init__(self, language: str, chance: random.Random) -> None:
        self.language, self.chance = language, chance
        signs, length = LETTERS_OF[language]
        taken = "".join(WORDS[language]) if language != "en" else ""
        letters = [sign for sign in signs if sign not in taken]
        self.words = [
            "".join(chance.choices(letters, k=chance.randint(*length))) for _ in range(20_000)
        ]
        self.sums = list(accumulate(1 / (place + 5) for place in range(len(self.words))))

    def make(self, number: int, extra: list[str]) -> str:
        words = self.chance.choices(self.words, cum_weights=self.sums, k=number)
        for word in extra:
            words.insert(self.chance.randrange(len(words)), word)
        return ("" if self.language == "zh-hans" else " ").join(words)


class Piece(NamedTuple):
    """A text, and what the search makes of it."""

    text: str
    tokens: list[str]


def piece(text: str) -> Piece:
    return Piece(text, tokens_of(text))


class Pools:
    """Pieces of one language: `common` and `rare` ones have the word."""

    def __init__(self, language: str) -> None:
        texts = Texts(language, random.Random(f"texts:{language}"))
        rare, common = WORDS[language]
        self.stop = FULL_STOP.get(language, ".")
        self.phrases = [self._phrase(texts, []) for _ in range(PHRASES)]
        self.common_phrases = [self._phrase(texts, [common]) for _ in range(WITH_THE_WORD)]
        self.sentences = [self._sentence(texts, []) for _ in range(SENTENCES)]
        self.common = [self._sentence(texts, [common]) for _ in range(WITH_THE_WORD)]
        self.rare = [self._sentence(texts, [rare]) for _ in range(WITH_THE_WORD)]

    def _phrase(self, texts: Texts, extra: list[str]) -> Piece:
        return piece(texts.make(texts.chance.randint(1, 3), extra))

    def _sentence(self, texts: Texts, extra: list[str]) -> Piece:
        return piece(texts.make(texts.chance.randint(5, 11), extra) + self.stop)

    def title(self, chance: random.Random, number: int, *, is_common: bool) -> Piece:
        """Two phrases and a number, so that hardly any two are alike."""
        first = chance.choice(self.common_phrases if is_common else self.phrases)
        second = chance.choice(self.phrases)
        text = f"{first.text}: {second.text} ({number})"
        return Piece(text, [*first.tokens, BREAK, *second.tokens, BREAK, str(number), BREAK])

    def paragraph(self, chance: random.Random, number: int, extra: list[Piece]) -> Piece:
        sentences = [*chance.choices(self.sentences, k=number), *extra]
        tokens = [token for sentence in sentences for token in sentence.tokens]
        return Piece(" ".join(sentence.text for sentence in sentences), tokens)
