"""In which order rows can be asked for, and since when they changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Model, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from oda_portal.opendata.asking import BadQueryError, Fault
from oda_portal.opendata.columns import Column
from oda_portal.opendata.registry import Dataset

UPDATED_SINCE = "updated_since"


def model_of(dataset: Dataset) -> type[Model] | None:
    """Of which table the rows are; None for rows that are computed, which are not made for it."""
    if dataset.figure or not dataset.changed:
        return None
    rows = dataset.rows()
    return rows.model if isinstance(rows, QuerySet) else None


def knows_changes(dataset: Dataset) -> bool:
    return model_of(dataset) is not None


def orderings_of(dataset: Dataset) -> list[str]:
    """Values of `ordering`: columns that stand in the table as they are, either way round."""
    model = model_of(dataset)
    if model is None:
        return []
    names = [column.name for column in dataset.columns if _stands_in(column, model)]
    return [sign + name for name in names for sign in ("", "-")]


def _stands_in(column: Column, model: type[Model]) -> bool:
    """Whether the column says that it is a field of the row, and the table has it."""
    try:
        found = model._meta.get_field(column.field)
    except FieldDoesNotExist:  # computed, or a property of the model
        return False
    return found.concrete and not found.is_relation


def ordered(dataset: Dataset, rows: QuerySet, ordering: str) -> QuerySet:
    """What is unknown stands last, either way round; the rest is decided."""
    name = ordering.removeprefix("-")
    way = F(next(column.field for column in dataset.columns if column.name == name))
    if ordering.startswith("-"):
        return rows.order_by(way.desc(nulls_last=True), "pk")
    return rows.order_by(way.asc(nulls_last=True), "pk")


def moment_of(text: str) -> datetime:
    """A day or a moment by ISO 8601, in Korea’s time unless it says another.

    Raises BadQueryError for what is neither.
    """
    try:
        found = parse_datetime(text) or _begin(parse_date(text))
        if found is not None:
            aware = found if timezone.is_aware(found) else timezone.make_aware(found)
            return aware.astimezone(UTC)
    except (ValueError, OverflowError):  # 2026-02-31, or before the first year by the clock of UTC
        pass
    raise BadQueryError(
        [
            Fault(
                UPDATED_SINCE,
                _("Write a day or a moment: 2026-11-20, 2026-11-20T09:00:00Z or %(encoded)s.")
                % {"encoded": "2026-11-20T18:00:00%2B09:00"},
            )
        ]
    )


def _begin(day: date | None) -> datetime | None:
    return datetime.combine(day, time.min) if day else None
