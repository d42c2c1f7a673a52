"""All that is asked of what a backup is written to and read from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from oda_portal.files.storages import Reads

READ = 1024 * 1024


class Writes(Protocol):
    def write(self, data: bytes, /) -> int: ...


def chunks_of(file: Reads) -> Iterator[bytes]:
    return iter(lambda: file.read(READ), b"")
