"""What the files say, as rows of models that are not yet in the database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from .reading import Record, Reference


@dataclass
class Entry:
    """A row to be: `values` by field name (a Reference for a foreign key), `links` many-to-many.

    An entry with an owner is a part of that row and stands or falls with it. Fields that only make
    sense `together` are all left alone once staff have changed one of them.
    """

    model: type[models.Model]
    key: str
    record: Record
    values: dict[str, Any]
    owner: Reference | None = None
    links: dict[str, list[Reference]] = field(default_factory=dict)
    together: frozenset[str] = frozenset()

    def references(self) -> Iterator[Reference]:
        yield from (value for value in self.values.values() if isinstance(value, Reference))
        for references in self.links.values():
            yield from references


class Book:
    """All entries, by model. A model stands after those that it refers to."""

    def __init__(self) -> None:
        self.entries: dict[type[models.Model], dict[str, Entry]] = {}

    def add(
        self,
        model: type[models.Model],
        key: str,
        record: Record,
        values: dict[str, Any],
        *,
        owner: Reference | None = None,
        links: dict[str, list[Reference]] | None = None,
        together: frozenset[str] = frozenset(),
    ) -> Reference:
        """Put an entry in and give the reference to it; a key may stand there only once."""
        found = self.entries.setdefault(model, {})
        if key in found:
            names = str(model._meta.verbose_name_plural)
            raise record.error("id", f"“{key}” is among the {names} twice")
        found[key] = Entry(model, key, record, values, owner, links or {}, together)
        return Reference(model, key, record, "id")

    def has(self, model: type[models.Model], key: str) -> bool:
        return key in self.entries.get(model, {})

    def check(self) -> None:
        """Every reference leads to an entry; FactError where one does not."""
        for entries in self.entries.values():
            for entry in entries.values():
                for reference in entry.references():
                    if not self.has(reference.model, reference.key):
                        raise reference.unknown()
