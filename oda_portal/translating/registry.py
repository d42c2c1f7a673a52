"""The models whose texts are translated by staff, and the forms on which that is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import models
from modeltranslation.translator import NotRegistered, translator

from oda_portal.languages import CODES
from oda_portal.publishing.models import Publishable, language_column


@dataclass(frozen=True, eq=False)
class Translated:
    """A model with translated fields that staff keep.

    `page` is the model whose form has its texts: itself, or the one that it is an inline of, by
    the foreign key `key`. `path` leads to the record on whose public page they stand.
    """

    model: type[models.Model]
    fields: tuple[str, ...]
    page: type[models.Model]
    key: str = ""
    path: str = ""
    record: type[models.Model] = models.Model

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    @property
    def content_type(self) -> ContentType:
        return ContentType.objects.get_for_model(self.model)

    @cached_property
    def is_published(self) -> bool:
        """Whether it has a state of publication, its own or that of its record."""
        return issubclass(self.record, Publishable)

    def columns(self, language: str) -> list[str]:
        return [language_column(field, language) for field in self.fields]

    def record_key(self, row: Any) -> int:
        """The number of the record on whose page this row's texts stand."""
        if not self.path:
            return row.pk
        *steps, last = self.path.split("__")
        for step in steps:
            row = getattr(row, step)
        return getattr(row, f"{last}_id")

    def page_key(self, row: Any) -> int:
        """The number of the record in whose form the texts stand."""
        return getattr(row, f"{self.key}_id") if self.key else row.pk


def texts_fields(model: type[models.Model]) -> tuple[str, ...]:
    """The translated fields of a model in the order in which it names them."""
    try:
        known = set(translator.get_options_for_model(model).all_fields)
    except NotRegistered:
        return ()
    return tuple(field.name for field in model._meta.fields if field.name in known)


@cache
def registered() -> dict[type[models.Model], Translated]:
    """Every such model, the forms in the order of the back office, each before its parts."""
    forms = [
        (model, each)
        for model, each in admin.site._registry.items()
        if getattr(each, "keeps_languages", False)
    ]
    own = {model for model, _form in forms}
    parts = _parts(forms)
    found: dict[type[models.Model], Translated] = {}
    for model, form in forms:
        for part in (model, *(inline.model for inline in form.inlines if inline.model not in own)):
            if part not in found and (fields := texts_fields(part)):
                found[part] = _translated(part, fields, own, parts)
    return found


def _parts(forms: list[Any]) -> dict[type[models.Model], tuple[type[models.Model], str]]:
    """Of each model that is an inline: the model of the form, and the key that leads there."""
    found: dict[type[models.Model], tuple[type[models.Model], str]] = {}
    for model, form in forms:
        for inline in form.inlines:
            keys = [
                field.name
                for field in inline.model._meta.fields
                if field.remote_field and field.remote_field.model is model
            ]
            if keys:
                found.setdefault(inline.model, (model, inline.fk_name or keys[0]))
    return found


def _translated(
    model: type[models.Model], fields: tuple[str, ...], own: set[type[models.Model]],
    parts: dict[type[models.Model], tuple[type[models.Model], str]],
) -> Translated:  # fmt: skip
    page, key = (model, "") if model in own else parts[model]
    record, steps = model, []
    while record in parts:
        record, step = parts[record]
        steps.append(step)
    return Translated(model, fields, page, key, "__".join(steps), record)


def know_kinds() -> None:
    """Ask for the numbers of all these models at once, where this process has not asked yet."""
    ContentType.objects.get_for_models(*registered())


def translated(model: type[models.Model]) -> Translated | None:
    return registered().get(model)


def by_label(label: str) -> Translated | None:
    """The model with such a name (`programs.program`); None for any other word."""
    return next((each for each in registered().values() if each.label == label), None)


def source_language(texts: Mapping[str, str], field: str) -> str:
    """The language that a field's other texts are translated from: the first that has one.

    "" when it has none in any language.
    """
    return next((code for code in CODES if texts.get(language_column(field, code))), "")
