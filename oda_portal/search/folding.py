"""Spellings that a reader does not tell apart, made one: width, capitals, accents, old characters.

Two tables for `str.translate`. `fold` may make two letters of one; `fold_alike` never changes how
long a text is, so that what is found in the folded text stands at the same place in the original.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path

# Letters that Unicode takes for letters of their own, and a keyboard without them for these.
PLAIN = str.maketrans("đðøłħıŋʻʼ", "ddolhin''")
LIGATURES = {"æ": "ae", "œ": "oe", "þ": "th", "ĳ": "ij"}
APOSTROPHES = "'’‘ʼʻ`´＇"
# Accents are taken off what is written in Latin, Greek and Cyrillic letters; elsewhere a mark is a
# vowel.
LAST_WITH_ACCENTS = "\u052f"


@lru_cache(maxsize=1)
def simplified() -> dict[str, str]:
    """The simplified character of each traditional one; `traditional.txt` says from where."""
    lines = Path(__file__).with_name("traditional.txt").read_text("utf-8").splitlines()
    pairs = [pair for line in lines if not line.startswith("#") for pair in line.split()]
    return {pair[0]: pair[1] for pair in pairs}


def _folded(letter: str) -> str:
    """Letters, marks and figures stay; a space is a space; all other signs are a full stop."""
    if letter in APOSTROPHES:
        return "'"
    made = unicodedata.normalize("NFKC", letter).casefold()
    apart = unicodedata.normalize("NFD", made)
    if (apart and apart[0] <= LAST_WITH_ACCENTS) or unicodedata.combining(letter):
        apart = "".join(part for part in apart if not "\u0300" <= part <= "\u036f")
    whole = unicodedata.normalize("NFC", apart).translate(PLAIN)
    return "".join(_sign(simplified().get(part, LIGATURES.get(part, part))) for part in whole)


def _sign(letter: str) -> str:
    kind = unicodedata.category(letter[0])
    if kind[0] in "LM" or kind == "Nd":
        return str(unicodedata.decimal(letter)) if kind == "Nd" else letter
    if kind == "Zs" or letter == "\t":
        return " "
    return "" if kind == "Cf" else "."


class _Fold(dict[int, str]):
    """Filled as letters are met: `str.translate` asks once for each."""

    def __missing__(self, code: int) -> str:
        self[code] = found = _folded(chr(code))
        return found


class _FoldAlike(dict[int, str]):
    """One letter for one."""

    def __missing__(self, code: int) -> str:
        self[code] = found = _folded(chr(code))[:1] or "\u200b"
        return found


_FOLD, _FOLD_ALIKE = _Fold(), _FoldAlike()


def composed(text: str) -> str:
    """Letters and their accents as one sign each, as texts are stored to be looked through."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    return composed(text).translate(_FOLD)


def fold_alike(text: str) -> str:
    """Of composed text; as long as it was."""
    return text.translate(_FOLD_ALIKE)
