"""The order in which a reader of a language looks names up: the same in both databases.

PostgreSQL has ICU's orders. SQLite is given collations of the same names, which do what lists of
names need of them: signs, then figures, then the language's own script, then all others; without
regard to capitals and accents.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models.functions import Collate
from django.utils import translation

COLLATIONS = {"ko": "ko-x-icu", "en": "en-x-icu", "zh-hans": "zh-x-icu"}
# From where to where the language's own letters go.
SCRIPTS = {"ko": ("가", "힣"), "en": ("a", "z"), "zh-hans": ("一", "鿿")}
# What reads otherwise in a name than alone, by a character of that sound. ICU knows it too.
READINGS = {"重庆": "虫庆"}


def in_reading_order(text: str) -> Collate:
    """The column or annotation as something to order by, for a reader of the active language."""
    return Collate(text, COLLATIONS[translation.get_language() or settings.LANGUAGE_CODE])


@lru_cache(maxsize=1)
def _by_pinyin() -> dict[str, int]:
    """Places of the 6,763 characters of GB 2312, as `zh-x-icu` of PostgreSQL 15 puts them."""
    file = Path(__file__).with_name("pinyin.txt")
    return {letter: place for place, letter in enumerate(file.read_text("utf-8").replace("\n", ""))}


@lru_cache(maxsize=4096)
def sort_key(language: str, text: str) -> list[tuple[int, int]]:
    """What SQLite compares of a text. Han characters outside GB 2312 come after all others."""
    if language == "zh-hans":
        for name, sound in READINGS.items():
            text = text.replace(name, sound)
    apart = unicodedata.normalize("NFD", text.casefold())
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return [_place(language, letter) for letter in unicodedata.normalize("NFC", plain)]


def _place(language: str, letter: str) -> tuple[int, int]:
    first, last = SCRIPTS[language]
    if not letter.isalnum():
        return 0, ord(letter)
    if letter.isdecimal():
        return 1, ord(letter)
    if not first <= letter <= last:
        return 3, ord(letter)
    known = _by_pinyin() if language == "zh-hans" else {}
    return 2, known.get(letter, len(known) + ord(letter))


def _compare(language: str, one: str, other: str) -> int:
    a, b = sort_key(language, one), sort_key(language, other)
    return (a > b) - (a < b)


def _add_to_sqlite(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    if connection.vendor == "sqlite":
        for language, name in COLLATIONS.items():
            connection.connection.create_collation(name, partial(_compare, language))


def connect() -> None:
    """SQLite knows no order but its own, and forgets ours with every connection."""
    connection_created.connect(_add_to_sqlite, dispatch_uid="collations")
