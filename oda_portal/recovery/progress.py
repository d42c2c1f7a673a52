"""How far a long command has come: on a terminal a line that grows."""

from __future__ import annotations

import time
from typing import Any

OFTEN = 0.2  # seconds


class Progress:
    def __init__(self, out: Any) -> None:
        self._out = out
        self._shown_at = 0.0
        self._open = False

    def show(self, what: str, number: int) -> None:
        now = time.monotonic()
        if self._out.isatty() and now - self._shown_at > OFTEN:
            self._shown_at, self._open = now, True
            self._out.write(f"\r{number:>16,} {what:<30}", ending="")
            self._out.flush()

    def say(self, sentence: str) -> None:
        self._out.write(f"\r{'':<50}\r{sentence}" if self._open else sentence)
        self._open = False
