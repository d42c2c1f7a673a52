"""The step with files: each is stored as soon as it is right, whatever is wrong with the others."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from oda_portal.files.checks import ATTACHMENT_TYPES
from oda_portal.files.forms import AttachmentFormField
from oda_portal.files.staging import StagedFile
from oda_portal.privacy.numbers import refuse_resident_number
from oda_portal.publishing.texts import text_in

from ..models import ApplicationFile, RequiredDocument
from .steps import StepForm

LONGEST_NAME = 150
MEGABYTES = settings.ATTACHMENT_MAX_BYTES // (1024 * 1024)


class DocumentsForm(StepForm):
    slug = "documents"
    template = "documents"
    title = pgettext_lazy("application", "Documents")

    def complete_fields(self) -> None:
        documents = self.application.call.documents.all()
        self.documents = {f"document_{row.pk}": row for row in documents}
        self.stored = {row.document_id: row for row in self.application.files.all()}
        for name, document in self.documents.items():
            self.fields[name] = AttachmentFormField(
                label=text_in(document, "name").text,
                help_text=_hint(document),
                required=document.is_required and document.pk not in self.stored,
                # The name that a file came with is kept as a text alone, cut to its room.
                max_length=None,
            )

    def draft(self) -> dict[str, str]:
        return {}

    def left_out(self) -> bool:
        """A file that was refused; one that is still missing can come later."""
        return any(error.code != "required" for error in self.all_errors())

    def accepted(self) -> list[tuple[RequiredDocument, StagedFile, str]]:
        """After checking: each file that is right, with the name that the person gave it."""
        found = []
        for name, document in self.documents.items():
            checked = self.cleaned_data.get(name)
            if isinstance(checked, StagedFile):
                found.append((document, checked, shown_name(self._name_of(name))))
        return found

    def rows(self) -> list[tuple[forms.BoundField, ApplicationFile | None]]:
        """For the template: each field with the file that is there already."""
        return [
            (self[name], self.stored.get(document.pk)) for name, document in self.documents.items()
        ]

    def clean(self) -> dict[str, Any]:
        # A name may hold such a number as well as a text.
        cleaned = super().clean()
        for name in self.documents:
            if name in self.files and name not in self.errors:
                self._check_name(name)
        return cleaned

    def _name_of(self, field: str) -> str:
        """What the file was called where it came from."""
        return getattr(self.files[field], "name", None) or ""

    def _check_name(self, name: str) -> None:
        try:
            refuse_resident_number(self._name_of(name))
        except ValidationError as error:
            self.add_error(name, error)


def _hint(document: RequiredDocument) -> str:
    accepted = _("%(types)s, up to %(max)s MB each.") % {
        "types": ATTACHMENT_TYPES,
        "max": MEGABYTES,
    }
    return " ".join(filter(None, [text_in(document, "note").text, accepted]))


def shown_name(name: str) -> str:
    """The last part of a name without signs that no eye sees, in its room, with its ending."""
    visible = "".join(sign for sign in name if sign.isprintable())
    stem, point, ending = visible.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}{point}{ending}"[-LONGEST_NAME:]
