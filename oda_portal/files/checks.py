"""What an uploaded file must be before it is stored.

The functions raise ValidationError with a text for the person who sent the file, and store
nothing then. What they return lies on the private disk and is removed unless a row takes it.
"""

from __future__ import annotations

import io
from typing import IO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from .documents import check_document
from .images import clean_image
from .refusals import refusal, too_large
from .staging import StagedFile, stage
from .uploads import CappedUpload

# What people may hand in with an application, and how large.
ATTACHMENT_IMAGES = ("jpg", "jpeg", "png")
ATTACHMENT_DOCUMENTS = ("pdf", "docx", "hwp", "hwpx")
ATTACHMENT_TYPES = _("PDF, JPEG, PNG, DOCX, HWP or HWPX")


def checked_image(upload: UploadedFile) -> StagedFile:
    """A picture, encoded anew: a JPEG or a PNG, whatever came."""
    data = _content(upload, settings.IMAGE_MAX_BYTES)
    content, ending = clean_image(data, _ending(upload))
    return _staged(upload, content, ending)


def checked_document(upload: UploadedFile) -> StagedFile:
    """A PDF, office or HWP file as it came, with nothing in it that acts."""
    data = _content(upload, settings.UPLOAD_MAX_BYTES)
    ending = _ending(upload)
    check_document(data, ending)
    return _staged(upload, io.BytesIO(data), ending)


def checked_attachment(upload: UploadedFile) -> StagedFile:
    """A picture, encoded anew, or a document: what somebody hands in with an application."""
    data = _content(upload, settings.ATTACHMENT_MAX_BYTES)
    ending = _ending(upload)
    if ending in ATTACHMENT_IMAGES:
        content, ending = clean_image(data, ending)
        return _staged(upload, content, ending)
    if ending not in ATTACHMENT_DOCUMENTS:
        raise refusal("file_type", types=ATTACHMENT_TYPES)
    check_document(data, ending)
    return _staged(upload, io.BytesIO(data), ending)


def _content(upload: UploadedFile, limit: int) -> bytes:
    """Everything that was sent, once it is known not to be too much."""
    size = upload.size or 0
    if size > limit or getattr(upload, "is_cut", False):
        raise too_large(size, limit)
    if getattr(upload, "is_unstored", False):
        raise refusal("file_store")
    upload.seek(0)
    data = upload.read(limit + 1)
    if not data:
        raise refusal("file_empty")
    return data


def _staged(upload: UploadedFile, content: IO[bytes], ending: str) -> StagedFile:
    checked = stage(content, ending)
    if isinstance(upload, CappedUpload):
        # Forms hold their files in circles, so that they would stay until memory is tidied up.
        upload.checked = checked
    return checked


def _ending(upload: UploadedFile) -> str:
    return (upload.name or "").rpartition(".")[2].lower()
