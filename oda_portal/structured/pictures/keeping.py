"""Pictures that were drawn, under the name of what they show: drawn once, whoever asks.

They lie in the private folder, which all web processes share, and are given out only by a view
that asks whether the page is public.
"""

from __future__ import annotations

import logging
import os
import threading
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from django.utils import timezone

from oda_portal.files.storages import private_storage

from .drawing import digest_of, drawn
from .registry import Card

logger = logging.getLogger(__name__)

FOLDER = "shared_pictures"
# Some 50 kB each.
MOST = 4000
UNUSED = timedelta(days=60)
# What a process that was killed left half written.
LEFT_OVER = timedelta(hours=1)
# How many seconds a request waits for others that are being drawn in its process: it holds one of
# the few threads that serve everybody's pages.
PATIENCE = 0.3

# Drawing takes a core for a moment: two at once would only be slower.
_one_at_a_time = threading.Lock()


class BusyError(Exception):
    """Too many pictures are being drawn; ask again soon."""


class Drawn(NamedTuple):
    """A picture, and the digest that names it."""

    content: bytes
    digest: str


def kept(card: Card, language: str) -> Drawn | None:
    """The picture where somebody has asked for it before."""
    digest = digest_of(card, language)
    content = _read(digest)
    return Drawn(content, digest) if content is not None else None


def draw(card: Card, language: str) -> Drawn:
    """Draw the picture and keep it.

    Raises BusyError.
    """
    if not _one_at_a_time.acquire(timeout=PATIENCE):
        raise BusyError
    try:
        # Somebody else may have drawn it meanwhile.
        if (found := kept(card, language)) is not None:
            return found
        made = Drawn(drawn(card, language), digest_of(card, language))
        _keep(made)
    finally:
        _one_at_a_time.release()
    return made


def _folder() -> Path:
    return Path(private_storage().path(FOLDER))


def _read(digest: str) -> bytes | None:
    path = _folder() / f"{digest}.png"
    try:
        content = path.read_bytes()
        if _used(path) < timezone.now() - timedelta(days=1):
            os.utime(path)  # so that the sweep knows that somebody wants it
    except OSError:  # mostly, nobody has asked for it before
        return None
    return content


def _keep(made: Drawn) -> None:
    """Whole or not at all; a full disk costs only that it is drawn once more."""
    folder = _folder()
    part = folder / f"{uuid4().hex}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part.write_bytes(made.content)
        part.replace(folder / f"{made.digest}.png")
    except OSError:
        logger.exception("a picture could not be kept")
        with suppress(OSError):
            part.unlink(missing_ok=True)


def sweep() -> int:
    """Delete what nobody has asked for in a long time, and the oldest of too many; how many."""
    now, folder = timezone.now(), _folder()
    files = list(folder.iterdir()) if folder.is_dir() else []
    parts = [path for path in files if path.suffix == ".part"]
    gone = [path for path in parts if _used(path) < now - LEFT_OVER]
    newest = sorted((path for path in files if path.suffix == ".png"), key=_used, reverse=True)
    gone += [path for n, path in enumerate(newest) if n >= MOST or _used(path) < now - UNUSED]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


def _used(path: Path) -> datetime:
    """When it was last wanted; long ago where another sweep has just deleted it."""
    try:
        at = path.stat().st_mtime
    except FileNotFoundError:
        at = 0
    return datetime.fromtimestamp(at, tz=timezone.get_default_timezone())
