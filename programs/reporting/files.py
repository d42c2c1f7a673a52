"""Where published files lie: one folder that web processes and worker share, named by content.

A file is written under another name and moved, so that whoever reads it finds all of it. Which one
an address serves says the database; those that none serves any more go after a day.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from time import time
from typing import BinaryIO, NamedTuple, TypeAlias
from uuid import uuid4

from django.conf import settings


class Entry(NamedTuple):
    """Where an activity begins in the file and how many bytes it has.

    And the keys of the organisations and cities that it names: they may cease to be public.
    """

    start: int
    length: int
    organisations: list[int]
    cities: list[int]


# By identifier; of the organisation’s file, all of it as one.
Index: TypeAlias = dict[str, Entry]

ENDS = (".xml", ".xml.gz", ".json")
DRAFT = "draft-"
OLD = 24 * 60 * 60  # seconds
PIECE = 1 << 16


def folder() -> Path:
    return Path(settings.PRIVATE_ROOT) / "iati"


def path_of(sha256: str, end: str = ".xml") -> Path:
    return folder() / f"{sha256}{end}"


@contextmanager
def draft() -> Iterator[Path]:
    """A place for a file that is being made; what is not kept by then is gone afterwards."""
    folder().mkdir(parents=True, exist_ok=True)
    path = folder() / f"{DRAFT}{uuid4().hex}.xml"
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def keep(path: Path, index: Index) -> str:
    """Put a file that is whole, packed as well, and its index under its name: its hash."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    packed, listed = path.with_suffix(".gz"), path.with_suffix(".json")
    # Without the time and the name of the file: the same content is the same bytes.
    with (
        path.open("rb") as file,
        packed.open("wb") as to,
        gzip.GzipFile(fileobj=to, mode="wb", filename="", mtime=0) as into,
    ):
        shutil.copyfileobj(file, into, PIECE)
    listed.write_text(json.dumps(index), encoding="utf-8")
    for made, end in ((listed, ".json"), (packed, ".xml.gz"), (path, ".xml")):
        os.replace(made, path_of(sha256, end))
    return sha256


@lru_cache(maxsize=2)
def _index(path: str, _changed: int) -> Index:
    found = json.loads(Path(path).read_text(encoding="utf-8"))
    return {identifier: Entry(*values) for identifier, values in found.items()}


def index_of(sha256: str) -> Index:
    """Raises FileNotFoundError where the file is gone. Not to be changed: it is shared."""
    path = path_of(sha256, ".json")
    return _index(str(path), path.stat().st_mtime_ns)


def pieces(file: BinaryIO, without: list[tuple[int, int]]) -> Iterator[bytes]:
    """A file's bytes but for some stretches, which are in their order; closes it at the end."""
    with file:
        for start, length in [*without, (None, 0)]:
            yield from _until(file, start)
            if start is not None:
                file.seek(start + length)


def _until(file: BinaryIO, end: int | None) -> Iterator[bytes]:
    left = None if end is None else end - file.tell()
    while piece := file.read(PIECE if left is None else min(PIECE, left)):
        yield piece
        if left is not None:
            left -= len(piece)


def tidy(*, serving: set[str]) -> None:
    """Remove what no address serves, and drafts of processes that were killed.

    Only after a day: somebody may be reading it, and another process may be writing.
    """
    for path in folder().glob("*"):
        served = path.name.split(".")[0] in serving and path.name.endswith(ENDS)
        with suppress(FileNotFoundError):
            if not served and path.stat().st_mtime < time() - OLD:
                path.unlink()
