"""The dry run: every row compared with what is stored, and nothing written but its report."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from oda_portal.publishing.histories import translated_fields
from oda_portal.publishing.models import Publishable, language_columns
from oda_portal.publishing.slugs import free_slug
from oda_portal.publishing.texts import text_in

from .cells import Cell, CellError
from .columns import KEEP, columns_of
from .models import Import, ImportRow
from .registry import Importable
from .rights import OWNERS, Rights
from .validity import problems_of

Verdict = ImportRow.Verdict

Line = tuple[int, dict[str, Cell]]


def is_public(row: Any) -> bool:
    """Whether readers see it, or will as soon as it is stored."""
    if isinstance(row, Publishable) or hasattr(row, "is_public"):
        return not row._state.adding and row.is_public()
    # What a row belongs to, and what is as public as that.
    for name in OWNERS:
        if any(field.name == name for field in row._meta.fields):
            owner = getattr(row, name, None) if getattr(row, f"{name}_id") else None
            return owner is not None and is_public(owner)
    return True


def versions_of(model: type[models.Model], keys: Iterable[int]) -> dict[int, int]:
    """The number of the newest history record of each row."""
    history = model.history.filter(id__in=list(keys)).order_by()  # type: ignore[attr-defined]
    return dict(history.values_list("id").annotate(newest=Max("history_id")))


class Checker:
    """Compares rows part by part; what must be different in each row is kept in between."""

    def __init__(self, source: Import, importable: Importable, rights: Rights) -> None:
        self.source, self.importable, self.rights = source, importable, rights
        self.columns = columns_of(importable, source.columns, rights.user)
        self.every = columns_of(importable, by=rights.user)
        self.key = [column for column in self.columns if column.name in importable.key]
        self.has_key = len(self.key) == len(importable.key)
        self.seen: dict[str, int] = {}
        self.taken: set[str] = set(importable.reserved)
        for number, marks, key in source.rows.values_list("number", "marks", "key"):
            self.seen |= dict.fromkeys(marks, number)
            self.taken.add(key)

    def part(self, lines: list[Line]) -> list[ImportRow]:
        keys = [self._key(cells) for _number, cells in lines]
        stored = self._stored([key for key in keys if isinstance(key, tuple)])
        versions = versions_of(self.importable.model, [row.pk for row in stored.values()])
        return [
            _Row(self, number, cells).checked(key, stored, versions)
            for (number, cells), key in zip(lines, keys, strict=True)
        ]

    def _key(self, cells: dict[str, Cell]) -> tuple[Any, ...] | list[dict[str, str]] | None:
        """What says which record is meant: its values, why they cannot be read, or None."""
        if not self.has_key:
            return None
        found, problems = [], []
        for column in self.key:
            cell = cells.get(column.name, Cell(None, ""))
            try:
                value = None if cell.is_empty else column.read(cell)
            except CellError as error:
                problems.append({"column": column.name, "cell": cell.where, "text": str(error)})
                continue
            found.append(value)
        if problems:
            return problems
        return tuple(found) if all(value not in (None, KEEP) for value in found) else None

    def _stored(self, keys: list[tuple[Any, ...]]) -> dict[tuple[Any, ...], Any]:
        """The records of these keys, with what the columns read, in one question a relation."""
        if not keys:
            return {}
        names = [column.field.attname for column in self.key]
        match = Q()
        if len(names) == 1:
            match = Q(**{f"{names[0]}__in": [key[0] for key in keys]})
        else:
            for key in keys:
                match |= Q(**dict(zip(names, key, strict=True)))
        rows = self.importable.model._base_manager.filter(match)
        several = [column.name for column in self.columns if column.field.many_to_many]
        return {
            tuple(getattr(row, name) for name in names): row
            for row in rows.prefetch_related(*several)
        }


class _Row:
    """One row of the file on its way to a verdict."""

    def __init__(self, checker: Checker, number: int, cells: dict[str, Cell]) -> None:
        self.checker, self.number, self.cells = checker, number, cells
        self.importable = checker.importable
        self.problems: list[dict[str, str]] = []
        self.changes: list[dict[str, Any]] = []
        self.marks: list[str] = []

    def checked(
        self, key: Any, stored: dict[tuple[Any, ...], Any], versions: dict[int, int]
    ) -> ImportRow:
        if isinstance(key, list):
            self.problems += key
            key = None
            row: Any = None
        else:
            row = self._record(key, stored)
        self._fill(row)
        if not self.problems:
            self._name(row)
            self._validate(row)
        if not self.problems:
            self._mark(row, key)
        return self._result(row, versions)

    # --- steps --------------------------------------------------------------------------------

    def _record(self, key: Any, stored: dict[tuple[Any, ...], Any]) -> Any:
        """The record that is meant, or a new one."""
        row = stored.get(key) if key else None
        if row is None and key and self.importable.key == ("id",):
            self._complain("id", _("There is no record with the number %(n)s.") % {"n": key[0]})
        if row is None and not self.checker.rights.may_add:
            self._complain("", _("You may change these records, but not add new ones."))
        if row is not None and not self._may_touch(row):
            # Not even its title is told.
            return None
        return row or self.importable.model()

    def _fill(self, row: Any) -> None:
        """Read every cell, so that all that is wrong is told at once."""
        for column in self.checker.columns:
            is_key = column.name in self.importable.key
            if column.name == "id" or (row is None) or (is_key and not row._state.adding):
                continue
            stored = column.of(row) if row.pk or not column.field.many_to_many else []
            try:
                value = column.read(self.cells.get(column.name, Cell(None, "")), stored)
            except CellError as error:
                self._complain(column.name, str(error))
                continue
            if value is KEEP or value == stored:
                continue
            if not self.checker.rights.may_write(column.language):
                self._complain(column.name, _("You write another language: leave this as it is."))
            self.changes.append({"column": column.name, "before": stored, "after": value})
            column.put(row, value)

    def _name(self, row: Any) -> None:
        """A new record that names no address gets one."""
        slug = self.importable.slug
        if not slug or not row._state.adding or getattr(row, slug):
            return
        if self._refuse_twin(row):
            return
        english_first = sorted(
            self._texts(self.importable.named_by), key=lambda name: not name.endswith("_en")
        )
        texts = [getattr(row, column) for column in english_first]
        if not any(texts):
            return
        value = free_slug(self.importable.model, slug, texts, taken=self.checker.taken)
        setattr(row, slug, value)
        self.changes.insert(0, {"column": slug, "before": "", "after": value})

    def _validate(self, row: Any) -> None:
        if not self._may_touch(row):
            return
        if not self.importable.slug and row._state.adding and self._refuse_twin(row):
            return
        if not self.changes:
            return
        changed = [change["column"] for change in self.changes]
        # Its key was looked for, or made so that nobody has it.
        free = self.importable.key if row._state.adding and len(self.importable.key) == 1 else ()
        found = problems_of(
            self.importable, row, self.checker.every, changed, lock=False, free=free
        )
        for problem in found:
            self._complain(*problem)

    def _may_touch(self, row: Any) -> bool:
        may = self.checker.rights.may_touch(row)
        if not may:
            self._complain("", _("This record is not among those that you may change."))
        return may

    def _refuse_twin(self, row: Any) -> bool:
        """Whether a new row is one that is there already, only without its key."""
        match = self._twin(row)
        if not match or self.problems:
            return False
        rows = self.importable.model._base_manager.filter(**match).order_by("pk")[:20]
        found = next((each for each in rows if self._says_no_more(each, row)), None)
        if found is None:
            return False
        key = self.importable.slug or "id"
        label = next(
            column.label for column in self.checker.every if column.name in self.importable.key
        )
        sentence = _(
            "This is stored already. To change it, write “%(key)s” in the column “%(column)s”."
        )
        self._complain("", sentence % {"key": getattr(found, key), "column": label})
        return True

    def _says_no_more(self, stored: Any, row: Any) -> bool:
        """Whether it is silent where the new one is: a label of its own tells them apart."""
        texts = [column for name in self.importable.twins for column in self._texts(name)]
        silent = not any(getattr(row, column) for column in texts)
        return not silent or not any(getattr(stored, column) for column in texts)

    def _twin(self, row: Any) -> dict[str, Any]:
        match: dict[str, Any] = {}
        translated = set(translated_fields(self.importable.model))
        for name in self.importable.twins:
            if name not in translated:
                field: Any = self.importable.model._meta.get_field(name)
                match[field.attname] = getattr(row, field.attname)
                continue
            written = [column for column in self._texts(name) if getattr(row, column)]
            if written:
                match[written[0]] = getattr(row, written[0])
        return match

    def _texts(self, field: str) -> list[str]:
        is_translated = field in translated_fields(self.importable.model)
        return language_columns(field) if is_translated else []

    def _mark(self, row: Any, key: Any) -> None:
        """What no other row of the file may say too."""
        if key:
            self.marks.append(f"key {key}")
        elif row._state.adding and (twin := self._twin(row)):
            self.marks.append(f"twin {sorted(twin.items())}")
        for change in self.changes:
            field: Any = self.importable.model._meta.get_field(change["column"])
            if field.unique and change["after"] not in (None, ""):
                self.marks.append(f"{field.name} {change['after']}")
        for mark in self.marks:
            if (other := self.checker.seen.get(mark)) is not None and other != self.number:
                sentence = _("Row %(row)s of this file is about the same record.")
                self._complain("", sentence % {"row": other})
                return
        self.checker.seen |= dict.fromkeys(self.marks, self.number)

    # --- what comes of it ---------------------------------------------------------------------

    def _complain(self, column: str, text: str) -> None:
        cell = self.cells.get(column)
        self.problems.append({"column": column, "cell": cell.where if cell else "", "text": text})

    def _result(self, row: Any, versions: dict[int, int]) -> ImportRow:
        is_new = row is None or row._state.adding
        places = list(self.cells)
        self.problems.sort(
            key=lambda each: places.index(each["column"]) if each["column"] in places else -1
        )
        slug = self.importable.slug
        key = str(getattr(row, slug)) if row is not None and slug else ""
        if row is not None and not slug:
            key = "" if is_new else str(row.pk)
        if is_new and not self.problems:
            self.checker.taken.add(key)
        return ImportRow(
            source=self.checker.source,
            number=self.number,
            verdict=self._verdict(is_new=is_new),
            key=key[:200],
            title=self._title(row)[:300],
            object_id=None if is_new else row.pk,
            version=None if is_new else versions.get(row.pk),
            is_public=not self.problems and is_public(row),
            changes=[] if self.problems else self.changes,
            problems=self.problems,
            marks=self.marks,
        )

    def _verdict(self, *, is_new: bool) -> ImportRow.Verdict:
        if self.problems:
            return Verdict.WRONG
        if is_new:
            return Verdict.NEW
        return Verdict.CHANGED if self.changes else Verdict.SAME

    def _title(self, row: Any) -> str:
        named_by = self.importable.named_by
        if row is None:
            return ""
        if named_by in translated_fields(self.importable.model):
            return text_in(row, named_by).text
        return "" if self.problems else str(row)
