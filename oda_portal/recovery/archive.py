"""What lies inside the envelope: a tar file, written and read from front to back.

about.json         what it is, of when, and which migrations the tables went through
database/000001 …  the database, cut into parts, since its size is not known beforehand
private/… media/…  the files
manifest.json      figures of every table, size and hash of the database and of every file
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import time
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import IO, Any, NamedTuple, Self

from oda_portal.files.storages import Reads

from .errors import DamagedError
from .streams import READ, Writes

PART = 4 * 1024 * 1024
ABOUT, MANIFEST, DATABASE = "about.json", "manifest.json", "database"
FILES = ("private", "media")


class Sum(NamedTuple):
    size: int
    sha256: str


class Digested:
    """A file that knows the hash and size of what was read from it."""

    def __init__(self, file: Reads) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self._size = 0

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._digest.update(data)
        self._size += len(data)
        return data

    @property
    def sum(self) -> Sum:
        return Sum(self._size, self._digest.hexdigest())


class _Gate:
    """Lets through what is written until it is shut: an archive that is given up writes its end."""

    def __init__(self, out: Writes) -> None:
        self.out: Writes | None = out

    def write(self, data: bytes) -> int:
        return self.out.write(data) if self.out is not None else len(data)


class Writer:
    """Writes its end when its block is left in good order, and nothing more otherwise."""

    def __init__(self, out: Writes) -> None:
        self._gate = _Gate(out)
        # Its types want whole files; it only writes.
        file: Any = self._gate
        self._tar: Any = tarfile.open(  # noqa: SIM115  (closed with the block)
            fileobj=file, mode="w|", bufsize=READ, format=tarfile.PAX_FORMAT
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_more: object) -> None:
        if kind is not None:
            self._gate.out = None
        self._tar.close()

    def put_json(self, name: str, value: object) -> None:
        data = json.dumps(value, ensure_ascii=False).encode()
        self.put(name, io.BytesIO(data), len(data))

    def put(self, name: str, file: Reads, size: int) -> Sum:
        """Exactly `size` bytes of a file; OSError when it has fewer."""
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = size, 0o600, int(time.time())
        source = Digested(file)
        self._tar.addfile(member, source)
        self._tar.members = []  # else every name is kept until the end
        return source.sum

    def put_parts(self, name: str, chunks: Iterable[bytes]) -> Sum:
        """What has no size beforehand, in parts `name/000001` and so on."""
        digest, size, number = hashlib.sha256(), 0, 0
        held = bytearray()
        for chunk in chunks:
            digest.update(chunk)
            size += len(chunk)
            held += chunk
            while len(held) >= PART:
                number += 1
                self.put(f"{name}/{number:06d}", io.BytesIO(bytes(held[:PART])), PART)
                del held[:PART]
        self.put(f"{name}/{number + 1:06d}", io.BytesIO(bytes(held)), len(held))
        return Sum(size, digest.hexdigest())


class Entry(NamedTuple):
    room: str  # the first part of the name
    name: str  # the rest
    size: int
    file: IO[bytes]


def entries(source: Any) -> Iterator[Entry]:
    """Every member in its order; each is read before the next is asked for."""
    try:
        tar: Any
        with tarfile.open(fileobj=source, mode="r|", bufsize=READ) as tar:
            while (member := tar.next()) is not None:
                tar.members = []
                room, _slash, name = member.name.partition("/")
                # One with holes may say of a few bytes that they fill the disk.
                is_file = member.isreg() and not member.issparse()
                file = tar.extractfile(member) if is_file else None
                if file is None or not is_plain(member.name):
                    raise DamagedError("the file holds something that no backup has")
                yield Entry(room, name, member.size, file)
    except tarfile.TarError as error:
        raise DamagedError("the file holds no archive") from error


def is_plain(name: str) -> bool:
    """Whether a name stays below the folder that it is put into."""
    path = PurePosixPath(name)
    return (
        # Behind two slashes the rest of a name is a path from the root.
        str(path) == name
        and not path.is_absolute()
        and ".." not in path.parts
        and "\\" not in name
        and "\0" not in name
    )
