"""Where published files lie: beside the private files, named by content.

A file is put there whole, so that whoever reads it finds all of it. Which one an address serves
says the database; those that none serves any more go after a day.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, TypeAlias

from django.conf import settings

from oda_portal.files.staging import old_files
from oda_portal.files.storages import private_storage


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

FOLDER = "iati"
ENDS = (".xml", ".xml.gz", ".json")
OLD = timedelta(days=1)
PIECE = 1 << 16


def name_of(sha256: str, end: str = ".xml") -> str:
    return f"{FOLDER}/{sha256}{end}"


def opened(sha256: str, end: str = ".xml") -> Any:
    """Raises FileNotFoundError where the file is gone."""
    return private_storage().open(name_of(sha256, end))


def stretch(sha256: str, start: int, length: int) -> bytes:
    found: bytes = private_storage().part(name_of(sha256), start, length)
    return found


@contextmanager
def draft() -> Iterator[Path]:
    """A place on this machine for a file that is being made; gone afterwards."""
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        yield Path(folder, "draft.xml")


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
        with made.open("rb") as file:
            private_storage().put(name_of(sha256, end), file)
    return sha256


@lru_cache(maxsize=2)
def _index(sha256: str) -> Index:
    with opened(sha256, ".json") as file:
        found = json.load(file)
    return {identifier: Entry(*values) for identifier, values in found.items()}


def index_of(sha256: str) -> Index:
    """Raises FileNotFoundError where the file is gone. Not to be changed: it is shared."""
    if not private_storage().exists(name_of(sha256, ".json")):
        raise FileNotFoundError(name_of(sha256, ".json"))
    return _index(sha256)


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
    """Remove what no address serves. Only after a day: somebody may be reading it, and another
    process may be writing.
    """
    served = {name_of(sha256, end) for sha256 in serving for end in ENDS}
    storage = private_storage()
    for name in old_files(storage, FOLDER, OLD):
        if name not in served:
            storage.delete(name)
