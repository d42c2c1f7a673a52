"""Form fields for uploads: what they accept is in `checks`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from .checks import (
    ATTACHMENT_DOCUMENTS,
    ATTACHMENT_IMAGES,
    checked_attachment,
    checked_document,
    checked_image,
)
from .documents import KINDS
from .refusals import MESSAGES


class _CheckedFormField(forms.FileField):
    default_error_messages = {
        "required": MESSAGES["file_required"],
        "empty": MESSAGES["file_empty"],
    }

    def clean(self, data: Any, initial: Any = None) -> Any:
        value = super().clean(data, initial)
        # False clears the field, a stored file was checked when it came.
        return self.check(value) if isinstance(value, UploadedFile) else value

    def check(self, upload: UploadedFile) -> UploadedFile:
        raise NotImplementedError


class ImageFormField(_CheckedFormField):
    def check(self, upload: UploadedFile) -> UploadedFile:
        return checked_image(upload)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        return {"accept": "image/jpeg,image/png,image/webp,image/avif"}


class DocumentFormField(_CheckedFormField):
    def check(self, upload: UploadedFile) -> UploadedFile:
        return checked_document(upload)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        return {"accept": ",".join(f".{ending}" for ending in KINDS)}


class AttachmentFormField(_CheckedFormField):
    def check(self, upload: UploadedFile) -> UploadedFile:
        return checked_attachment(upload)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        endings = (*ATTACHMENT_DOCUMENTS, *ATTACHMENT_IMAGES)
        return {"accept": ",".join(f".{ending}" for ending in endings)}
