"""Sending a partner's file: refused at once where its first bytes already say why."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oda_portal.files.refusals import refusal
from oda_portal.opendata.iati.reading import Document, UnreadableError
from partners.activities import is_own_reference
from partners.models import IatiFile, Organisation

from .comparing import LIMITS


class IatiFileForm(forms.ModelForm):
    upload = forms.FileField(
        label=gettext_lazy("file"),
        help_text=gettext_lazy(
            "XML, IATI 2.01 to 2.03, up to 20 MB and 5,000 activities. Nothing is taken over before"
            " you have seen what would change."
        ),
    )

    url = forms.URLField(
        label=gettext_lazy("where it was found"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy("The address that the file was downloaded from."),
    )

    class Meta:
        model = IatiFile
        fields = ("organisation", "licence", "url")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "upload" in self.fields:
            self.fields["upload"].widget.attrs["accept"] = ".xml,application/xml,text/xml"

    def clean_organisation(self) -> Organisation:
        organisation: Organisation = self.cleaned_data["organisation"]
        if is_own_reference(organisation.org_ref):
            raise forms.ValidationError(_("That is this office. Its own data is not taken in."))
        return organisation

    def clean_upload(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["upload"]
        _refuse_without_content(upload)
        try:
            document = Document(cast(BinaryIO, upload.file), LIMITS)
            if document.of_organisations:
                raise UnreadableError(
                    _("This is a file about organisations; one about activities is wanted.")
                )
        except UnreadableError as reason:
            raise forms.ValidationError(str(reason)) from reason
        upload.seek(0)
        return upload


def _refuse_without_content(upload: UploadedFile) -> None:
    """What is past the limit of all uploads, or met a full disk, arrives as an empty file."""
    if getattr(upload, "is_cut", False):
        sentence = _("The file is larger than %(size)s MB. Please divide it.")
        raise forms.ValidationError(sentence % {"size": LIMITS.size // 1_000_000})
    if getattr(upload, "is_unstored", False):
        raise refusal("file_store")


class AgreementForm(forms.Form):
    """Asked where a file reports as somebody else: the identifiers would be theirs no more."""

    agreed = forms.BooleanField(
        label=gettext_lazy("This organisation may publish for the one that the file reports as"),
        help_text=gettext_lazy(
            "Its identifiers then belong to this organisation here, and a file of the other one"
            " cannot bring them any more."
        ),
    )
