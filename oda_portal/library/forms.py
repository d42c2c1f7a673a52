"""Taking a picture or document of the library into a record, and uploading to the library."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from oda_portal.files.forms import DocumentFormField, ImageFormField
from oda_portal.privacy.numbers import RefuseResidentNumbers

from . import actions, uses
from .licences import Licence
from .models import Document, Picture, Subject

LARGEST_NUMBER = 2**31 - 1
PICTURE_HELP = gettext_lazy(
    "Enter a library number instead of uploading a file. Its text alternative, caption, licence"
    " and credit are copied as well."
)
DOCUMENT_HELP = gettext_lazy(
    "Enter a library number instead of uploading a file. Its title is copied as well."
)


class NumberInput(forms.NumberInput):
    """A number of the library, with the way to find it; a script makes a window of the way."""

    template_name = "admin/library/number.html"

    class Media:
        css = {"all": ["admin_portal/library.css"]}
        js = ["admin_portal/library.js"]

    def __init__(self, holder: type[models.Model]) -> None:
        super().__init__({"min": 1, "inputmode": "numeric"})
        self.holder = holder

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        model = self.holder._meta.model_name
        return {
            **context,
            "choose": reverse_lazy(f"admin:library_{model}_choose"),
            "is_picture": self.holder is Picture,
        }


class HeldField(forms.IntegerField):
    """The number of what the library holds; cleaned to it, or to None."""

    def __init__(self, holder: type[models.Model], **kwargs: Any) -> None:
        is_picture = holder is Picture
        label = (
            gettext_lazy("Picture from the library")
            if is_picture
            else gettext_lazy("Document from the library")
        )
        kwargs.setdefault("label", label)
        kwargs.setdefault("help_text", PICTURE_HELP if is_picture else DOCUMENT_HELP)
        widget = NumberInput(holder)
        super().__init__(
            required=False, min_value=1, max_value=LARGEST_NUMBER, widget=widget, **kwargs
        )
        self.holder = holder

    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        if number is None:
            return None
        held: Any = self.holder._default_manager.filter(pk=number).first()
        if held is None:
            raise ValidationError(
                _("The library has nothing with this number. Choose again."), code="library_none"
            )
        if not held.is_ready:
            raise ValidationError(_not_ready(self.holder), code="library_not_ready")
        return held

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data)


def _not_ready(holder: type[models.Model]) -> str:
    if holder is Picture:
        return _(
            "This picture does not have its text alternative in all three languages yet."
            " Write it in the library, then choose the picture again."
        )
    return _(
        "This document has no title yet. Write it in the library, then choose the document again."
    )


class FromLibraryForm(forms.ModelForm):
    """A row that shows a file of its own, or one of the library.

    `held` names the field of this form for a number, and the column that the file goes to. Words
    and facts that were not typed here come along from the library, unless the row has its own.
    """

    held: ClassVar[Mapping[str, str]] = {}
    words_come_along: ClassVar[bool] = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, column in self.held.items():
            if column not in self.fields or name not in self.fields:
                continue
            self.fields[name].disabled = self.fields[column].disabled
            if self.is_bound and self.data.get(self.add_prefix(name)):
                self.fields[column].required = False

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        self._taken: set[str] = set()
        for name, column in self.held.items():
            if name not in self.errors and column not in self.errors:
                self._take_over(name, column)
        return cleaned

    def _take_over(self, name: str, column: str) -> None:
        held, upload = self.cleaned_data.get(name), self.files.get(self.add_prefix(column))
        if held and upload:
            self.add_error(name, _("Choose from the library or attach a file, not both."))
        elif held:
            self.cleaned_data[column] = held.stored.name
            if self.words_come_along:
                self._take_words(held, column)
        elif isinstance(upload, UploadedFile) and self.cleaned_data.get(column):
            digests = actions.digest_of(self.cleaned_data[column]), actions.digest_of(upload)
            holder = type(self).base_fields[name].holder  # type: ignore[attr-defined]
            if same := actions.known(holder, *digests):
                # The same file once more: the record shows the one that is there.
                self.cleaned_data[column] = same.stored.name

    def _take_words(self, held: Picture | Document, column: str) -> None:
        use = next(
            use
            for use in uses.registered()
            if use.model is self._meta.model and use.column == column
        )
        typed = {*self.changed_data, *self._taken}
        for name in actions.shared_columns(use):
            if name in self.fields and name not in typed and getattr(held, name):
                self.cleaned_data[name] = getattr(held, name)
                self._taken.add(name)
                self.errors.pop(name, None)


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files at once; each is looked at by itself, so that one refused keeps no other."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if not files:
            raise ValidationError(_("Choose at least one file."), code="required")
        return list(files)


class UploadForm(RefuseResidentNumbers, forms.Form):
    uploads = ManyFilesField(
        label=gettext_lazy("Pictures and documents"),
        help_text=gettext_lazy(
            "Pictures as JPEG, PNG, WebP or AVIF, up to 10 MB each; documents as PDF, HWP, HWPX,"
            " DOCX, XLSX, PPTX, ODT, ODS or ODP, up to 20 MB each."
        ),
    )
    licence = forms.TypedChoiceField(
        label=gettext_lazy("Licence"), choices=Licence, coerce=int, initial=Licence.TYPE_1
    )
    credit = forms.CharField(
        label=pgettext_lazy("library", "Credit"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Who made them. Readers see this."),
    )
    subjects: Any = forms.ModelMultipleChoiceField(
        label=pgettext_lazy("library", "Subjects"), queryset=Subject.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subjects"].queryset = Subject.objects.order_by_text("name")  # type: ignore[attr-defined]
        if not Subject.objects.exists():
            del self.fields["subjects"]

    @property
    def details(self) -> actions.Details:
        return actions.Details(
            licence=self.cleaned_data["licence"],
            credit=self.cleaned_data["credit"],
            subjects=tuple(self.cleaned_data.get("subjects", ())),
        )


class SeenForm(RefuseResidentNumbers, forms.Form):
    """`seen` is a fingerprint of the places that the page named: they must be the same."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class UnlookedFileField(forms.FileField):
    """The act looks at the content, under its lock."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_empty_file=True, **kwargs)


class ReplaceForm(SeenForm):
    file = UnlookedFileField(
        label=gettext_lazy("New picture"),
        widget=forms.FileInput(attrs=ImageFormField().widget_attrs(forms.FileInput())),
    )


class VersionForm(SeenForm):
    file = UnlookedFileField(
        label=gettext_lazy("New version"),
        widget=forms.FileInput(attrs=DocumentFormField().widget_attrs(forms.FileInput())),
    )
    note = forms.CharField(
        label=gettext_lazy("What is new"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("For staff; shown in the list of versions."),
    )


class RestoreForm(SeenForm):
    note = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("For staff; shown in the list of versions."),
    )
