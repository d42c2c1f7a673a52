"""Putting a record back as it was: what would change, what stays and why, and the writing.

Texts, values and links come back. Whether it is published, its address, and what acts alone write
stay as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.admin.utils import NestedObjects
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from oda_portal.files import renditions, sweeping
from oda_portal.translating import states

from . import histories, refusals
from .histories import RESTORED, Change, in_address
from .versions import Below, Part, Version, between, version_at, version_now

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

# Of everything that is published: the clock is set on the form, where it says what follows.
PUBLICATION = {"status", "publish_at", "expire_at"}


class RefusedError(Exception):
    """What cannot be put back, in sentences."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True)
class Plan:
    """What putting back would do. `stays` are sentences about what it would not."""

    record: models.Model
    at: datetime
    parts: list[Part]
    below: list[Part]
    stays: list[str] = field(default_factory=list)

    @property
    def stamp(self) -> str:
        """The same for two plans that say the same."""
        said = [
            (part.about, part.act, part.key, [change[:3] for change in part.changes])
            for part in (*self.parts, *self.below)
        ]
        return hashlib.sha256(repr((said, self.stays)).encode()).hexdigest()[:20]


def plan_for(record: models.Model, at: datetime, below: Below, *, fixed: Collection[str]) -> Plan:
    """`fixed` are the fields that stay; LookupError when there was no such record then."""
    model = type(record)
    then = version_at(model, record.pk, below, at)
    if then.record is None:
        raise LookupError("there was no such record")
    return _plan(record, at, version_now(record, below), then, fixed={*fixed, *PUBLICATION})


def _plan(
    record: models.Model, at: datetime, now: Version, then: Version, *, fixed: Collection[str]
) -> Plan:
    parts: list[Part] = []
    below: list[Part] = []
    stays: list[str] = []
    for part in between(now, then, type(record)):
        if not part.about:
            labels = {str(histories.label_of(field)) for field in _fields(part.model, fixed)}
            kept = [change for change in part.changes if change.field not in labels]
            stays += [_stays_as_it_is(change) for change in part.changes if change not in kept]
            part = Part(part.model, part.key, part.act, "", kept, part.row)
        if part.act == "-" and (reason := _must_stay(part)):
            stays.append(reason)
        elif part.changes or part.act != "~":
            stays += _lost(part)
            (below if part.about else parts).append(part)
    return Plan(record, at, parts, below, stays)


def _fields(model: type[models.Model], names: Collection[str]) -> list[Any]:
    return [field for field in histories.told_fields(model) if field.name in names]


def _stays_as_it_is(change: Change) -> str:
    return _("%(field)s stays as it is.") % {"field": change.field}


def _must_stay(part: Part) -> str:
    """Why a row that came later cannot be removed; empty if it can."""
    row = part.model._base_manager.filter(pk=part.key).first()
    if row is None:
        return ""
    found = NestedObjects(using="default")
    found.collect([row])
    others = [
        model for model in found.data if model is not part.model and not model._meta.auto_created
    ]
    if not others and not found.protected and len(found.data[part.model]) == 1:
        return ""
    return _("“%(row)s” stays: other records belong to it.") % {"row": part.about}


def _lost(part: Part) -> Iterator[str]:
    """What the row pointed to and what is no more, and files that are gone."""
    if part.row is None:
        return
    named = part.about or capfirst(part.model._meta.verbose_name)
    for kept in histories.told_fields(part.model):
        words = {"row": named, "field": histories.label_of(kept)}
        if kept.many_to_many:
            if lost := gone(kept, part.row.link_keys[kept.name]):
                sentence = _("%(row)s, %(field)s: %(count)s of them no longer exist.")
                yield sentence % {**words, "count": len(lost)}
        elif kept.is_relation:
            key = getattr(part.row, kept.attname)
            if key is not None and gone(kept, [key]):
                yield _("%(row)s, %(field)s: it no longer exists.") % words
        elif isinstance(kept, models.FileField) and not has_file(kept, part.row):
            yield _("%(row)s: the file is lost. Please add it again.") % words


def gone(relation: Any, keys: Collection[Any]) -> set[Any]:
    rows = relation.related_model._base_manager.filter(pk__in=keys)
    return set(keys) - set(rows.values_list("pk", flat=True))


