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
# How long a request waits for others that are being drawn in its process.
PATIENCE = 10

# Drawing takes a core for a moment: two at once would only be slower.
_one_at_a_time = threading.Lock()


class BusyError(Exception):
    """Too many pictures are being drawn; ask again soon."""


def picture(card: Card, language: str) -> tuple[bytes, str]:
    """The picture and the digest that names it; drawn where nobody has asked before.

    Raises BusyError.
    """
    digest = digest_of(card, language)
    if (kept := _kept(digest)) is not None:
        return kept, digest
    if not _one_at_a_time.acquire(timeout=PATIENCE):
        raise BusyError
    try:
        # Somebody else may have drawn it meanwhile.
        kept = _kept(digest)
        if kept is None:
            kept = drawn(card, language)
            _keep(digest, kept)
    finally:
        _one_at_a_time.release()
    return kept, digest


def _folder() -> Path:
    return Path(private_storage().path(FOLDER))


def _kept(digest: str) -> bytes | None:
    path = _folder() / f"{digest}.png"
    try:
        content = path.read_bytes()
        if _used(path) < timezone.now() - timedelta(days=1):
            os.utime(path)  # so that the sweep knows that somebody wants it
    except OSError:  # mostly, nobody has asked for it before
        return None
    return content


def _keep(digest: str, content: bytes) -> None:
    """Whole or not at all; a full disk costs only that it is drawn once more."""
    folder = _folder()
    part = folder / f"{uuid4().hex}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        part.replace(folder / f"{digest}.png")
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
