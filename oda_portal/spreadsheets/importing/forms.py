"""Sending a spreadsheet: refused at once where its first bytes or rows already say why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from oda_portal.files.refusals import MESSAGES, refusal, too_large

from . import acts, heads
from .reading import UnreadableError, check_file
from .registry import Importable


class UploadForm(forms.Form):
    about = forms.ChoiceField(label=_("What is in the file"))
    file = forms.FileField(
        label=_("file"),
        max_length=None,
        allow_empty_file=True,
        help_text=_(
            "XLSX or CSV, up to 20 MB and 10,000 rows. First you see what each row would change;"
            " nothing is written before you say so."
        ),
        error_messages={"required": MESSAGES["file_required"]},
    )

    def __init__(self, *args: Any, importables: list[Importable], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.importables = {each.label: each for each in importables}
        about: Any = self.fields["about"]
        about.choices = [(each.label, acts.title_of(each)) for each in importables]
        if len(importables) == 1:
            about.widget = forms.HiddenInput()
            about.initial = importables[0].label
        self.fields["file"].widget.attrs["accept"] = ".xlsx,.csv"

    @property
    def importable(self) -> Importable:
        return self.importables[self.cleaned_data["about"]]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("about") and (upload := self.cleaned_data.get("file")):
            try:
                self.content, self.ending = self._read(upload)
            except UnreadableError as reason:
                self.add_error("file", str(reason))
            except forms.ValidationError as error:
                self.add_error("file", error)
        return cleaned

    def _read(self, upload: UploadedFile) -> tuple[bytes, str]:
        limit = settings.UPLOAD_MAX_BYTES
        size = upload.size or 0
        if size > limit or getattr(upload, "is_cut", False):
            raise too_large(size, limit)
        if getattr(upload, "is_unstored", False):
            raise refusal("file_store")
        upload.seek(0)
        content = upload.read()
        ending = (upload.name or "").rpartition(".")[2].lower()
        check_file(content, ending)
        heads.read(content, ending, self.importable)
        return content, ending
