"""Where in a text the words stand, and the part of it that shows most of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from .folding import fold_alike
from .questions import Word
from .results import Piece
from .tokens import PARTS, UNSPACED, stem

# Characters of a snippet; a Korean or Chinese one says twice as much.
WIDTHS = {"en": 220}
WIDTH = 120
BEFORE = 30
LETTER = rf"[^\W0-9_{UNSPACED}]"

Span = tuple[int, int, int]  # from, to, which word


def marked(text: str, words: Sequence[Word]) -> list[Piece]:
    """The whole text, with the words marked."""
    return list(_pieces(text, 0, len(text), _spans(text, words)))


def snippet(text: str, words: Sequence[Word], language: str) -> list[Piece]:
    """A part of the text; its beginning where the words stand only in the title."""
    width = WIDTHS.get(language, WIDTH)
    spans = _spans(text, words)
    start = _best_start(spans, width)
    first, last = _cut(text, max(0, start - BEFORE) if start > BEFORE else 0, width)
    if first == last:
        return []
    pieces = list(_pieces(text, first, last, spans))
    before = [Piece("… ", marked=False)] if first else []
    # The sign stays on the line of the last word.
    after = [Piece("\u00a0…", marked=False)] if last < len(text) else []
    return [*before, *pieces, *after]


def _best_start(spans: list[Span], width: int) -> int:
    """Where the part begins that has the most different words."""
    best, most = 0, 0
    for place, (start, _end, _word) in enumerate(spans):
        reach = start + width - BEFORE
        found = {word for _start, end, word in spans[place : place + 50] if end <= reach}
        if len(found) > most:
            best, most = start, len(found)
    return best


def _cut(text: str, first: int, width: int) -> tuple[int, int]:
    """From the beginning of a word to the end of one, where words have spaces."""
    last = min(len(text), first + width)
    if first:
        space = re.compile(r"\s").search(text, first, first + BEFORE // 2)
        first = space.end() if space else first
    if last < len(text):
        space_before = max(text.rfind(" ", 0, last), text.rfind("\n", 0, last))
        last = space_before if space_before > last - BEFORE else last
    return first, last


def _pieces(text: str, first: int, last: int, spans: list[Span]) -> Iterator[Piece]:
    place = first
    for start, end, _word in spans:
        if start < place or end > last:
            continue
        if start > place:
            yield _piece(text[place:start], marked=False)
        yield _piece(text[start:end], marked=True)
        place = end
    if place < last:
        yield _piece(text[place:last], marked=False)


def _piece(text: str, *, marked: bool) -> Piece:
    return Piece(text.replace("\n", " "), marked)


def _spans(text: str, words: Sequence[Word]) -> list[Span]:
    folded = fold_alike(text)
    found = [
        (match.start(), match.end(), place)
        for place, word in enumerate(words)
        for match in _pattern(word.plain).finditer(folded)
        if _is_same(match)
    ]
    return sorted(found, key=lambda span: (span[0], -span[1]))


@lru_cache(maxsize=500)
def _pattern(forms: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the forms; spaces between characters of unspaced scripts do not count."""
    return re.compile("|".join(_form(form, place) for place, form in enumerate(forms)))


def _form(form: str, place: int) -> str:
    parts = []
    for number, part in enumerate(PARTS.finditer(form)):
        kind, said = part.lastgroup, part.group()
        if kind == "run":
            parts.append(" *".join(map(re.escape, said)))
        elif kind == "figures":
            parts.append(rf"(?<![0-9]){said}(?![0-9])")
        elif kind == "word":
            name = f"w{place}_{number}_{stem(said)}" if said.isascii() else ""
            begin = re.escape(stem(said)[:3] if name else said)
            word = rf"{begin}{LETTER}*" if name else rf"{begin}(?!{LETTER})"
            parts.append(rf"(?<!{LETTER})" + (f"(?P<{name}>{word})" if name else word))
    return "[ .']{0,2}".join(parts)


def _is_same(match: re.Match[str]) -> bool:
    """Whether English words that begin alike have the same stem."""
    return all(
        stem(said) == name.split("_", 2)[2] for name, said in match.groupdict().items() if said
    )
