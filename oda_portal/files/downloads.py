"""Public documents by their random address; a model with files registers itself."""

from __future__ import annotations

import re
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpResponseBase
from django.utils import translation

from .documents import KINDS

# What no file system of a reader takes in a name, and what could end a header.
_UNSAFE = re.compile(r'[\x00-\x1f\x7f"*/:<>?\\|\u202a-\u202e\u2066-\u2069]+')
_MAX_NAME = 100

_IMAGE_TYPES = {"jpg": "image/jpeg", "png": "image/png"}

AnyResponse = TypeVar("AnyResponse", bound=HttpResponseBase)


class _Column(NamedTuple):
    """A column with files, and the one with their addresses."""

    model: type[models.Model]
    file: str
    uuid: str


_registered: list[_Column] = []
_for_staff: dict[type[models.Model], list[str]] = {}


def register(model: type[models.Model], *, file: str = "file", uuid: str = "uuid") -> None:
    """`model` has these two columns, `title` and a manager with `published()`; once a column."""
    column = _Column(model, file, uuid)
    if column not in _registered:
        _registered.append(column)


def file_fields(model: type[models.Model]) -> list[str]:
    """The columns of a model that hold documents, the one that was registered first in front."""
    return [column.file for column in _registered if column.model is model]


def register_for_staff(model: type[models.Model], *fields: str) -> None:
    """Columns whose files nobody gets from here but staff who may see the row."""
    _for_staff[model] = list(fields)


def staff_fields(model: type[models.Model]) -> list[str]:
    return _for_staff.get(model, [])


def registered_models() -> list[type[models.Model]]:
    return list(dict.fromkeys(column.model for column in _registered))


def published_file(uuid: UUID) -> tuple[Any, FieldFile] | None:
    """The public object and its file with this address; None when there is none at this moment."""
    for column in _registered:
        rows = column.model._default_manager.published()  # type: ignore[attr-defined]
        if found := rows.filter(**{column.uuid: uuid}).exclude(**{column.file: ""}).first():
            return found, getattr(found, column.file)
    return None


def public_among(uuids: set[UUID]) -> set[UUID]:
    """Which of these addresses give a file at this moment; one question a column."""
    found: set[UUID] = set()
    for column in _registered:
        rows = column.model._default_manager.published()  # type: ignore[attr-defined]
        rows = rows.filter(**{f"{column.uuid}__in": uuids}).exclude(**{column.file: ""})
        found |= set(rows.values_list(column.uuid, flat=True))
    return found


def content_type(file: FieldFile) -> str:
    """By the ending, which was checked when the file came; nothing is guessed."""
    ending = _ending(file)
    if ending in KINDS:
        return KINDS[ending].content_type
    return _IMAGE_TYPES.get(ending, "application/octet-stream")


def file_name(document: Any, file: FieldFile) -> str:
    """A name for the reader's disk: the title in the document's own language, and the ending."""
    language = getattr(document, "language", "")
    known = language in dict(settings.LANGUAGES)
    with translation.override(language if known else settings.LANGUAGE_CODE):
        title = str(document.title)
    name = " ".join(_UNSAFE.sub(" ", title).split())[:_MAX_NAME].strip(" .")
    return f"{name or 'document'}.{_ending(file)}"


def private_response(file: FieldFile, name: str) -> FileResponse:
    """Somebody's own file, to be saved and not opened as a page of ours; kept by nobody.

    The caller has asked who may have it. Raises Http404 when it is gone from the disk.
    """
    try:
        response = FileResponse(file.open("rb"), content_type=content_type(file))
    except FileNotFoundError as error:
        raise Http404 from error
    response.headers["Content-Disposition"] = disposition(
        " ".join(_UNSAFE.sub(" ", name).split()) or "file"
    )
    response.headers["Cache-Control"] = "private, no-store"
    return guarded(response)


def guarded(response: AnyResponse) -> AnyResponse:
    """A browser that shows the file all the same gives it no script, no form and no address."""
    response.headers["Content-Security-Policy"] = (
        "sandbox; default-src 'none'; frame-ancestors 'none'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def disposition(name: str) -> str:
    """A header that saves the file under this name, and under a plain one in old programs."""
    plain = name if name.isascii() else f"document.{name.rpartition('.')[2]}"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _ending(file: FieldFile) -> str:
    return file.name.rpartition(".")[2].lower() if file.name else ""
