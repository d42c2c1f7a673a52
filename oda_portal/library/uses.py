"""Which columns of other models may show a file of the library, and where one is shown.

A record shows a picture or a document by naming its stored file: nothing else links the two, so
that pages, renditions, downloads and histories know of no library.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Count, Exists, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from oda_portal.files.fields import CheckedImageField
from oda_portal.publishing.models import Publishable

from .models import Document, Picture


@dataclass(frozen=True)
class Use:
    """`owner` names the field of the record on whose page the row is edited; "" for itself.

    `texts` are translated fields that both sides have, `facts` plain ones.
    """

    model: type[models.Model]
    column: str
    owner: str = ""
    texts: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()

    @property
    def holder(self) -> type[Picture] | type[Document]:
        is_picture = isinstance(self.model._meta.get_field(self.column), CheckedImageField)
        return Picture if is_picture else Document

    def rows(self, name: str, *, lock: bool = False) -> models.QuerySet:
        """The rows that show this stored file, in a stable order; with `lock` to be changed."""
        rows = self.model._base_manager.filter(**{self.column: name}).order_by("pk")
        if self.owner:
            rows = rows.select_related(self.owner)
        return rows.select_for_update(of=("self",)) if lock else rows


@dataclass(frozen=True)
class Place:
    """One row that shows a file, and the record that it belongs to."""

    use: Use
    row: Any
    record: Any

    @property
    def kind(self) -> str:
        return str(self.use.model._meta.verbose_name)

    @property
    def is_public(self) -> bool:
        return isinstance(self.record, Publishable) and self.record.is_public()

    @property
    def key(self) -> str:
        return f"{self.use.model._meta.label_lower}.{self.use.column}.{self.row.pk}"


_registered: list[Use] = []
# From a record to another one, on whose page it is edited too.
_pages: dict[type[models.Model], Callable[[Any], models.Model | None]] = {}


def register(
    model: type[models.Model], column: str, *, owner: str = "",
    texts: tuple[str, ...] = (), facts: tuple[str, ...] = (),
) -> None:  # fmt: skip
    """Rows of `model` may show a file of the library in `column`; once a column."""
    use = Use(model, column, owner, texts, facts)
    if use not in _registered:
        _registered.append(use)


def edited_with(model: type[models.Model], find: Callable[[Any], models.Model | None]) -> None:
    """Rows of `model` are edited on the page of another record too, where `find` finds one."""
    _pages[model] = find


def pages_of(record: models.Model) -> list[models.Model]:
    """The records on whose pages it is edited: its own, and perhaps another."""
    find = _pages.get(type(record))
    other = find(record) if find else None
    return [record, other] if other else [record]


def registered() -> list[Use]:
    return list(_registered)


def uses_of(holder: Any) -> list[Use]:
    """The columns in which a picture, or a document, may be shown; a row or its class."""
    model = holder if isinstance(holder, type) else type(holder)
    return [use for use in _registered if use.holder is model]


def places(holder: Picture | Document, *, lock: bool = False) -> list[Place]:
    """Everything that shows it; one query for each registered column."""
    return showing(uses_of(holder), holder.stored.name, lock=lock)


def showing(uses: Iterable[Use], name: str, *, lock: bool = False) -> list[Place]:
    """Every row that names this stored file in one of the columns."""
    return [
        Place(use, row, getattr(row, use.owner) if use.owner else row)
        for use in uses
        for row in use.rows(name, lock=lock)
    ]


def is_used(holder: Picture | Document) -> bool:
    return any(use.rows(holder.stored.name).exists() for use in uses_of(holder))


def with_uses(rows: models.QuerySet) -> models.QuerySet:
    """Annotate `uses`: in how many places each is shown."""
    total: Any = Value(0)
    for use in uses_of(rows.model):
        shown = use.model._base_manager.filter(**{use.column: OuterRef(_column(rows.model))})
        counted = shown.order_by().values(use.column).annotate(n=Count("pk")).values("n")
        total = total + Coalesce(Subquery(counted), Value(0))
    return rows.annotate(uses=total)


def used(rows: models.QuerySet, *, is_used: bool) -> models.QuerySet:
    """Those that something shows, or those that nothing does."""
    shown = models.Q()
    for use in uses_of(rows.model):
        found = use.model._base_manager.filter(**{use.column: OuterRef(_column(rows.model))})
        shown |= models.Q(Exists(found))
    return rows.filter(shown if is_used else ~shown)


def strangers(use: Use) -> models.QuerySet:
    """Rows that show a file of which the library knows nothing."""
    known = use.holder._base_manager.filter(**{_column(use.holder): OuterRef(use.column)})
    rows = use.model._base_manager.exclude(**{use.column: ""})
    return rows.filter(~Exists(known)).order_by("pk")


def _column(holder: type[models.Model]) -> str:
    return "image" if holder is Picture else "file"
