"""A picture of 1200 × 630 for whoever shares a page: its cover, its title, and the office.

Drawn with the fonts of certificates; the same card gives the same bytes, as long as the template
and the fonts are the same.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

from oda_portal.certificates.fonts import CHARACTERS, LETTERS, fonts
from oda_portal.certificates.names import clean
from oda_portal.drawing.covers import cover
from oda_portal.languages import HTML_LANG
from oda_portal.pages.furniture import furniture

from .registry import Card

TEMPLATE = Path(__file__).with_name("picture.typ")
MARK = settings.BASE_DIR / "static" / "mark.svg"
# A point of the sheet is a pixel of the picture.
PIXELS_AN_INCH = 72.0
# No line is as wide as a word of more letters than this: it breaks where it must.
_LONG = re.compile(r"\S{40}(?=\S)")


def digest_of(card: Card, language: str) -> str:
    """Names what the picture shows: another title, office or template gives another."""
    said = json.dumps([_words(card, language), card.seed, card.palette, _look()])
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def drawn(card: Card, language: str) -> bytes:
    """The picture as PNG."""
    data = {
        **_words(card, language),
        "cover": cover(card.seed, card.palette, detail=True),
        "mark": MARK.read_text(encoding="utf-8"),
        "fonts": {"letters": LETTERS, "ko": CHARACTERS["ko"], "zh": CHARACTERS["zh-hans"]},
    }
    compiler = typst.Compiler(
        str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=fonts(), ignore_system_fonts=True
    )
    made = compiler.compile(
        format="png",
        ppi=PIXELS_AN_INCH,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    assert isinstance(made, bytes)  # noqa: S101  (one page is one file; this tells the type)
    return made


def _words(card: Card, language: str) -> dict[str, Any]:
    return {
        "title": _LONG.sub(lambda word: word[0] + "\u200b", clean(card.title.text)),
        "title_lang": HTML_LANG[card.title.language].partition("-")[0],
        "label": clean(card.label),
        "office": clean(furniture(language)["office"]["name"]),
        "lang": HTML_LANG[language].partition("-")[0],
    }


@cache
def _look() -> str:
    return hashlib.sha256(TEMPLATE.read_bytes() + MARK.read_bytes()).hexdigest()
