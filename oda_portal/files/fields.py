"""Model fields whose files have been looked at before they are stored."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db import models
from django.db.models.fields.files import FieldFile
from django.urls import reverse

from .forms import AttachmentFormField, DocumentFormField, ImageFormField
from .storages import private_storage


def random_name(instance: models.Model, filename: str) -> str:
    """A name that says nothing and cannot be guessed; the ending is the checked one."""
    ending = filename.rsplit(".", 1)[-1].lower()
    return f"{instance._meta.model_name}/{uuid4().hex}.{ending}"


class PrivateFieldFile(FieldFile):
    """A stored file whose address is the one for staff; the public one is another (see `urls`)."""

    @property
    def url(self) -> str:
        place = [self.instance._meta.label_lower, self.instance.pk]
        further = [] if self.field.name in ("file", "image") else [self.field.name]
        return reverse("files:original", args=[*place, *further])


class _CheckedFileField(models.FileField):
    """Stored under a random name outside the public folder."""

    attr_class = PrivateFieldFile
    form_field: type

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("upload_to", random_name)
        kwargs.setdefault("storage", private_storage)
        kwargs.setdefault("max_length", 120)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> Any:
        # The name that a file came with is not kept, so it may be as long as it likes.
        return super().formfield(
            **{"form_class": self.form_field, "max_length": None, **kwargs},
        )


def checked_fields() -> list[tuple[type[models.Model], models.FileField]]:
    """Every field whose files lie in the private folder, with each model that has it."""
    return [
        (model, field)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, _CheckedFileField)
    ]


class CheckedImageField(_CheckedFileField):
    """A picture that was decoded and encoded anew: no place, no serial number, no tail."""

    form_field = ImageFormField


class CheckedDocumentField(_CheckedFileField):
    """A PDF, office or HWP file without anything in it that acts."""

    form_field = DocumentFormField


class AttachmentField(_CheckedFileField):
    """A picture or a document that belongs to a person and is never public."""

    form_field = AttachmentFormField
