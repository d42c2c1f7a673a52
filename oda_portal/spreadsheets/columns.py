"""The columns that a list of the back office can be exported with: what its form and list show.

The key of a column is the name of the field, with the language of a translated one: by it, and by
its label, an import knows the column again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import flatten_fieldsets, label_for_field, lookup_field
from django.contrib.auth import get_user_model
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.translation import gettext as _

from oda_portal.privacy.fields import EncryptedTextField
from oda_portal.publishing.histories import label_of, translated_fields

from .importing.names import KEYS, TITLES

Cell = str | int | float | date | datetime | None


@dataclass(frozen=True)
class Column:
    """`fetch` and `fetch_many`: what a query has to bring along for it."""

    key: str
    label: str
    value: Callable[[Any], Any]
    fetch: str = ""
    fetch_many: str = ""


def columns_of(model_admin: ModelAdmin, request: HttpRequest) -> list[Column]:
    """All that the person can export of this list, in the order of its form."""
    named = getattr(model_admin, "export_columns", None)
    if named is not None:
        allowed = [name for name in named if _may_read(model_admin, request, name)]
        return [_listed(model_admin, name) for name in allowed]
    fields = _shown_fields(model_admin, request)
    return [_stored(field) for field in fields] if len(fields) > 1 else []


def chosen(columns: list[Column], keys: Iterable[str]) -> list[Column]:
    """Those of these keys; all of them when none is named."""
    wanted = set(keys)
    return [column for column in columns if column.key in wanted] or columns


def rows_with(rows: models.QuerySet, columns: Iterable[Column]) -> models.QuerySet:
    """The rows with all that the columns read: as many queries for a thousand as for one."""
    fetch = {column.fetch for column in columns} - {""}
    fetch_many = {column.fetch_many for column in columns} - {""}
    if fetch:
        rows = rows.select_related(*sorted(fetch))
    return rows.prefetch_related(*sorted(fetch_many))


def cells_of(row: Any, columns: Iterable[Column]) -> list[Cell]:
    return [_plain(column.value(row)) for column in columns]


# --- columns of persons: by the names of the list, as its admin allows them --------------------


def _may_read(model_admin: Any, request: HttpRequest, name: str) -> bool:
    """What is masked leaves in no file for who may not have it shown."""
    is_masked = name in getattr(model_admin, "masked", {})
    return not is_masked or model_admin.has_reveal_permission(request)


def _listed(model_admin: ModelAdmin, name: str) -> Column:
    label = force_str(label_for_field(name, model_admin.model, model_admin))
    return Column(name, label, lambda row: lookup_field(name, row, model_admin)[2])


# --- columns of records ------------------------------------------------------------------------


def _shown_fields(model_admin: ModelAdmin, request: HttpRequest) -> list[Any]:
    """The number, then what the form shows, then what the list shows besides."""
    model = model_admin.model
    shown = flatten_fieldsets(model_admin.get_fieldsets(request, None))
    named = ["id", *_flat(shown), *map(str, model_admin.get_list_display(request))]
    if hasattr(model, "status"):
        named.append("status")
    known = {field.name: field for field in (*model._meta.fields, *model._meta.many_to_many)}
    bases = set(translated_fields(model))
    names = dict.fromkeys(name for name in named if name in known and name not in bases)
    return [known[name] for name in names if _may_leave(known[name])]


def _flat(names: Iterable[Any]) -> Iterator[str]:
    for name in names:
        if isinstance(name, str):
            yield name
        else:
            yield from _flat(name)


def _may_leave(field: Any) -> bool:
    """Not what is nobody's business in a file: people, secrets, stored files."""
    if field.is_relation:
        return field.related_model not in (None, get_user_model())
    return not isinstance(
        field, models.FileField | models.BinaryField | EncryptedTextField | models.JSONField
    )


def _stored(field: Any) -> Column:
    label = label_of(field)
    if field.many_to_many:
        return Column(field.name, label, _several(field.name), fetch_many=field.name)
    if field.is_relation:
        return Column(field.name, label, lambda row: key_of(getattr(row, field.name)), field.name)
    if field.choices:
        return Column(field.name, label, _choice(field))
    return Column(field.name, label, lambda row: getattr(row, field.attname))


def _several(name: str) -> Callable[[Any], str]:
    return lambda row: "; ".join(sorted(key_of(other) for other in getattr(row, name).all()))


def _choice(field: Any) -> Callable[[Any], str]:
    labels = dict(field.flatchoices)

    def label(row: Any) -> str:
        value = getattr(row, field.attname)
        return force_str(labels.get(value, value), strings_only=False) if value is not None else ""

    return label


def key_of(row: models.Model | None) -> str:
    """By what an import finds the record again: its code, its address, or its name."""
    if row is None:
        return ""
    names = {field.name for field in row._meta.concrete_fields}
    for name in (*KEYS, *TITLES):
        if name in names and (value := getattr(row, name)):
            return str(value)
    return str(row)


def _plain(value: Any) -> Cell:
    """As a spreadsheet has it: moments in Korea’s time and without a zone, yes and no as words."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, date | int | float):
        return value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)