def has_file(kept: Any, row: Any) -> bool:
    name = str(getattr(row, kept.name) or "")
    return not name or sweeping.is_there(name)


# --- writing -----------------------------------------------------------------------------------


@transaction.atomic
def restore(plan: Plan, *, whole: bool, by: User) -> None:
    """Write what the plan says; `whole`: with what stands below. RefusedError changes nothing."""
    parts = [*plan.parts, *(plan.below if whole else [])]
    order = {"-": 0, "~": 1, "+": 2}
    with transaction.atomic():
        for part in sorted(parts, key=lambda part: order[part.act]):
            _write(part, plan.at, by)
        # The record has a step of its own for it, whichever of its parts it was.
        if not plan.parts:
            record = type(plan.record)._base_manager.get(pk=plan.record.pk)
            save(record, plan.at, by)
    renditions.refresh(plan.record)


def _write(part: Part, at: datetime, by: User) -> None:
    if part.act == "-":
        for row in part.model._base_manager.filter(pk=part.key):
            _refuse(row, part.about, by)
            _sign(row, at, by)
            row.delete()
        return
    there = part.model._base_manager.filter(pk=part.key).first() if part.act == "~" else None
    is_new = there is None
    row = there or part.model(pk=part.key)
    if there:
        _refuse(there, part.about, by)
    before = states.texts_of(there) if there else None
    changed = {change.field for change in part.changes}
    fields = [
        kept
        for kept in histories.told_fields(part.model)
        if is_new or histories.label_of(kept) in changed
    ]
    put(row, part.row, fields)
    check(row, [kept.name for kept in fields], part.about)
    save(row, at, by, insert=is_new)
    # It may have been somewhere else then: with another programme, of another kind, or closed.
    _refuse(row, part.about, by)
    link(row, part.row, fields)
    states.after_saving(before, row, by=by)


def _refuse(row: models.Model, about: str, by: User) -> None:
    """Raises RefusedError where the row is not this person’s to change."""
    if reason := refusals.why_not(row, by, lock=True):
        raise RefusedError([_named(about, reason)])


def put(row: models.Model, kept: Any, fields: list[Any]) -> None:
    """Write the values of a history's row, as far as what they point to is still there."""
    for column in fields:
        if column.many_to_many:
            continue
        value = getattr(kept, column.attname)
        if column.is_relation and value is not None and gone(column, [value]):
            if not column.null:
                continue
            value = None
        if isinstance(column, models.FileField):
            if value and not sweeping.bring_back(str(value)):
                continue
            value = str(value or "")
        setattr(row, column.attname, value)


def check(row: models.Model, names: list[str], about: str) -> None:
    """Raises RefusedError with what the rules for these fields say."""
    others = [column.name for column in row._meta.fields if column.name not in names]
    try:
        row.clean_fields(exclude=others)
        row.clean()
        row.validate_unique(exclude=others)
        row.validate_constraints(exclude=others)
    except ValidationError as error:
        raise RefusedError(list(_sentences(row, error, about))) from error


def _sentences(row: models.Model, error: ValidationError, about: str) -> Iterator[str]:
    if not hasattr(error, "error_dict"):
        yield from (_named(about, message) for message in error.messages)
        return
    for name, messages in error.message_dict.items():
        known = {column.name: column for column in row._meta.fields}
        label = histories.label_of(known[name]) if name in known else ""
        for message in messages:
            yield _named(", ".join(filter(None, [about, label])), message)


def _named(what: str, message: str) -> str:
    return _("%(field)s: %(problem)s") % {"field": what, "problem": message} if what else message


def save(row: models.Model, at: datetime, by: User, *, insert: bool = False) -> None:
    _sign(row, at, by)
    try:
        with transaction.atomic():
            row.save(force_insert=insert)
    except IntegrityError as error:
        sentence = _("“%(row)s” cannot be put back: something else has taken its place.")
        raise RefusedError([sentence % {"row": row}]) from error


def _sign(row: Any, at: datetime, by: User) -> None:
    """Who did it, and that it was this, for the row of history that follows."""
    row._history_user = by
    row._change_reason = f"{RESTORED}{in_address(at)}"


def link(row: Any, kept: Any, fields: list[Any]) -> None:
    for column in fields:
        if column.many_to_many:
            keys = kept.link_keys[column.name]
            getattr(row, column.name).set(set(keys) - gone(column, keys))
