"""Pictures that were drawn, under the name of what they show: drawn once, whoever asks.

They lie beside the private files, which all web processes share, and are given out only by a view
that asks whether the page is public.
"""

from __future__ import annotations

import io
import logging
import threading
from datetime import timedelta
from operator import itemgetter
from typing import NamedTuple

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


def _name(digest: str) -> str:
    return f"{FOLDER}/{digest}.png"


def _read(digest: str) -> bytes | None:
    storage, name = private_storage(), _name(digest)
    try:
        with storage.open(name) as file:
            content: bytes = file.read()
        if storage.get_modified_time(name) < timezone.now() - timedelta(days=1):
            storage.touch(name)  # so that the sweep knows that somebody wants it
    except OSError:  # mostly, nobody has asked for it before
        return None
    return content


def _keep(made: Drawn) -> None:
    """A full disk costs only that it is drawn once more."""
    try:
        private_storage().put(_name(made.digest), io.BytesIO(made.content))
    except OSError:
        logger.exception("a picture could not be kept")


def sweep() -> int:
    """Delete what nobody has asked for in a long time, and the oldest of too many; how many."""
    now, storage = timezone.now(), private_storage()
    files = sorted(storage.written(FOLDER), key=itemgetter(1), reverse=True)
    whole = [each for each in files if each[0].endswith(".png")]
    gone = [name for name, at in set(files) - set(whole) if at < now - LEFT_OVER]
    gone += [name for n, (name, at) in enumerate(whole) if n >= MOST or at < now - UNUSED]
    for name in gone:
        storage.delete(name)
    return len(gone)
