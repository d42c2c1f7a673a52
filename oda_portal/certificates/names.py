"""Names of holders: as they are kept, and as strangers see them."""

from __future__ import annotations

import re
import unicodedata

from django.conf import settings

from .registry import Script

HIDDEN = "○○"

# Which name a reader knows somebody by, first of those that there are.
_ORDER = {
    "ko": (Script.HANGUL, Script.LATIN, Script.HANZI, Script.CYRILLIC),
    "en": (Script.LATIN, Script.HANGUL, Script.HANZI, Script.CYRILLIC),
    "zh-hans": (Script.HANZI, Script.LATIN, Script.HANGUL, Script.CYRILLIC),
}


# A name is written in the first of these that one of its letters belongs to.
_LETTERS = (
    (Script.HANGUL, re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")),
    (Script.HANZI, re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")),
    (Script.CYRILLIC, re.compile("[\u0400-\u052f]")),
)


def script_of(name: str) -> Script:
    """The writing that a name is in, for somebody of whom only one name is known."""
    return next((script for script, letters in _LETTERS if letters.search(name)), Script.LATIN)


def clean(name: str) -> str:
    """Composed, on one line, without signs that cannot be seen and could turn it around."""
    composed = unicodedata.normalize("NFC", name)
    seen = (" " if sign.isspace() else sign for sign in composed)
    visible = (sign for sign in seen if unicodedata.category(sign) not in ("Cc", "Cf"))
    return " ".join("".join(visible).split())


def known_as(names: dict[str, str], language: str) -> tuple[str, str]:
    """The name for readers of this language, and its script; two empty texts without any."""
    for script in _ORDER.get(language, _ORDER[settings.LANGUAGE_CODE]):
        if names.get(script):
            return names[script], script
    return "", ""


def masked(name: str, script: str) -> str:
    """Enough to compare with a paper in one’s hand: 김○○, K○○ C○○. It hides the length, too."""
    if script in (Script.HANGUL, Script.HANZI):
        return f"{name[:1]}{HIDDEN}" if name else ""
    return " ".join(f"{word[:1]}{HIDDEN}" for word in name.split())
