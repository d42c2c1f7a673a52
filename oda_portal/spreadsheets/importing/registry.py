"""Which models can be filled from a spreadsheet. Each app registers its own, in `imports.py`."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models

from oda_portal.publishing.histories import translated_fields
from oda_portal.publishing.models import language_column


def _never(_row: Any, _lock: bool) -> str:
    return ""


@dataclass(frozen=True)
class Importable:
    """`columns`: names of fields in the order of the template; translated ones give a column a
    language. Whatever says whether and when a record is public is never among them.

    `key`: the columns that say which record a row is about: its code or slug, several together,
    or `id`. A slug that a row leaves empty is made from the translated field `named_by`.
    `twins`: of two rows without a key these columns together must differ, and from the stored.
    `refuse(row, lock)`: a sentence why this row must not be written, or “”; with `lock` it stays
    true until the transaction ends.
    `listed_at`: the model in whose list it stands, if it has none of its own.
    """

    model: type[models.Model]
    columns: tuple[str, ...]
    key: tuple[str, ...]
    named_by: str
    twins: tuple[str, ...]
    reserved: Collection[str] = ()
    refuse: Callable[[Any, bool], str] = _never
    listed_at: type[models.Model] | None = None

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    @property
    def page(self) -> type[models.Model]:
        return self.listed_at or self.model

    @property
    def slug(self) -> str:
        """The field whose value is made when a row leaves it empty; “” if there is none."""
        is_slug = isinstance(self.model._meta.get_field(self.key[0]), models.SlugField)
        return self.key[0] if len(self.key) == 1 and is_slug else ""

    def names(self) -> list[str]:
        """Of all columns, those of every language apart."""
        translated = set(translated_fields(self.model))
        found = ["id"] if self.key == ("id",) else []
        for name in self.columns:
            if name in translated:
                found += [
                    language_column(name, code) for code in settings.MODELTRANSLATION_LANGUAGES
                ]
            else:
                found.append(name)
        return found


_importables: dict[str, Importable] = {}


def register(importable: Importable) -> None:
    """Raises ValueError when the model is registered already."""
    if importable.label in _importables:
        raise ValueError(f"{importable.label} is registered twice")
    _importables[importable.label] = importable


def importable_of(model: type[models.Model]) -> Importable:
    """Raises KeyError for a model that no app registers."""
    return _importables[model._meta.label_lower]


def importables_at(model: type[models.Model]) -> list[Importable]:
    """What the list of this model takes in: the model itself first."""
    found = [each for each in _importables.values() if each.page is model]
    return sorted(found, key=lambda each: each.model is not model)


def registered() -> list[Importable]:
    return list(_importables.values())
