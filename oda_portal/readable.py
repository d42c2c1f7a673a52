"""Random signs that people read off paper and say on the telephone."""

from __future__ import annotations

import secrets

# Without those that are taken for each other: 31, which is a prime.
SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def random_signs(number: int) -> str:
    """So many that nobody guesses: 31 to the power of `number`."""
    return "".join(secrets.choice(SIGNS) for _sign in range(number))
