"""Checked files wait on the disk of the private folder until their row is saved.

So a full disk shows while the form is checked, where it can be told beside the field; saving the
row only renames. What no row takes is removed with the request, or after a kill by the sweep.
"""

from __future__ import annotations

import logging
import weakref
from datetime import datetime, timedelta
from typing import IO
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import Storage
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from .refusals import refusal
from .storages import private_storage

logger = logging.getLogger(__name__)

FOLDER = "incoming"
# Far longer than a request lasts.
MAX_AGE = timedelta(hours=1)


class StagedFile(UploadedFile):
    """A checked file; storing it moves it out of the waiting folder."""

    def __init__(self, storage: Storage, stored: str, name: str) -> None:
        super().__init__(storage.open(stored), name, size=storage.size(stored))
        self._path = storage.path(stored)
        # Deleting what was moved away meanwhile does nothing.
        self.discard = weakref.finalize(self, storage.delete, stored)

    def temporary_file_path(self) -> str:
        """Where it lies: Django's file storage renames instead of copying."""
        return self._path


def stage(content: IO[bytes], ending: str) -> StagedFile:
    """Write checked content to the private disk under a random name.

    Raises ValidationError (file_store) when the disk takes no more; nothing is left behind then.
    """
    storage = private_storage()
    name = f"{FOLDER}/{uuid4().hex}.{ending}"
    try:
        stored = storage.save(name, File(content))
        return StagedFile(storage, stored, f"file.{ending}")
    except OSError as error:
        logger.exception("A checked file could not be stored")
        storage.delete(name)
        raise refusal("file_store") from error


def sweep_staged() -> None:
    """Remove what a killed process left waiting."""
    storage = private_storage()
    for name in old_files(storage, FOLDER):
        storage.delete(name)


def old_files(storage: Storage, folder: str, age: timedelta = MAX_AGE) -> list[str]:
    """The files of a folder that no running request can still be working on."""
    if not storage.exists(folder):
        return []
    oldest = timezone.now() - age
    names = [f"{folder}/{name}" for name in storage.listdir(folder)[1]]
    return [name for name in names if _written_at(storage, name) < oldest]


def _written_at(storage: Storage, name: str) -> datetime:
    try:
        return storage.get_modified_time(name)
    except FileNotFoundError:
        # Moved or removed since the folder was listed.
        return timezone.now()
