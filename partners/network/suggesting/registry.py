"""Which public texts members may suggest changes to; apps register theirs in `ready()`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.functional import Promise

from oda_portal.languages import CODES
from oda_portal.publishing.histories import translated_fields
from oda_portal.publishing.models import language_column


@dataclass(frozen=True)
class Suggestable:
    """`kind` stands in addresses; `fields` are plain texts of the model, translated or not.

    `rows(organisations)`: the public records that people of these organisations (their keys) may
    suggest about. `speaker(row, organisations)`: for which of them somebody does so.
    `refuse(row)`: raises ValidationError when the record takes no text now; otherwise it takes some
    until the transaction ends. It is asked before the record is locked.
    """

    kind: str
    label: str | Promise
    model: type[models.Model]
    # The translated field that names the record.
    name: str
    fields: tuple[str, ...]
    rows: Callable[[Collection[int]], models.QuerySet[Any]]
    speaker: Callable[[Any, Collection[int]], int]
    refuse: Callable[[Any], None] | None = None

    def columns(self) -> list[tuple[str, str]]:
        """Each column with the code of its language, "" for a text that has none."""
        translated = translated_fields(self.model)
        found = []
        for field in self.fields:
            if field in translated:
                found += [(language_column(field, code), code) for code in CODES]
            else:
                found.append((field, ""))
        return found

    def texts(self, row: models.Model) -> dict[str, str]:
        """What the columns hold now, with plain line ends."""
        return {column: plain(getattr(row, column)) for column, _code in self.columns()}


def plain(text: str | None) -> str:
    return "\n".join((text or "").strip().splitlines())


_kinds: dict[str, Suggestable] = {}


def register(suggestable: Suggestable) -> None:
    """Raises ValueError when its kind is taken."""
    if suggestable.kind in _kinds:
        raise ValueError(f"suggestions about {suggestable.kind} are registered twice")
    _kinds[suggestable.kind] = suggestable


def registered() -> Iterable[Suggestable]:
    return list(_kinds.values())


def of_kind(kind: str) -> Suggestable | None:
    return _kinds.get(kind)


def of_row(row: models.Model) -> Suggestable:
    """Raises LookupError for a model that is not registered any more."""
    for suggestable in _kinds.values():
        if isinstance(row, suggestable.model):
            return suggestable
    raise LookupError(f"nothing registers {row._meta.label}")
