"""Where a command gets the secret key from: never from its own line, which others can see."""

from __future__ import annotations

import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.core.management.base import CommandParser

from .envelope import secret_key
from .errors import RecoveryError


def add_key(parser: CommandParser) -> None:
    parser.add_argument(
        "--key", required=True, metavar="FILE", help="holds the secret key; - reads it from stdin"
    )


def read_key(where: str) -> X25519PrivateKey:
    try:
        return secret_key(sys.stdin.read() if where == "-" else Path(where).read_text())
    except (OSError, UnicodeDecodeError) as error:
        raise RecoveryError(f"the secret key cannot be read from {where}") from error
