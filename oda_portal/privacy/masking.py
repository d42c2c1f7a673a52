"""What stands in place of personal data until somebody says why they need them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeAlias

# Always as many, so that the mask does not tell how long the value is.
MASK = "••••"

Mask: TypeAlias = Callable[[Any], str]

_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"]+")


def hidden(value: Any) -> str:
    """Nothing of it can be read."""
    return MASK


def masked_email(email: str) -> str:
    """The first letter and the host, to tell two people apart; short names not at all."""
    local, at, host = email.rpartition("@")
    first = local[0] if len(local) > 2 else ""
    return f"{first}{MASK}{at}{host}" if at else MASK


def without_addresses(text: str) -> str:
    """A text in which each email address is masked: what a mail server said about a receiver."""
    return _ADDRESS.sub(lambda found: masked_email(found.group()), text)


def masked_telephone(number: str) -> str:
    """The country and the last two figures of a number that is long enough to have more."""
    country = number[:3] if number.startswith("+") else ""
    return f"{country}{MASK}{number[-2:]}" if len(number) > 7 else MASK


def masked_end(number: str) -> str:
    """The last four signs of a document’s number; of a short one nothing."""
    return f"{MASK}{number[-4:]}" if len(number) > 7 else MASK
