"""The two folders with files, and how they are walked, filled and tidied."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import IO

from django.conf import settings

from .streams import READ

UNFINISHED = ".recovery-"  # how the name of a file begins that is being written


def roots() -> dict[str, Path]:
    return {"private": Path(settings.PRIVATE_ROOT), "media": Path(settings.MEDIA_ROOT)}


def names_below(root: Path) -> Iterator[str]:
    """Every regular file below a folder, with slashes, in order."""
    for place, folders, files in os.walk(root):
        folders.sort()
        for name in sorted(files):
            path = Path(place, name)
            if not name.startswith(UNFINISHED) and path.is_file() and not path.is_symlink():
                yield path.relative_to(root).as_posix()


def put(root: Path, name: str, file: IO[bytes]) -> None:
    """Write a file whole or not at all; what stood there before is replaced."""
    target = root / name
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f"{UNFINISHED}{token_hex(8)}")
    try:
        with draft.open("xb") as out:
            shutil.copyfileobj(file, out, READ)
            out.flush()
            os.fsync(out.fileno())
        os.replace(draft, target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def remove(root: Path, name: str) -> None:
    with suppress(FileNotFoundError):
        (root / name).unlink()


def mark_of_restore() -> Path:
    """There while a database is back and not all has followed; beside the ledger, which no
    backup replaces.
    """
    return Path(settings.LEDGER_FILE).with_name("bringing-back")
