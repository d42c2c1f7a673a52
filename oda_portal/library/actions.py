"""What happens to files of the library: taken up, replaced, renewed, brought back, let go."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable
from copy import copy
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image

from oda_portal.files import renditions
from oda_portal.files.checks import checked_document, checked_image
from oda_portal.files.documents import KINDS
from oda_portal.files.documents import TYPES as DOCUMENT_TYPES
from oda_portal.files.images import ENDINGS
from oda_portal.files.images import TYPES as PICTURE_TYPES
from oda_portal.files.refusals import refusal
from oda_portal.languages import HTML_LANG
from oda_portal.publishing.models import language_column
from oda_portal.translating.states import Saved, after_saving_all

from . import uses
from .models import Document, DocumentVersion, Picture, Subject

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

# Endings of pictures that we take, or whose check says what to do instead.
PICTURE_ENDINGS = {*ENDINGS, "heic", "heif"}
LONGEST_NAME = 150
# What could not be shown in a line, or turns the line around.
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]+")

MESSAGES = {
    "library_same": _("This file is in the library already, as “%(name)s”."),
    "library_kind": _(
        "This document is a %(kind)s file, and it is in use. Attach the new version as a"
        " %(kind)s file too."
    ),
}


@dataclass(frozen=True)
class Details:
    """What is said of all files that are uploaded at once."""

    licence: int
    credit: str = ""
    subjects: tuple[Subject, ...] = ()


@dataclass(frozen=True)
class Taken:
    """`is_new` is False where the library held the same file before."""

    row: Picture | Document
    is_new: bool


def is_picture(name: str) -> bool:
    return name.rpartition(".")[2].lower() in PICTURE_ENDINGS


def digest_of(content: IO[bytes] | UploadedFile) -> str:
    """The fingerprint of all of it; it stands at its beginning afterwards."""
    content.seek(0)
    found = hashlib.sha256()
    while part := content.read(1024 * 1024):
        found.update(part)
    content.seek(0)
    return found.hexdigest()


def plain_name(name: str) -> str:
    """What a file was called, without its ending and what no line can hold."""
    stem = name.rpartition(".")[0] or name
    return " ".join(_UNSAFE.sub(" ", stem).split())[:LONGEST_NAME].strip() or "–"


def known(model: type[models.Model], *digests: str) -> Any | None:
    """The picture or document with these bytes, an older version included; None for new ones."""
    rows: Any = model._default_manager.all()
    found = rows.with_bytes(*digests).order_by("pk").first()
    if found is None and model is Document:
        same = models.Q(digest__in=digests) | models.Q(sent_digest__in=digests)
        older = DocumentVersion.objects.filter(same).select_related("document").first()
        found = older.document if older else None
    return found


# --- taken up ------------------------------------------------------------------------------------


def take(upload: UploadedFile, *, details: Details, by: User | None) -> Taken:
    """Keep an uploaded picture or document, once.

    Raises ValidationError with a sentence for whoever sent it; then nothing is stored.
    """
    name = upload.name or ""
    if is_picture(name):
        return _take(Picture, upload, checked_image(upload), details, by)
    if name.rpartition(".")[2].lower() not in KINDS:
        raise refusal("file_type", types=_("%(pictures)s, or as %(documents)s") % {
            "pictures": PICTURE_TYPES, "documents": DOCUMENT_TYPES,
        })  # fmt: skip
    return _take(Document, upload, checked_document(upload), details, by)


def _take(
    model: Any, upload: UploadedFile, checked: Any, details: Details, by: User | None
) -> Taken:
    digests = digest_of(checked), digest_of(upload)
    if row := known(model, *digests):
        return Taken(row, is_new=False)
    try:
        with transaction.atomic():
            row = model(
                name=plain_name(upload.name or ""),
                licence=details.licence,
                credit=details.credit,
            )
            put(row, checked, *digests)
            row.save()
            row.subjects.set(details.subjects)
            if model is Document:
                write_version(row, note="", by=by)
    except IntegrityError:
        # Somebody else was faster with the same file.
        row = known(model, *digests)
        if row is None:
            raise
        return Taken(row, is_new=False)
    return Taken(row, is_new=True)


def put(row: Any, file: Any, digest: str, sent_digest: str) -> None:
    """The file, with what is known of it; `file` may be the name of a stored one."""
    if isinstance(row, Picture):
        row.image = file
        with Image.open(row.image.open()) as picture:
            row.width, row.height = picture.size
        row.image.seek(0)
        row.bytes = row.image.size
    else:
        row.file = file
        row.bytes = row.file.size
    row.digest, row.sent_digest = digest, sent_digest


def write_version(document: Document, *, note: str, by: User | None) -> DocumentVersion:
    last = document.versions.order_by("-number").first()
    return DocumentVersion.objects.create(
        document=document,
        number=last.number + 1 if last else 1,
        file=document.file.name,
        note=note,
        bytes=document.bytes,
        digest=document.digest,
        sent_digest=document.sent_digest,
        by=by,
    )


# --- replaced, renewed, brought back -------------------------------------------------------------


@transaction.atomic
def replace_picture(picture: Picture, upload: UploadedFile) -> list[uses.Place]:
    """Another picture in its place, everywhere; the places that show it now.

    Raises ValidationError when it cannot be taken.
    """
    checked = checked_image(upload)
    row: Any = Picture.objects.select_for_update().get(pk=picture.pk)
    digests = digest_of(checked), digest_of(upload)
    _refuse_known(Picture, digests)
    before = row.image.name
    put(row, checked, *digests)
    row.save()
    return move(row, before)


@transaction.atomic
def add_version(
    document: Document, upload: UploadedFile, *, note: str, by: User
) -> list[uses.Place]:
    """A newer version, which everybody gets who asks for the document from now on.

    Raises ValidationError when it cannot be taken.
    """
    checked = checked_document(upload)
    row: Any = Document.objects.select_for_update().get(pk=document.pk)
    digests = digest_of(checked), digest_of(upload)
    _refuse_known(Document, digests)
    _refuse_other_kind(row, upload.name or "")
    before = row.file.name
    put(row, checked, *digests)
    row.save()
    write_version(row, note=note, by=by)
    return move(row, before)


@transaction.atomic
def restore_version(version: DocumentVersion, *, note: str, by: User) -> list[uses.Place]:
    """An older version becomes the newest, as a version of its own; nothing when it is already."""
    row: Any = Document.objects.select_for_update().get(pk=version.document_id)
    before = row.file.name
    if before == version.file.name:
        return uses.places(row)
    _refuse_other_kind(row, str(version.file.name))
    row.file = version.file.name
    row.bytes, row.digest, row.sent_digest = version.bytes, version.digest, version.sent_digest
    row.save()
    write_version(row, note=note, by=by)
    return move(row, before)


def _refuse_known(model: type[models.Model], digests: tuple[str, str]) -> None:
    if same := known(model, *digests):
        raise ValidationError(
            MESSAGES["library_same"], code="library_same", params={"name": str(same)}
        )


def _refuse_other_kind(document: Document, name: str) -> None:
    """Pages say of which kind it is, and an HWP file needs a PDF beside it."""
    kind = document.type
    if name.rpartition(".")[2].upper() != kind and uses.is_used(document):
        raise ValidationError(MESSAGES["library_kind"], code="library_kind", params={"kind": kind})


def move(holder: Picture | Document, before: str) -> list[uses.Place]:
    """Whatever showed the file `before` shows the holder's; the places."""
    moved = uses.showing(uses.uses_of(holder), before, lock=True)
    for place in moved:
        setattr(place.row, place.use.column, holder.stored.name)
        place.row.save()
    if isinstance(holder, Picture):
        renditions.refresh(*(place.row for place in moved))
    return moved


# --- words that go along -------------------------------------------------------------------------


@transaction.atomic
def pass_on(
    holder: Picture | Document, before: Picture | Document, *, by: User | None,
    minor: bool = False, among: Collection[str] | None = None,
) -> int:  # fmt: skip
    """Give changed words to the places that have them as they were; how many places changed.

    A place with words of its own keeps them. `minor`: its translations stay as they are marked.
    `among` has the keys of the places that may change; without it all of them may.
    """
    changed: list[Saved] = []
    for place in uses.places(holder, lock=True):
        if among is not None and place.key not in among:
            continue
        columns = [
            name
            for name in shared_columns(place.use)
            if getattr(holder, name) != getattr(before, name)
            and getattr(place.row, name) == getattr(before, name)
            and getattr(before, name)
        ]
        row_before = copy(place.row)
        for name in columns:
            setattr(place.row, name, getattr(holder, name))
        if columns:
            place.row.save()
            changed.append(Saved(row_before, place.row))
    after_saving_all(changed, minor=minor, by=by)
    return len(changed)


def shared_columns(use: uses.Use) -> Iterable[str]:
    for name in use.texts:
        for code in HTML_LANG:
            yield language_column(name, code)
    yield from use.facts
