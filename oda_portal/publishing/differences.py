"""What differs between two texts, word by word."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from typing import NamedTuple

# A word, or the space between two; Han characters stand alone, since nothing parts their words.
PART = re.compile(r"[\u4e00-\u9fff]|[^\s\u4e00-\u9fff]+|\s+")
CONTEXT = 12  # words left on each side of what differs in a long text
# Texts with more parts, or more pairs of equal ones, differ as a whole between what both begin and
# end with. Each pair is looked at several times: few words, used a thousand times, take seconds.
LONGEST = 4000
MOST_PAIRS = 1_000_000


class Piece(NamedTuple):
    """A stretch of text that both have (“=”), or one that only the old (“-”) or new (“+”) has."""

    sign: str
    text: str


def pieces(before: str, after: str) -> list[Piece]:
    """Both texts in one, in reading order. Of equal texts nothing but the text."""
    old, new = PART.findall(before), PART.findall(after)
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    middle = (old[start : len(old) - end], new[start : len(new) - end])
    found = [Piece("=", "".join(old[:start]))]
    found += _whole(*middle) if _is_too_much(*middle) else _in_steps(*middle)
    found.append(Piece("=", "".join(old[len(old) - end :])))
    return [piece for piece in found if piece.text]


def cut(some: list[Piece]) -> list[Piece]:
    """The same with long stretches that did not change cut to the words around what did."""
    last = len(some) - 1
    return [
        Piece("=", _shortened(piece.text, first=number == 0, last=number == last))
        if piece.sign == "="
        else piece
        for number, piece in enumerate(some)
    ]


def _common(one: list[str], other: list[str]) -> int:
    count = 0
    for here, there in zip(one, other, strict=False):
        if here != there:
            break
        count += 1
    return count


def _is_too_much(old: list[str], new: list[str]) -> bool:
    if max(len(old), len(new)) > LONGEST:
        return True
    there = Counter(new)
    return sum(count * there[part] for part, count in Counter(old).items()) > MOST_PAIRS


def _whole(old: list[str], new: list[str]) -> list[Piece]:
    return [Piece("-", "".join(old)), Piece("+", "".join(new))]


def _in_steps(old: list[str], new: list[str]) -> list[Piece]:
    found: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece("=", "".join(old[a:b])))
            continue
        found += [Piece("-", "".join(old[a:b])), Piece("+", "".join(new[c:d]))]
    return _joined(found)


def _joined(some: list[Piece]) -> list[Piece]:
    """A space between two changed words is no reason to mark each apart."""
    found: list[Piece] = []
    gone, come = "", ""
    for number, piece in enumerate(some):
        is_gap = piece.sign == "=" and piece.text.isspace() and 0 < number < len(some) - 1
        if piece.sign == "=" and not is_gap:
            found += [Piece("-", gone), Piece("+", come), piece]
            gone = come = ""
            continue
        gone += piece.text if piece.sign != "+" else ""
        come += piece.text if piece.sign != "-" else ""
    return [piece for piece in [*found, Piece("-", gone), Piece("+", come)] if piece.text]


def _shortened(text: str, *, first: bool, last: bool) -> str:
    parts = PART.findall(text)
    if len(parts) <= 2 * CONTEXT:
        return text
    head = "" if first else "".join(parts[:CONTEXT])
    tail = "" if last else "".join(parts[-CONTEXT:])
    return f"{head} … {tail}" if head and tail else f"{head} …" if head else f"… {tail}"
