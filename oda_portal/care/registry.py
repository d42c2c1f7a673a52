"""What is looked after: each app says of its records what readers and machines need of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple, TypeAlias

from django.db import models
from django.utils.functional import Promise

from oda_portal.publishing.rich import RichTextField

YEAR = timedelta(days=365)


class Lack(NamedTuple):
    """That open data needs something of a record: its name, and the field of the form."""

    name: str
    column: str


# Of records by their keys what each lacks, in a fixed number of questions.
Lacking: TypeAlias = Callable[[Sequence[int]], Mapping[int, Iterable[Lack]]]


class Part(NamedTuple):
    """Rows below a record that hold rich text; `owner` leads to it, `group` is what its form
    calls them."""

    model: type[models.Model]
    owner: str
    group: str


@dataclass(frozen=True)
class Cared:
    """A model with pages of its own.

    `wanted` are fields, or relations, without which its open data is poorer. `lacking` says more
    than that, `lack_label` names what it says, and `lack_address` where it is put right.
    `revise_after`: how long a public page may stand untouched; None for what tells of the past.
    `revised` is the column with the time, and `standing` says of a row whether it should be up to
    date at all.
    """

    model: type[models.Model]
    wanted: tuple[str, ...] = ()
    lacking: Lacking | None = None
    lack_label: Callable[[str], str | Promise] | None = None
    lack_address: Callable[[int, str], str] | None = None
    revise_after: timedelta | None = YEAR
    revised: str = "changed_at"
    standing: Callable[[Any], bool] = lambda row: True
    parts: tuple[Part, ...] = ()
    columns: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", rich_columns(self.model))

    @property
    def label(self) -> str:
        return self.model._meta.label_lower


def rich_columns(model: type[models.Model]) -> tuple[str, ...]:
    """Columns with rich text, those of each language and not the one without."""
    rich = [one for one in model._meta.concrete_fields if isinstance(one, RichTextField)]
    translated = {one.translated_field.name for one in rich if hasattr(one, "translated_field")}
    return tuple(one.name for one in rich if one.name not in translated)


_cared: dict[str, Cared] = {}


def register(cared: Cared) -> None:
    _cared[cared.label] = cared


def all_cared() -> list[Cared]:
    return list(_cared.values())


def cared_of(label: str) -> Cared | None:
    return _cared.get(label)
