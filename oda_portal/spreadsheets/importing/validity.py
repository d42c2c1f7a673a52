"""Whether a row that was filled from a spreadsheet may be stored, by the rules of its model."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, ValidationError
from django.db import models
from django.db.models import CheckConstraint, UniqueConstraint
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from oda_portal.publishing.histories import translated_fields

from .columns import Column
from .registry import Importable


class Problem(NamedTuple):
    """What is wrong, and in which column; “” for the row as a whole."""

    column: str
    text: str


def problems_of(
    importable: Importable,
    row: Any,
    columns: list[Column],
    changed: Collection[str],
    *,
    lock: bool,
    free: Collection[str] = (),
) -> list[Problem]:
    """Why the row cannot be stored as it is; empty when it can.

    `columns` are all that can be imported, `changed` the names of those that were filled, `free`
    those of which is known that no other record has the same.
    """
    is_new = row._state.adding
    found = list(_without_text(importable, row))
    found += _of_fields(row, columns, set(changed), is_new=is_new)
    if not found:
        found += _of_model(importable, row, set(changed), set(free), is_new=is_new)
    if not found and (sentence := importable.refuse(row, lock)):
        found.append(Problem("", sentence))
    return found


def _without_text(importable: Importable, row: Any) -> Iterator[Problem]:
    """Texts that a record needs, in whatever language."""
    translated = set(translated_fields(importable.model))
    for name in importable.columns:
        field: Any = importable.model._meta.get_field(name)
        if name not in translated or field.blank:
            continue
        columns = [column for column in importable.names() if column.startswith(f"{name}_")]
        if not any(getattr(row, column) for column in columns):
            sentence = _("%(field)s: write it in at least one language.")
            yield Problem(columns[0], sentence % {"field": capfirst(field.verbose_name)})


def _of_fields(
    row: Any, columns: list[Column], changed: set[str], *, is_new: bool
) -> Iterator[Problem]:
    looked_at = {column.name for column in columns if is_new or column.name in changed}
    # That a link leads somewhere is known; asking once more would be a question for every row.
    looked_at -= {
        column.name
        for column in columns
        if column.field.is_relation and not column.field.get_limit_choices_to()
    }
    for column in columns if is_new else ():
        if column.field.many_to_many or not column.is_required:
            continue
        if getattr(row, column.field.attname) in (None, ""):
            yield Problem(column.name, _("A new record needs this."))
            looked_at.discard(column.name)
    for column in columns:
        if column.name in looked_at & changed and not column.field.is_relation:
            yield from _of_form(row, column)
    exclude = {field.name for field in row._meta.fields} - looked_at
    try:
        row.clean_fields(exclude=exclude)
    except ValidationError as error:
        yield from _told(error)


def _of_form(row: Any, column: Column) -> Iterator[Problem]:
    value = getattr(row, column.field.attname)
    for rule in column.rules if value not in (None, "") else ():
        try:
            rule(value)
        except ValidationError as error:
            yield Problem(column.name, " ".join(error.messages))


def _of_model(
    importable: Importable, row: Any, changed: set[str], free: set[str], *, is_new: bool
) -> Iterator[Problem]:
    try:
        row.clean()
    except ObjectDoesNotExist:
        yield Problem("", _("Something that this row belongs to is missing."))
        return
    except ValidationError as error:
        yield from _told(error)
        return
    looked_at = (set(importable.columns) if is_new else changed) - free
    try:
        row.validate_unique(exclude={field.name for field in row._meta.fields} - looked_at)
    except ValidationError as error:
        yield from _told(error)
        return
    yield from _of_constraints(importable.model, row, changed, is_new=is_new)


def _of_constraints(
    model: type[models.Model], row: Any, changed: set[str], *, is_new: bool
) -> Iterator[Problem]:
    """Those that the change can touch: a constraint is a question to the database."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and not (
            is_new or changed & set(constraint.fields)
        ):
            continue
        # What a new record has without being told keeps to them.
        if isinstance(constraint, CheckConstraint) and not (
            changed & constraint.condition.referenced_base_fields  # type: ignore[union-attr]
        ):
            continue
        try:
            constraint.validate(model, row)
        except ValidationError as error:
            yield from _told(error)


def _told(error: ValidationError) -> Iterator[Problem]:
    if not hasattr(error, "error_dict"):
        yield Problem("", " ".join(error.messages))
        return
    for name, errors in error.error_dict.items():
        text = " ".join(message for each in errors for message in each.messages)
        yield Problem("" if name == NON_FIELD_ERRORS else name, text)
