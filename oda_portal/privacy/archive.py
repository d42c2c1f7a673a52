"""Everything the portal holds about a person, as one ZIP.

`data.json`, the same as a page to read, and the files.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models.fields.files import FieldFile
from django.utils import timezone

from . import registry
from .readable import page_of
from .registry import PersonalData

if TYPE_CHECKING:
    from oda_portal.accounts.models import User


def archive_of(user: User) -> IO[bytes]:
    """A nameless temporary file, at its beginning: a killed process leaves nothing behind.

    A file that is missing in the store is named in `data.json` and left out.
    """
    target = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115  (given away)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        added, missing = [], []
        for name, file in _files(user):
            try:
                _add(archive, name, file)
                added.append(name)
            except FileNotFoundError:
                missing.append(name)
        data = _data(user, missing)
        text = json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        archive.writestr("data.json", text)
        archive.writestr("index.html", page_of(user, data, added))
    target.seek(0)
    return target


def _data(user: User, missing: list[str]) -> dict[str, Any]:
    about: dict[str, Any] = {
        "made_at": timezone.now(),
        "site": settings.SITE_URL,
        **{row.name_given: row.export(user) for row in registry.registered() if row.is_given},
    }
    return about | {"files_missing": missing} if missing else about


def _files(user: User) -> Iterator[tuple[str, FieldFile]]:
    """Each file under `files/<kind>/`, with a number where a name comes twice."""
    taken: set[str] = set()
    for entry in registry.registered():
        for name, file in entry.files(user):
            yield _free(entry, name, taken), file


def _free(entry: PersonalData, name: str, taken: set[str]) -> str:
    """Within the archive, and within it only: a name may be anything a person once typed."""
    parts = [part for part in map(_plain, name.replace("\\", "/").split("/")) if part]
    path = "/".join(["files", entry.name_given, *(parts or ["file"])])
    stem, dot, ending = path.rpartition(".")
    free, number = path, 1
    while free in taken:
        number += 1
        free = f"{stem}-{number}.{ending}" if dot and "/" not in ending else f"{path}-{number}"
    taken.add(free)
    return free


def _plain(part: str) -> str:
    return "".join(mark for mark in part if mark.isprintable() and mark not in ':*?"<>|').strip(
        " ."
    )


def _add(archive: zipfile.ZipFile, name: str, file: FieldFile) -> None:
    with file.storage.open(str(file.name), "rb") as source, archive.open(name, "w") as target:
        shutil.copyfileobj(source, target)
