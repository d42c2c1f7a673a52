"""What a text is looked up by: the same in both databases, because it is made here.

Scripts that are written without spaces (Chinese, Japanese, Khmer …), and Korean, whose spaces
people set as they like, become overlapping pairs of characters: 부산시청 is 부산, 산시, 시청 and,
so that a single last character is found too, 청. Spaces between such characters do not count.
Words of other scripts are English stems, and figures stay as they are.

Each token has its position; a break between sentences takes one, so that nothing is found across.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from threading import Lock

import snowballstemmer

from .folding import fold

# PostgreSQL knows no position beyond 16383.
MOST_TOKENS = 16_000
LONGEST_WORD = 40
BREAK = "|"

# Hangul, kana, Chinese characters; the scripts of India, Thai, Lao, Tibetan, Burmese, Khmer.
UNSPACED = (
    "\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\u0900-\u109f\u1780-\u17ff\U00020000-\U0003ffff"
)
PARTS = re.compile(
    rf"(?P<run>[{UNSPACED}]+(?: +[{UNSPACED}]+)*)"
    rf"|(?P<figures>[0-9]+)|(?P<word>[^\W0-9_{UNSPACED}][^\W0-9_{UNSPACED}\u0300-\u036f]*)"
    r"|(?P<break>[^ \w']+)"
)
POSSESSIVE = re.compile(r"'s(?![a-z])")


_stemmer = snowballstemmer.stemmer("english")
# It keeps the word that it works on in itself, and a server has several threads.
_one_at_a_time = Lock()


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of a folded word; words of other than Latin letters stay as they are."""
    word = word[:LONGEST_WORD]
    if not word.isascii():
        return word
    with _one_at_a_time:
        return _stemmer.stemWord(word)


def parts_of(folded: str) -> Iterator[tuple[str, str]]:
    """Runs (without spaces), figures, words and breaks of a folded text, in their order."""
    for part in PARTS.finditer(POSSESSIVE.sub("  ", folded)):
        kind = str(part.lastgroup)
        found = part.group()
        yield kind, found.replace(" ", "") if kind == "run" else found


def pairs_of(run: str) -> list[str]:
    """Overlapping pairs, and the last character by itself."""
    return [*map("".join, pairwise(run)), run[-1]]


def tokens_of(text: str) -> list[str]:
    """The tokens of a text in their places; breaks are `BREAK`."""
    tokens: list[str] = []
    for kind, part in parts_of(fold(text)):
        if kind == "run":
            tokens += pairs_of(part)
        elif kind == "break":
            tokens.append(BREAK)
        else:
            tokens.append(stem(part) if kind == "word" else part[:LONGEST_WORD])
        if len(tokens) > MOST_TOKENS:
            break
    return tokens[:MOST_TOKENS]


def quoted(token: str) -> str:
    """As PostgreSQL reads it in the text form of a vector or of a question."""
    if token.isalnum():
        return token
    escaped = token.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
