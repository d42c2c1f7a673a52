"""From what an address asks to a page of a dataset, or to one of its rows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.core.exceptions import FieldError, ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from oda_portal.opendata.asking import Asked, BadQueryError, Fault, asked_of
from oda_portal.opendata.columns import Column, in_language
from oda_portal.opendata.files import plain, record
from oda_portal.opendata.problems import not_found
from oda_portal.opendata.registry import Dataset, Rows

from .orders import UPDATED_SINCE, knows_changes, moment_of, ordered, orderings_of

PAGE_SIZE, MOST_A_PAGE = 20, 100
# No list has so many pages; a number with more figures than that is not even read.
FIGURES = 18


@dataclass(frozen=True)
class Wanted:
    """Which part of the rows, and which of their columns."""

    columns: list[Column]
    page: int
    page_size: int


def own_parameters(dataset: Dataset) -> list[str]:
    """What a list understands besides the dataset’s filters and `lang`."""
    names = ["page", "page_size", "fields"]
    if orderings_of(dataset):
        names.append("ordering")
    if knows_changes(dataset):
        names.append(UPDATED_SINCE)
    return names


def page_of(dataset: Dataset, path: str, query: QueryDict) -> dict[str, Any]:
    """The envelope. Raises BadQueryError with everything that is wrong with the query."""
    asked, wanted = _understood(dataset, query)
    paginator = Paginator(_in_order(dataset, asked.rows, query), wanted.page_size)
    if wanted.page > paginator.num_pages:
        raise not_found(_("This list has no such page."))
    page = paginator.page(wanted.page)
    columns = in_language(wanted.columns, asked.language)
    return {
        "count": paginator.count,
        "next": _address(path, query, wanted.page + 1) if page.has_next() else None,
        "previous": _address(path, query, wanted.page - 1) if page.has_previous() else None,
        "page": wanted.page,
        "page_size": wanted.page_size,
        "results": [record(columns, row) for row in page],
    }


def row_of(dataset: Dataset, key: str, query: QueryDict) -> dict[str, Any]:
    """One row by the column that names it."""
    faults: list[Fault] = []
    asked = _asked(replace(dataset, filters=None), query, ["fields"], faults)
    columns = _columns(dataset, query, faults)
    if asked is None or faults:
        raise BadQueryError(faults)
    row = _find(dataset, asked.rows, key)
    if row is None:
        raise not_found(_("The dataset has no such row."))
    return record(in_language(columns, asked.language), row)


def _understood(dataset: Dataset, query: QueryDict) -> tuple[Asked, Wanted]:
    faults: list[Fault] = []
    asked = _asked(dataset, query, own_parameters(dataset), faults)
    page = _number(query, "page", 1, None, faults)
    page_size = _number(query, "page_size", PAGE_SIZE, MOST_A_PAGE, faults)
    columns = _columns(dataset, query, faults)
    orderings = orderings_of(dataset)
    if orderings and "ordering" in query and query["ordering"] not in orderings:
        faults.append(Fault("ordering", possible(orderings)))
    if knows_changes(dataset) and UPDATED_SINCE in query:
        try:
            moment_of(_text(query, UPDATED_SINCE))
        except BadQueryError as wrong:
            faults += wrong.faults
    if asked is None or faults:
        raise BadQueryError(faults)
    return asked, Wanted(columns, page, page_size)


def _asked(
    dataset: Dataset, query: QueryDict, also: list[str], faults: list[Fault]
) -> Asked | None:
    try:
        return asked_of(dataset, query, also=also)
    except BadQueryError as wrong:
        faults += wrong.faults
        return None


def _number(query: QueryDict, name: str, usual: int, most: int | None, faults: list[Fault]) -> int:
    if name not in query:
        return usual
    text = _text(query, name)
    number = int(text[:FIGURES]) if re.fullmatch("[0-9]+", text) else 0
    if number >= 1 and (most is None or number <= most):
        return number
    if most is None:
        faults.append(Fault(name, _("Write a whole number from 1.")))
    else:
        faults.append(Fault(name, _("Write a whole number from 1 to %(most)s.") % {"most": most}))
    return usual


def _text(query: QueryDict, name: str) -> str:
    return str(query.get(name, ""))


def _columns(dataset: Dataset, query: QueryDict, faults: list[Fault]) -> list[Column]:
    """Those that `fields` names; with `lang=all` a name stands for its column in each language."""
    if "fields" not in query:
        return list(dataset.columns)
    names = _text(query, "fields").split(",")
    known = [column.name for column in dataset.columns]
    if not set(names) <= set(known):
        faults.append(Fault("fields", possible(known)))
    return [column for column in dataset.columns if column.name in names]


def _in_order(dataset: Dataset, rows: Rows, query: QueryDict) -> Any:
    if not isinstance(rows, QuerySet):
        return rows if hasattr(rows, "__len__") else list(rows)
    if UPDATED_SINCE in query:
        rows = rows.filter(**{f"{dataset.changed}__gte": moment_of(_text(query, UPDATED_SINCE))})
    if "ordering" in query:
        rows = ordered(dataset, rows, _text(query, "ordering"))
    return rows


def _find(dataset: Dataset, rows: Rows, key: str) -> Any:
    """As the dataset finds it, or by the table’s own column; else by looking at each row."""
    if "\x00" in key:
        return None
    if dataset.find:
        return dataset.find(key)
    if isinstance(rows, QuerySet):
        try:
            return rows.filter(**{dataset.key: key}).first()
        except (ValueError, ValidationError):  # the column holds something else than such words
            return None
        except FieldError:
            rows = rows.iterator(500)
    return _walked(dataset, rows, key)


def _walked(dataset: Dataset, rows: Iterable[Any], key: str) -> Any:
    value = next(column.value for column in dataset.columns if column.name == dataset.key)
    return next((row for row in rows if str(plain(value(row))) == key), None)


def _address(path: str, query: QueryDict, page: int) -> str:
    other = query.copy()
    other["page"] = str(page)
    return f"{settings.SITE_URL}{path}?{other.urlencode()}"


def possible(values: Iterable[str]) -> str:
    return _("Possible: %(values)s.") % {"values": ", ".join(values)}
