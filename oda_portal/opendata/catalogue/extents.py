"""How much there is of each dataset, and when it last changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, QuerySet

from oda_portal.opendata.registry import Dataset, datasets
from oda_portal.publishing.freshness import cached


@dataclass(frozen=True)
class Extent:
    """`rows` is None for what is computed from other datasets."""

    rows: int | None
    changed_at: datetime | None


def extents() -> dict[str, Extent]:
    """By name of the dataset, kept for the generation: one question for each."""
    return cached("data:extents", lambda: {each.name: _extent(each) for each in datasets()})


def extent_of(dataset: Dataset) -> Extent:
    return cached(f"data:extent:{dataset.name}", lambda: _extent(dataset))


def _extent(dataset: Dataset) -> Extent:
    rows = dataset.rows()
    if not isinstance(rows, QuerySet):
        return Extent(None, None)
    # Without what is fetched and annotated for the columns: only which rows they are.
    plain = rows.model._base_manager.filter(pk__in=rows.order_by().values("pk"))
    at = {"at": Max(dataset.changed)} if dataset.changed else {}
    found = plain.aggregate(n=Count("pk"), **at)
    return Extent(found["n"], found.get("at"))
