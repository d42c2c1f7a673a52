"""Reading a backup from front to back, and finding out whether all of it is as it was written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from oda_portal.files.storages import Reads

from .archive import ABOUT, DATABASE, FILES, MANIFEST, Digested, Entry, Sum, entries
from .envelope import Opener
from .errors import DamagedError, RecoveryError
from .making import FORMAT, Show
from .streams import chunks_of
from .tables import Figure


class Contents(NamedTuple):
    about: dict[str, Any]
    tables: dict[str, Figure]
    database: Sum
    files: dict[str, Sum]


@contextmanager
def opened(path: Path, key: X25519PrivateKey) -> Iterator[tuple[dict[str, Any], Iterator[Entry]]]:
    """What the backup says about itself, and all that follows.

    Raises RecoveryError for a file that cannot be read, is of a newer kind, or is none.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise RecoveryError(f"{path} cannot be read: {error.strerror}") from error
    with file:
        opener = Opener(file, key)
        found = entries(opener)
        first = next(found, None)
        if first is None or first.room != ABOUT:
            raise DamagedError("the file does not say what it is")
        about = _json(first.file)
        if about.get("format") != FORMAT:
            raise RecoveryError(
                f"The file has format {about.get('format')}; this version of the portal"
                f" reads format {FORMAT}. Use the version that made it, or a newer one."
            )
        yield about, _to_the_end(found, opener)


def _to_the_end(found: Iterator[Entry], opener: Opener) -> Iterator[Entry]:
    yield from found
    opener.finish()


def verify(path: Path, key: X25519PrivateKey, show: Show) -> Contents:
    """Read every byte and compare it with what the backup says of itself; else DamagedError."""
    database, files, manifest = None, {}, None
    with opened(path, key) as (about, rest):
        parts = Parts(rest)
        database = _sum_of_parts(parts, show)
        for entry in parts.others():
            if entry.room in FILES:
                files[f"{entry.room}/{entry.name}"] = sum_of(entry.file)
                show("files", len(files))
            elif entry.room == MANIFEST:
                manifest = _json(entry.file)
    if manifest is None:
        raise DamagedError("the file has no end")
    contents = contents_of(about, manifest)
    if (database, files) != (contents.database, contents.files):
        raise DamagedError("what is in the file is not what it lists")
    return contents


def contents_of(about: dict[str, Any], manifest: dict[str, Any]) -> Contents:
    return Contents(
        about,
        {name: Figure(*each) for name, each in manifest["tables"].items()},
        Sum(*manifest[DATABASE]),
        {name: Sum(*each) for name, each in manifest["files"].items()},
    )


class Parts:
    """The parts of the database, one after the other; `others` has what comes behind them."""

    def __init__(self, rest: Iterator[Entry]) -> None:
        self._rest = rest
        self._ahead: Entry | None = None

    def chunks(self) -> Iterator[bytes]:
        for number, entry in enumerate(self._rest, 1):
            if entry.room != DATABASE:
                self._ahead = entry
                return
            if entry.name != f"{number:06d}":
                raise DamagedError(f"part {number} of the database is missing")
            yield from chunks_of(entry.file)

    def others(self) -> Iterator[Entry]:
        if self._ahead is not None:
            yield self._ahead
        yield from self._rest


def _sum_of_parts(parts: Parts, show: Show) -> Sum:
    source = Digested(_Chunks(parts.chunks()))
    while source.read():
        show("bytes of the database", source.sum.size)
    return source.sum


class _Chunks:
    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks

    def read(self, size: int = -1, /) -> bytes:
        return next(self._chunks, b"")


def sum_of(file: Reads) -> Sum:
    source = Digested(file)
    for _chunk in chunks_of(source):
        pass
    return source.sum


def _json(file: IO[bytes]) -> dict[str, Any]:
    try:
        value = json.loads(file.read())
    except ValueError as error:
        raise DamagedError("the file does not say what is in it") from error
    if not isinstance(value, dict):
        raise DamagedError("the file does not say what is in it")
    return value
