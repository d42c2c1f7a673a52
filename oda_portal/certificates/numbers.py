"""Numbers of certificates: random, short enough to type, and a slip of the hand is told apart.

Eleven random signs and one that is computed from them: 31 is a prime, so that any one sign that is
wrong, and any two that are swapped, give another last sign.
"""

from __future__ import annotations

import re

from oda_portal.readable import SIGNS, random_signs

RANDOM_SIGNS = 11
GROUP = 4

_BETWEEN = re.compile(r"[\s\-‐‑–—−－]+")


def new_number() -> str:
    """Nobody guesses another's: 31 signs to the power of eleven."""
    signs = random_signs(RANDOM_SIGNS)
    return in_groups(signs + check_sign(signs))


def read(text: str) -> str | None:
    """A number as it is kept, however it was typed; None for what can be no number of ours."""
    signs = _BETWEEN.sub("", text).upper()
    if len(signs) != RANDOM_SIGNS + 1 or not set(signs) <= set(SIGNS):
        return None
    return in_groups(signs) if check_sign(signs[:-1]) == signs[-1] else None


def check_sign(signs: str) -> str:
    """The weights are all different, so that swapping two signs changes the sum."""
    total = sum(weight * SIGNS.index(sign) for weight, sign in enumerate(signs, start=2))
    return SIGNS[total % len(SIGNS)]


def in_groups(signs: str) -> str:
    return "-".join(signs[start : start + GROUP] for start in range(0, len(signs), GROUP))
