"""The two places for files: public pictures, and what has no address of its own.

FILES_URL says whether they are folders (here) or lie in a bucket (`bucket`). Both offer the same.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Protocol, cast
from uuid import uuid4

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages
from django.utils.functional import LazyObject

# How the name of a file begins that is being written.
UNFINISHED = ".unfinished-"
_READ = 1024 * 1024


class StoreError(OSError):
    """The object storage does not answer, or refuses what it is asked."""


class Reads(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class Store(Protocol):
    """What the portal asks of a place for files. Names have slashes and no folder in front.

    FileNotFoundError for what is not there, another OSError for what cannot be done.
    """

    # Whether it is a part of this machine, and nothing is asked over the network.
    is_near: bool

    def open(self, name: str, mode: str = "rb") -> Any: ...
    def save(self, name: str | None, content: IO[Any]) -> str: ...
    def exists(self, name: str) -> bool: ...
    def size(self, name: str) -> int: ...
    def get_modified_time(self, name: str) -> datetime: ...

    def delete(self, name: str) -> None:
        """For good, with whatever was kept of it. What is not there may be deleted as well."""

    def names(self) -> Iterator[str]:
        """Every whole file."""

    def written(self, folder: str) -> Iterator[tuple[str, datetime]]:
        """The files of a folder with the times at which they were written, unfinished ones too."""

    def put(self, name: str, file: Reads) -> None:
        """Whole or not at all; what stood there before is replaced."""

    def move(self, name: str, to: str) -> None:
        """From then on it counts as written at this moment."""

    def touch(self, name: str) -> None:
        """Have it count as written at this moment."""

    def part(self, name: str, start: int, length: int) -> bytes:
        """A stretch of a file, for which the rest is not read."""


class Folder(FileSystemStorage):
    """A folder that every process sees; without a place of its own, MEDIA_ROOT."""

    is_near = True

    def names(self) -> Iterator[str]:
        root = Path(self.location)
        for place, folders, files in os.walk(root):
            folders.sort()
            for name in sorted(files):
                path = Path(place, name)
                if not name.startswith(UNFINISHED) and path.is_file() and not path.is_symlink():
                    yield path.relative_to(root).as_posix()

    def written(self, folder: str) -> Iterator[tuple[str, datetime]]:
        place = Path(self.path(folder))
        for path in place.iterdir() if place.is_dir() else ():
            # Moved or removed since the folder was listed.
            with suppress(FileNotFoundError):
                found = path.stat()
                if path.is_file():
                    yield f"{folder}/{path.name}", datetime.fromtimestamp(found.st_mtime, UTC)

    def put(self, name: str, file: Reads) -> None:
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f"{UNFINISHED}{uuid4().hex}")
        try:
            with draft.open("xb") as out:
                shutil.copyfileobj(file, out, _READ)
                out.flush()
                os.fsync(out.fileno())
            os.replace(draft, target)
        except BaseException:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise

    def move(self, name: str, to: str) -> None:
        source, target = Path(self.path(name)), Path(self.path(to))
        target.parent.mkdir(parents=True, exist_ok=True)
        # First the time: a kill in between must not have it look older than it is.
        os.utime(source)
        source.replace(target)

    def touch(self, name: str) -> None:
        os.utime(self.path(name))

    def part(self, name: str, start: int, length: int) -> bytes:
        with self.open(name) as file:
            file.seek(start)
            return file.read(length)


class PrivateFolder(Folder):
    """Outside the public folder. The place is asked for each time: tests have one each."""

    @property
    def base_location(self) -> str:
        return str(settings.PRIVATE_ROOT)

    @property
    def location(self) -> str:
        return os.path.abspath(self.base_location)

    def url(self, name: str | None) -> str:
        raise ValueError("A private file has no address of its own.")


class _Private(LazyObject):
    def _setup(self) -> None:
        self._wrapped = storages["private"]


_private = _Private()


def private_storage() -> Any:
    """For files that have no address of their own: a Store."""
    return _private


def public_storage() -> Store:
    """For pictures that everybody may see."""
    return cast(Store, storages["default"])
