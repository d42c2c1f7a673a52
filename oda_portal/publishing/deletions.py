"""Records that were deleted: which, by whom, and bringing them back with what went with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils.translation import gettext as _

from oda_portal.audit.models import record_transition
from oda_portal.files import renditions

from . import histories, restoring
from .models import Publishable, Status
from .restoring import RefusedError

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

# What is deleted with a record is written down within moments.
WITH_IT = timedelta(seconds=10)
DELETED = "deleted"


@dataclass(frozen=True)
class Gone:
    """A deleted row: its last words, and the links that it had."""

    model: type[models.Model]
    row: Any
    about: str


@dataclass(frozen=True)
class Comeback:
    """The record first, then what went with it; `stays` are sentences about what does not."""

    rows: list[Gone]
    stays: list[str] = field(default_factory=list)
    # Sentences that say why nothing can be brought back.
    refused: list[str] = field(default_factory=list)


def deleted(model: type[models.Model]) -> QuerySet:
    """The last row of history of each record that is no more, newest first."""
    key = model._meta.pk.attname
    history = model.history.model  # type: ignore[attr-defined]
    present = model._base_manager.filter(pk=OuterRef(key))
    later = history.objects.filter(**{key: OuterRef(key)}, history_id__gt=OuterRef("history_id"))
    rows = history.objects.filter(history_type="-").exclude(Exists(present))
    return rows.exclude(Exists(later)).order_by("-history_date", "-history_id")


def comeback_of(
    model: type[models.Model], row: Any, may: Callable[[type[models.Model]], bool]
) -> Comeback:
    """What would come back with a deleted record; `may` says which models this person may add."""
    key = getattr(row, model._meta.pk.attname)
    rows = [Gone(model, with_last_links(model, row), histories.name_of(row))]
    found = Comeback(rows, refused=list(_taken(model, row)))
    _with_it(found, model, key, row.history_date, may)
    known = {(gone.model, getattr(gone.row, gone.model._meta.pk.attname)) for gone in rows}
    for gone in list(rows):
        _look_at(found, gone, known)
    return found


def with_last_links(model: type[models.Model], row: Any) -> Any:
    """Its links were gone when the last row was written: those of the row before are its own."""
    key = model._meta.pk.attname
    before = model.history.filter(**{key: getattr(row, key)}, history_id__lt=row.history_id)  # type: ignore[attr-defined]
    last = before.aggregate(last=Max("history_id"))["last"]
    both = histories.records(model, [number for number in (row.history_id, last) if number])
    kept = both[row.history_id]
    if last:
        kept.links, kept.link_keys = both[last].links, both[last].link_keys
    return kept


def _with_it(found: Comeback, model: type[models.Model], key: Any, at: Any, may: Callable) -> None:
    """Rows of other models that the database deleted with it, and theirs."""
    for relation in _relations(model):
        child = relation.related_model
        if relation.on_delete is not models.CASCADE or not hasattr(child, "history"):
            continue
        span = (at - WITH_IT, at + WITH_IT)
        match = {f"{relation.field.name}_id": key, "history_date__range": span}
        for row in deleted(child).filter(**match).order_by("history_id"):
            named = histories.about(row, child)
            if not may(child):
                found.stays.append(_("%(row)s: you may not add this.") % {"row": named})
                continue
            found.rows.append(Gone(child, with_last_links(child, row), named))
            _with_it(found, child, getattr(row, child._meta.pk.attname), at, may)


def _relations(model: type[models.Model]) -> list[Any]:
    """Foreign keys that lead to it, also those that it does not know by a name."""
    return [
        relation
        for relation in model._meta.get_fields(include_hidden=True)
        if relation.auto_created and (relation.one_to_many or relation.one_to_one)
    ]


def _taken(model: type[models.Model], row: Any) -> Any:
    """Unique values that another record has by now."""
    for column in histories.told_fields(model):
        if column.many_to_many or not column.unique or column.primary_key:
            continue
        value = getattr(row, column.attname)
        if value in (None, ""):
            continue
        if other := model._base_manager.filter(**{column.attname: value}).first():
            yield _("%(field)s: “%(value)s” is now used by “%(other)s”.") % {
                "field": histories.label_of(column), "value": value, "other": other,
            }  # fmt: skip


def _look_at(found: Comeback, gone: Gone, known: set[Any]) -> None:
    """What it pointed to and what is no more, and files that are lost."""
    for column in histories.told_fields(gone.model):
        words = {"row": gone.about, "field": histories.label_of(column)}
        if column.many_to_many:
            lost = restoring.gone(column, gone.row.link_keys[column.name])
            if lost:
                sentence = _("%(row)s, %(field)s: %(count)s of them no longer exist.")
                found.stays.append(sentence % {**words, "count": len(lost)})
        elif column.is_relation:
            key = getattr(gone.row, column.attname)
            if key is None or (column.related_model, key) in known:
                continue
            if restoring.gone(column, [key]):
                _without(found, gone, column, words)
        elif isinstance(column, models.FileField) and not restoring.has_file(column, gone.row):
            _without_file(found, gone, column, words)


def _without(found: Comeback, gone: Gone, column: Any, words: dict[str, Any]) -> None:
    if column.null:
        found.stays.append(_("%(row)s, %(field)s: it no longer exists.") % words)
    elif gone is found.rows[0]:
        sentence = _(
            "It belonged to something that no longer exists (%(field)s). Bring that back first."
        )
        found.refused.append(sentence % words)
    else:
        found.stays.append(_("%(row)s cannot be brought back: %(field)s no longer exists.") % words)
        found.rows.remove(gone)


def _without_file(found: Comeback, gone: Gone, column: Any, words: dict[str, Any]) -> None:
    if column.blank or gone is found.rows[0]:
        found.stays.append(_("%(row)s: the file is lost. Please add it again.") % words)
    else:
        found.stays.append(_("%(row)s cannot be brought back: its file is lost.") % words)
        found.rows.remove(gone)


@transaction.atomic
def bring_back(comeback: Comeback, *, by: User) -> models.Model:
    """The record as it was, as a draft, with what went with it. RefusedError changes nothing."""
    if comeback.refused:
        raise RefusedError(comeback.refused)
    with transaction.atomic():
        rows = [_insert(gone, by) for gone in comeback.rows]
        for row, gone in zip(rows, comeback.rows, strict=True):
            restoring.link(row, gone.row, histories.told_fields(gone.model))
    record = rows[0]
    renditions.refresh(record)
    return record


def _insert(gone: Gone, by: User) -> models.Model:
    key = gone.model._meta.pk.attname
    row = gone.model(**{key: getattr(gone.row, key)})
    if gone.model._base_manager.filter(pk=row.pk).exists():
        raise RefusedError([_("“%(row)s” is there already.") % {"row": gone.about}])
    restoring.put(row, gone.row, _all_fields(gone.model))
    if isinstance(row, Publishable):
        row.status = Status.DRAFT
    restoring.save(row, gone.row.history_date, by, insert=True)
    if isinstance(row, Publishable):
        record_transition(row, "status", DELETED, Status.DRAFT, by=by)
    return row


def _all_fields(model: type[models.Model]) -> list[Any]:
    """Also those that nobody is told of, as the address of a document."""
    base = set(histories.translated_fields(model))
    history = model.history.model  # type: ignore[attr-defined]
    return [
        model._meta.get_field(column.name)
        for column in history.tracked_fields
        if column.name not in base and not column.primary_key
    ]
