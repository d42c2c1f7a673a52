"""The texts of a record as its partner would have them, in each language."""

from __future__ import annotations

import hashlib
import json
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from oda_portal.languages import HTML_LANG
from oda_portal.privacy.numbers import RefuseResidentNumbers
from oda_portal.publishing.histories import label_of

from .registry import Suggestable, plain


class SuggestForm(RefuseResidentNumbers, forms.Form):
    """One field a column, filled with what stands there; `changes` is what was written anew.

    `seen` says which texts the writer had before them: with others nothing is kept.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Any, *, suggestable: Suggestable, row: models.Model, wanted: dict[str, str],
        note: str = "",
    ) -> None:  # fmt: skip
        """`wanted`: what the writer has suggested already and may change."""
        self.suggestable, self.now = suggestable, suggestable.texts(row)
        super().__init__(data, initial={**self.now, **wanted, "note": note})
        self.digest = digest(self.now)
        self.initial["seen"] = self.digest
        for column, code in suggestable.columns():
            self.fields[column] = _field(suggestable.model._meta.get_field(column), code)
        self.fields["note"] = forms.CharField(
            label=_("Note for the office"),
            help_text=_("Why it should change, or anything else that is not right on the page."),
            max_length=1000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 4}),
        )

    @property
    def changes(self) -> dict[str, str]:
        """For a valid form: the columns that would change, with their new text."""
        said = {column: plain(self.cleaned_data[column]) for column in self.now}
        return {column: text for column, text in said.items() if text != self.now[column]}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self.changes:
            raise ValidationError(_("Nothing is changed yet. Change at least one text."))
        if not self.errors and cleaned.get("seen") != self.digest:
            # Whoever has read this may send again, now knowing what stands there.
            data = cast("QueryDict", self.data).copy()
            data["seen"] = self.digest
            self.data = data
            for column in self.changes:
                stored = self.now[column]
                self.add_error(column, _("Stored now: %(value)s") % {"value": stored})
            raise ValidationError(
                _("The office changed these texts while you were writing. Compare and send again.")
            )
        return cleaned


def digest(texts: dict[str, str]) -> str:
    whole = json.dumps(texts, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()[:32]


def _field(column: Any, code: str) -> forms.Field:
    is_long = isinstance(column, models.TextField) or (column.max_length or 0) > 200
    widget = forms.Textarea(attrs={"rows": 5}) if is_long else forms.TextInput()
    if code:
        widget.attrs["lang"] = HTML_LANG[code]
    field_class = forms.URLField if isinstance(column, models.URLField) else forms.CharField
    extra = {"assume_scheme": "https"} if field_class is forms.URLField else {"widget": widget}
    return field_class(
        label=capfirst(label_of(column)), max_length=column.max_length, required=False, **extra
    )
