"""All that is asked of what a backup is written to and read from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

READ = 1024 * 1024


class Reads(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class Writes(Protocol):
    def write(self, data: bytes, /) -> int: ...


def chunks_of(file: Reads) -> Iterator[bytes]:
    return iter(lambda: file.read(READ), b"")
