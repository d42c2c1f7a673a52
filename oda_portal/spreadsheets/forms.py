"""What somebody wants of a list, and why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.privacy.exports import ExportForm

from .columns import Column

FORMATS = (("xlsx", _("Excel (XLSX)")), ("csv", _("Text with commas (CSV)")))


class ListExportForm(ExportForm):
    format = forms.ChoiceField(
        label=_("File"), choices=FORMATS, widget=forms.RadioSelect, required=False, initial="xlsx"
    )
    columns = forms.MultipleChoiceField(
        label=pgettext_lazy("spreadsheet", "Columns"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("If you tick none, the file has all of them."),
    )
    field_order = ("format", "columns", "reason")

    def __init__(
        self, *args: Any, columns: list[Column], asks_for_reason: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["columns"]
        choices.choices = [(column.key, column.label) for column in columns]
        choices.initial = [column.key for column in columns]
        if not asks_for_reason:
            del self.fields["reason"]

    def clean_format(self) -> str:
        return self.cleaned_data["format"] or "csv"
