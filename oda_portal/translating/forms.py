"""The texts of one row in one language, as whoever translates writes them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import QueryDict
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from oda_portal.languages import HTML_LANG
from oda_portal.publishing.histories import in_words
from oda_portal.publishing.models import language_column
from oda_portal.publishing.rich import RichTextField
from oda_portal.publishing.texts import clean_html

from .registry import Translated, source_language, translated
from .states import texts_of
from .summary import Outdated, label_of

MakeField = Callable[[models.Field], forms.Field | None]


class Pair(NamedTuple):
    """A text and the one that it is translated from, beside each other."""

    label: str
    source: str
    source_lang: str
    is_rich: bool
    target: forms.BoundField
    waiting: Outdated | None
    right: forms.BoundField | None


class TextsForm(forms.Form):
    """One row's texts in one language. With others than were shown nothing is kept.

    `waiting`: of its fields what is out of date; each gets a box that says it is still right.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: QueryDict | None, *, row: models.Model, of: models.Model, language: str,
        make_field: MakeField, waiting: dict[str, Outdated],
    ) -> None:  # fmt: skip
        self.row, self.of, self.language, self.waiting = row, of, language, waiting
        about = translated(type(row))
        assert about is not None  # noqa: S101  (only such rows have this form)
        self.about: Translated = about
        self.texts = texts_of(row)
        # A text in no language has nothing to be translated; the source itself is written first.
        self.fields_of = {
            field: language_column(field, language)
            for field in about.fields
            if source_language(self.texts, field) not in ("", language)
        }
        stored = {column: getattr(row, column) or "" for column in self.fields_of.values()}
        prefix = f"{about.label.replace('.', '-')}-{row.pk}"
        super().__init__(data, prefix=prefix, initial=stored)
        self.stored = stored
        self.digest = self._digest()
        self.initial["seen"] = self.digest
        for field, column in self.fields_of.items():
            self._add(field, column, make_field)

    def _add(self, field: str, column: str, make_field: MakeField) -> None:
        made = make_field(self.row._meta.get_field(column))  # type: ignore[arg-type]
        if made is None or made.disabled:
            return
        made.required = False
        made.label = _("Translation: %(field)s") % {"field": label_of(self.row, field)}
        self.fields[column] = made
        if field in self.waiting:
            label = _("This translation is still correct")
            self.fields[f"right_{column}"] = forms.BooleanField(label=label, required=False)

    def _digest(self) -> str:
        """Of all that the page shows of this row: sources and translations."""
        shown = [
            (field, source_language(self.texts, field), self._source(field), self.stored[column])
            for field, column in self.fields_of.items()
        ]
        return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:32]

    def _source(self, field: str) -> str:
        return getattr(self.row, language_column(field, source_language(self.texts, field))) or ""

    # --- what the page shows -------------------------------------------------------------------

    @property
    def title(self) -> str:
        """Which part of the record it is; empty for the record itself."""
        if type(self.row) is type(self.of):
            return ""
        return label_of(self.row, self.about.fields[0], of=self.of).rpartition(" – ")[0]

    def pairs(self) -> Iterator[Pair]:
        for field, column in self.fields_of.items():
            if column not in self.fields:
                continue
            right = f"right_{column}"
            yield Pair(
                label=label_of(self.row, field),
                source=mark_safe(clean_html(self._source(field)))  # noqa: S308  (clean)
                if self._is_rich(field)
                else self._source(field),
                source_lang=HTML_LANG[source_language(self.texts, field)],
                is_rich=self._is_rich(field),
                target=self[column],
                waiting=self.waiting.get(field),
                right=self[right] if right in self.fields else None,
            )

    def _is_rich(self, field: str) -> bool:
        column: Any = self.row._meta.get_field(language_column(field, self.language))
        return isinstance(getattr(column, "translated_field", column), RichTextField)

    # --- what was written ------------------------------------------------------------------------

    @property
    def changes(self) -> dict[str, str]:
        """Of a valid form: the columns with another text than before."""
        return {
            column: self.cleaned_data[column] or ""
            for column in self.fields_of.values()
            if column in self.fields and self._words(column, self.cleaned_data[column])
            != self._words(column, self.stored[column])
        }  # fmt: skip

    def _words(self, column: str, text: str | None) -> str:
        # A browser ends lines otherwise than the database.
        return "\n".join((text or "").strip().splitlines())

    @property
    def right(self) -> list[str]:
        """The fields of which somebody says that they are still right, unchanged."""
        return [
            field
            for field, column in self.fields_of.items()
            if self.cleaned_data.get(f"right_{column}") and column not in self.changes
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and (self.changes or self.right):
            self._refuse_conflict(str(cleaned.get("seen")))
        if not self.errors and self.changes:
            self._refuse_bad_texts()
        return cleaned

    def _refuse_conflict(self, seen: str) -> None:
        if seen == self.digest:
            return
        # Whoever has read this may save again, now knowing what stands there.
        data = cast("QueryDict", self.data).copy()
        data[self.add_prefix("seen")] = self.digest
        self.data = data
        for column in self.changes:
            stored = in_words(self.row._meta.get_field(column), self.stored[column])
            self.add_error(column, _("Stored now: %(value)s") % {"value": stored})
        raise ValidationError(
            _("Somebody changed these texts while this page was open. Compare and save again.")
        )

    def _refuse_bad_texts(self) -> None:
        for column, text in self.changes.items():
            field: Any = self.row._meta.get_field(column)
            try:
                field.clean(text or (None if field.null else ""), self.row)
            except ValidationError as error:
                self.add_error(column, error)
