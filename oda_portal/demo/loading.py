"""A book of entries put into the database, once or again.

A field is written only while it still says what was loaded into it last time. So what staff edited
stays as they left it, what they deleted stays away, and what they added is never touched.
What has left the files is not deleted: staff may have built on it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import translation

from oda_portal.publishing import freshness
from oda_portal.publishing.models import Dirty, Publishable

from .book import Book, Entry
from .models import LoadedRecord
from .reading import Reference

Rows = dict[str, int]


def digest(value: Any) -> str:
    """The same for what a reader cannot tell apart: no text and an empty one, 5 and 5.00."""
    if isinstance(value, Decimal):
        value = format(value.normalize(), "f")
    elif isinstance(value, datetime):
        value = value.astimezone(UTC).isoformat()
    elif isinstance(value, date):
        value = value.isoformat()
    shown = "" if value is None else str(value)
    return hashlib.sha256(shown.encode()).hexdigest()[:16]


def load(book: Book) -> Counter[str]:
    """Write the whole book in one transaction; how many rows were created and changed.

    `spared` counts fields for which the files have something new, and staff something of their own.
    """
    # The columns without a language hold the text of the language that is active now.
    with transaction.atomic(), translation.override("ko"):
        return _Loading(book).run()


class _Loading:
    def __init__(self, book: Book) -> None:
        self.book = book
        self.counts: Counter[str] = Counter(created=0, changed=0, spared=0)
        # Rows that an entry may refer to, and of these the ones that came from the files.
        self.rows: dict[type[models.Model], Rows] = {}
        self.ours: dict[type[models.Model], set[str]] = {}

    def run(self) -> Counter[str]:
        for model, entries in self.book.entries.items():
            self.rows[model], self.ours[model] = {}, set()
            for wave in _waves(model, entries):
                self._write(model, wave)
        if self.counts["created"] or self.counts["changed"]:
            transaction.on_commit(freshness.raise_generation, robust=True)
        return self.counts

    def _write(self, model: type[models.Model], entries: list[Entry]) -> None:
        known = {
            loaded.key: loaded
            for loaded in LoadedRecord.objects.filter(model=model._meta.label_lower)
        }
        present = model._default_manager.select_for_update().in_bulk(
            [loaded.object_id for loaded in known.values()]
        )
        links = {name: _links(model, name, present) for name in _link_names(entries)}
        fresh = []
        for entry in entries:
            loaded = known.get(entry.key)
            if loaded is None:
                fresh.append(entry)
            elif row := present.get(loaded.object_id):
                self._place(entry, row.pk)
                self._update(entry, row, loaded, links)
            # Otherwise staff deleted the row, and it stays deleted.
        self._create(model, [entry for entry in fresh if self._stands(entry)])

    def _place(self, entry: Entry, pk: int) -> None:
        self.rows[entry.model][entry.key] = pk
        self.ours[entry.model].add(entry.key)

    def _stands(self, entry: Entry) -> bool:
        """Whether what a new entry belongs to, and what it cannot be without, is there."""
        if entry.owner and entry.owner.key not in self.ours[entry.owner.model]:
            return False
        return all(
            self._pk(value) or entry.model._meta.get_field(name).null
            for name, value in entry.values.items()
            if isinstance(value, Reference)
        )

    def _pk(self, reference: Reference) -> int | None:
        return self.rows[reference.model].get(reference.key)

    def _linked(self, entry: Entry) -> dict[str, list[int]]:
        return {
            name: sorted(pk for pk in map(self._pk, references) if pk)
            for name, references in entry.links.items()
        }

    def _build(self, entry: Entry) -> models.Model:
        """The entry as an unsaved row whose values the model accepts."""
        values = {
            name: self._pk(value) if isinstance(value, Reference) else value
            for name, value in entry.values.items()
        }
        fields = {name: entry.model._meta.get_field(name) for name in values}
        row = entry.model(**{fields[name].attname: value for name, value in values.items()})
        plain = {name for name, field in fields.items() if not field.is_relation}
        try:
            with translation.override("en"):  # the language of errors
                row.clean_fields(exclude={f.name for f in entry.model._meta.fields} - plain)
        except ValidationError as error:
            name, messages = next(iter(error.message_dict.items()))
            raise entry.record.error(name, " ".join(messages)) from None
        for field in fields.values():
            # What a field makes of a value when it saves it: rich text is cleaned.
            setattr(row, field.attname, field.pre_save(row, add=False))
        return row

    def _create(self, model: type[models.Model], entries: list[Entry]) -> None:
        built = [(entry, self._build(entry)) for entry in entries]
        taken = _taken(model, [row for _, row in built])
        new = []
        for (entry, row), pk in zip(built, taken, strict=True):
            if pk is None:
                new.append((entry, row))
            else:
                self.rows[model][entry.key] = pk  # a row of staff's own, under the same address
        rows = model._default_manager.bulk_create([row for _, row in new])
        entries = [entry for entry, _ in new]
        for entry, row in zip(entries, rows, strict=True):
            self._place(entry, row.pk)
        linked = [self._linked(entry) for entry in entries]
        for name in _link_names(entries):
            _link(model, name, {row.pk: made[name] for row, made in zip(rows, linked, strict=True)})
        self._remember(entries, rows, linked)
        _announce(model, rows)
        self.counts["created"] += len(rows)

    def _remember(
        self, entries: list[Entry], rows: list[models.Model], linked: list[dict[str, list[int]]]
    ) -> None:
        LoadedRecord.objects.bulk_create(
            LoadedRecord(
                model=row._meta.label_lower,
                key=entry.key,
                object_id=row.pk,
                digests={name: digest(value) for name, value in _values(entry, row).items()}
                | {name: digest(pks) for name, pks in links.items()},
            )
            for entry, row, links in zip(entries, rows, linked, strict=True)
        )

    def _update(
        self,
        entry: Entry,
        row: models.Model,
        loaded: LoadedRecord,
        links: dict[str, dict[int, list[int]]],
    ) -> None:
        linked = self._linked(entry)
        present = {name: getattr(row, name) for name in _values(entry, row)}
        present |= {name: links[name].get(row.pk, []) for name in linked}
        wanted = _values(entry, self._build(entry)) | linked
        changed = {name: wanted[name] for name in self._due(entry, wanted, present, loaded)}
        if not changed:
            return
        for name in changed.keys() - linked.keys():
            setattr(row, name, changed[name])
        row.save()
        for name in changed.keys() & linked.keys():
            getattr(row, name).set(changed[name])
        loaded.digests |= {name: digest(value) for name, value in changed.items()}
        loaded.save()
        self.counts["changed"] += 1

    def _due(
        self, entry: Entry, wanted: dict[str, Any], present: dict[str, Any], loaded: LoadedRecord
    ) -> Iterator[str]:
        """Fields for which the files have something new and staff nothing of their own."""
        before = {
            name: loaded.digests.get(name) or digest(_unset(entry.model, name)) for name in wanted
        }
        edited = {name for name in wanted if digest(present[name]) != before[name]}
        if edited & entry.together:
            edited |= entry.together
        for name, value in wanted.items():
            if digest(value) == before[name]:
                continue
            if name in edited:
                self.counts["spared"] += 1
            else:
                yield name


def _waves(model: type[models.Model], entries: dict[str, Entry]) -> Iterator[list[Entry]]:
    """Entries in groups, so that those that others of the same model refer to come first."""
    waiting = dict(entries)
    while waiting:
        ready = [
            entry
            for entry in waiting.values()
            if not any(ref.model is model and ref.key in waiting for ref in entry.references())
        ]
        if not ready:
            entry = next(iter(waiting.values()))
            raise entry.record.error("id", f"“{entry.key}” is, over others, a part of itself")
        yield ready
        for entry in ready:
            del waiting[entry.key]


def _values(entry: Entry, row: models.Model) -> dict[str, Any]:
    """What the row has in the columns that the entry speaks of."""
    names = [entry.model._meta.get_field(name).attname for name in entry.values]
    return {name: getattr(row, name) for name in names}


def _unset(model: type[models.Model], name: str) -> Any:
    """What a field holds into which nothing was loaded yet."""
    field = model._meta.get_field(name)
    return [] if field.many_to_many else field.get_default()


def _link_names(entries: Iterable[Entry]) -> set[str]:
    return {name for entry in entries for name in entry.links}


def _through(model: type[models.Model], name: str) -> tuple[type[models.Model], str, str]:
    """The table of a many-to-many field, its column for the row, and that for the other side."""
    field = model._meta.get_field(name)
    table = field.remote_field.through
    return table, f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"


def _links(
    model: type[models.Model], name: str, present: dict[int, models.Model]
) -> dict[int, list[int]]:
    """What each row is linked to by a many-to-many field."""
    table, own, other = _through(model, name)
    found: dict[int, list[int]] = {pk: [] for pk in present}
    pairs = table._default_manager.filter(**{f"{own}__in": list(present)}).order_by(other)
    for pk, linked in pairs.values_list(own, other):
        found[pk].append(linked)
    return found


def _link(model: type[models.Model], name: str, linked: dict[int, list[int]]) -> None:
    table, own, other = _through(model, name)
    table._default_manager.bulk_create(
        table(**{own: pk, other: target}) for pk, targets in linked.items() for target in targets
    )


def _taken(model: type[models.Model], rows: list[models.Model]) -> list[int | None]:
    """For each new row, the present one that has its address (or another value that is unique)."""
    sets = [(field.attname,) for field in model._meta.fields if field.unique]
    for constraint in model._meta.total_unique_constraints:
        sets.append(tuple(model._meta.get_field(name).attname for name in constraint.fields))
    found: list[int | None] = [None] * len(rows)
    for names in sets:
        present = {
            tuple(rest): pk for pk, *rest in model._default_manager.values_list("pk", *names)
        }
        for index, row in enumerate(rows):
            key = tuple(getattr(row, name) for name in names)
            if None not in key:  # to a database, nothing is never the same as nothing
                found[index] = found[index] or present.get(key)
    return found


def _announce(model: type[models.Model], rows: list[models.Model]) -> None:
    """Publish what can be published; for the rest, write what signals write of a single row."""
    if issubclass(model, Publishable):
        for row in rows:
            cast(Publishable, row).publish(by=None)
        return
    if hasattr(model, "history"):
        model.history.bulk_history_create(rows)
    Dirty.objects.bulk_create(
        Dirty(model=model._meta.label_lower, object_id=str(row.pk)) for row in rows
    )
