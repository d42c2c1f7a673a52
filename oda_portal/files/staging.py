"""Checked files wait where private files lie until their row is saved.

So a full disk, or a storage that does not answer, shows while the form is checked, where it can be
told beside the field; saving the row only renames. What no row takes is removed with the request,
or after a kill by the sweep.
"""

from __future__ import annotations

import logging
import weakref
from datetime import timedelta
from typing import IO, Any
from uuid import uuid4

from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from .refusals import refusal
from .storages import Store, private_storage

logger = logging.getLogger(__name__)

FOLDER = "incoming"
# Far longer than a request lasts.
MAX_AGE = timedelta(hours=1)


class StagedFile(UploadedFile):
    """A checked file; storing it moves it out of the waiting folder."""

    def __init__(self, storage: Any, stored: str, name: str) -> None:
        opened = storage.open(stored)
        super().__init__(opened, name, size=opened.size)
        self._storage, self.stored, self._waits = storage, stored, True
        # For whoever stages a file outside of a request. A bucket is never asked while memory is
        # tidied up, which may be in the middle of another question to it: the sweep does that.
        if storage.is_near:
            weakref.finalize(self, _discard, storage, stored)

    def temporary_file_path(self) -> str:
        """Where it lies on a disk: Django's file storage renames instead of copying."""
        return str(self._storage.path(self.stored))

    def taken(self, file: Any) -> None:
        """A storage that cannot rename has a copy of it, which is read from now on."""
        self.discard()
        self.file = file

    def discard(self) -> None:
        """Remove what no row took. Deleting what was moved away meanwhile does nothing."""
        if self._waits:
            self._waits = False
            _discard(self._storage, self.stored)


def stage(content: IO[bytes], ending: str) -> StagedFile:
    """Write checked content to where private files lie, under a random name.

    Raises ValidationError (file_store) when nothing more is taken; nothing is left behind then.
    """
    storage = private_storage()
    name = f"{FOLDER}/{uuid4().hex}.{ending}"
    try:
        stored = storage.save(name, File(content))
        return StagedFile(storage, stored, f"file.{ending}")
    except OSError as error:
        logger.exception("A checked file could not be stored")
        _discard(storage, name)
        raise refusal("file_store") from error


def sweep_staged() -> None:
    """Remove what a killed process left waiting."""
    storage = private_storage()
    for name in old_files(storage, FOLDER):
        storage.delete(name)


def old_files(storage: Store, folder: str, age: timedelta = MAX_AGE) -> list[str]:
    """The files of a folder that no running request can still be working on."""
    oldest = timezone.now() - age
    return [name for name, written_at in storage.written(folder) if written_at < oldest]


def _discard(storage: Store, name: str) -> None:
    """Called when a request ends: what cannot be removed then is left to the sweep."""
    try:
        storage.delete(name)
    except OSError:
        logger.exception("A checked file that no row took could not be removed")
