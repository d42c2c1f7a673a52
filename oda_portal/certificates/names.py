"""Names of holders: as they are kept, and as strangers see them."""

from __future__ import annotations

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
