"""Writing what the dry run showed, and nothing else; what changed since then is refused by name."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, models, transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from oda_portal.publishing.histories import newest_record
from oda_portal.translating.states import Saved, after_saving_all, texts_of

from .checking import is_public, versions_of
from .columns import Column, columns_of
from .models import ImportRow
from .registry import Importable
from .rights import Rights, rights_of
from .validity import problems_of

if TYPE_CHECKING:
    from oda_portal.accounts.models import User


class RowRefusedError(Exception):
    """Why a row is not written after all; the text says so to staff."""


class Applier:
    def __init__(self, importable: Importable, *, by: User) -> None:
        self.importable, self.by = importable, by
        self.columns = {column.name: column for column in columns_of(importable)}

    def part(self, rows: list[ImportRow]) -> dict[ImportRow, str]:
        """Write these rows; the reasons of those that were refused. In the caller’s transaction."""
        try:
            with transaction.atomic():
                return self._part(rows, nullcontext)
        except IntegrityError:
            # Somebody else stored the same at this moment: once more, to find out in which row.
            return self._part(rows, transaction.atomic)

    def _part(
        self, rows: list[ImportRow], each: Callable[[], AbstractContextManager[Any]]
    ) -> dict[ImportRow, str]:
        rights = self._rights()
        stored = self._locked([row.object_id for row in rows if row.object_id])
        versions = versions_of(self.importable.model, stored)
        refused: dict[ImportRow, str] = {}
        saved: dict[ImportRow, Saved] = {}
        for row in rows:
            try:
                with each():
                    saved[row] = self._write(row, stored, versions, rights)
            except RowRefusedError as reason:
                refused[row] = str(reason)
            except IntegrityError:
                if each is nullcontext:
                    raise
                refused[row] = _("Somebody stored a record with the same address or number.")
        for row, sentence in refused.items():
            row.refuse(sentence)
        self._begin_histories([one.after for one in saved.values()])
        after_saving_all(saved.values(), by=self.by)
        ImportRow.written({row: one.after.pk for row, one in saved.items()})
        return refused

    def _begin_histories(self, records: list[Any]) -> None:
        """Of those that are new, in one question: `save` left it to this."""
        new = [record for record in records if hasattr(record, "skip_history_when_saving")]
        if new:
            self.importable.model.history.bulk_history_create(new)  # type: ignore[attr-defined]

    def _rights(self) -> Rights:
        """As they are now: roles may have been taken since it was confirmed, or since a part."""
        by = type(self.by)._base_manager.get(pk=self.by.pk)
        return rights_of(by, self.importable.model)

    def _locked(self, keys: list[int]) -> dict[int, Any]:
        """The records as they stand, until the transaction ends; in one order, like everybody."""
        rows = self.importable.model._base_manager.filter(pk__in=keys)
        return {row.pk: row for row in rows.order_by("pk").select_for_update()}

    def _write(
        self, row: ImportRow, stored: dict[int, Any], versions: dict[int, int], rights: Rights
    ) -> Saved:
        obj = self._record(row, stored, versions)
        before = None if obj._state.adding else texts_of(obj)
        changes = [(self.columns[each["column"]], each["after"]) for each in row.changes]
        for column, value in changes:
            column.put(obj, value)
        _refuse_beyond(rights, obj, [column for column, _value in changes])
        _refuse_unnamed(rights, row, self.columns)
        self._refuse_invalid(obj, [column for column, _value in changes])
        obj._history_user = self.by
        if obj._state.adding and not any(column.field.many_to_many for column, _value in changes):
            obj.skip_history_when_saving = True
        obj.save()
        for column, value in changes:
            column.put_links(obj, value)
        return Saved(before, obj)

    def _record(self, row: ImportRow, stored: dict[int, Any], versions: dict[int, int]) -> Any:
        if row.verdict == ImportRow.Verdict.NEW:
            return self.importable.model()
        obj = stored.get(row.object_id or 0)
        if obj is None:
            raise RowRefusedError(_("The record has been deleted since the file was checked."))
        if versions.get(obj.pk) != row.version:
            raise RowRefusedError(_changed_since(obj))
        if is_public(obj) != row.is_public:
            raise RowRefusedError(
                _("Whether readers see this record has changed since the file was checked.")
            )
        return obj

    def _refuse_invalid(self, obj: models.Model, changed: list[Column]) -> None:
        problems = problems_of(
            self.importable,
            obj,
            list(self.columns.values()),
            [column.name for column in changed],
            lock=True,
            # Of a new record the database itself says that another has the same.
            free=list(self.columns) if obj._state.adding else (),
        )
        if problems:
            raise RowRefusedError(" ".join(problem.text for problem in problems))


def _refuse_beyond(rights: Rights, obj: Any, columns: list[Column]) -> None:
    """What whoever confirmed it could not do by hand; who sent the file may have more rights.

    Asked once the values are put: a record is theirs as it is stored and as it will be.
    """
    if not rights.may_import or not rights.may_touch(obj):
        raise RowRefusedError(_("This record is not among those that you may change."))
    if obj._state.adding and not rights.may_add:
        raise RowRefusedError(_("You may change these records, but not add new ones."))
    if not all(rights.may_write(column.language) for column in columns):
        raise RowRefusedError(_("You write another language: leave this as it is."))


def _refuse_unnamed(rights: Rights, row: ImportRow, columns: dict[str, Column]) -> None:
    """Records of another kind of programme, which a form would not offer them."""
    for change in row.changes:
        field = columns[change["column"]].field
        if field.is_relation:
            new = _keys(change["after"]) - _keys(change["before"])
            if not rights.may_name(field.related_model, new):
                raise RowRefusedError(_("This record is not among those that you may change."))


def _keys(value: Any) -> set[int]:
    return set(value) if isinstance(value, list) else {value} - {None, ""}


def _changed_since(obj: models.Model) -> str:
    newest = newest_record(obj)
    if newest is None:
        return _("The record has changed since the file was checked.")
    return _("%(name)s changed this record at %(time)s, after the file was checked.") % {
        "name": newest.history_user or _("Someone"),
        "time": formats.date_format(timezone.localtime(newest.history_date), "DATETIME_FORMAT"),
    }
