"""The history of a record in words: who changed what and when, its inlines included."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.admin.utils import display_for_field
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils import formats, timezone
from django.utils.html import strip_tags
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from modeltranslation.translator import NotRegistered, translator

from .rich import RichTextField

LANGUAGE_NAMES = dict(settings.LANGUAGES)
CONTEXT = 40  # letters shown before and after what changed in a long text
UNINTERESTING = {"id", "created_at", "changed_at", "added_at", "uuid"}


class Step(NamedTuple):
    """One row of a history table, and the row that it followed."""

    at: datetime
    record: int
    previous: int | None
    model: type[models.Model]


class Change(NamedTuple):
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    at: datetime
    by: str
    act: str  # "+", "~" or "-"
    about: str  # which inline it was; empty for the record itself
    changes: list[Change]


def newest_record(instance: models.Model) -> Any | None:
    """The latest history record of this row, with who wrote it; None for a new row."""
    if instance.pk is None or not hasattr(instance, "history"):
        return None
    return instance.history.select_related("history_user").order_by("-history_id").first()


def steps(instance: models.Model, inlines: Iterable[tuple[type[models.Model], str]]) -> list[Step]:
    """All that happened to a record and to the rows of its inlines, newest first.

    `inlines` names each model and its foreign key to the record.
    """
    found = list(_steps_of(type(instance), pk=instance.pk))
    for model, key in inlines:
        found += _steps_of(model, **{f"{key}_id": instance.pk})
    return sorted(found, key=lambda step: (step.at, step.record), reverse=True)


def _steps_of(model: type[models.Model], **match: Any) -> Iterator[Step]:
    if "pk" in match:
        match[model._meta.pk.attname] = match.pop("pk")
    rows = model.history.filter(**match).order_by("history_date", "history_id")  # type: ignore[attr-defined]
    last: dict[Any, int] = {}
    for key, record, at in rows.values_list(model._meta.pk.attname, "history_id", "history_date"):
        yield Step(at, record, last.get(key), model)
        last[key] = record


def entries(some: Iterable[Step], of: models.Model) -> list[Entry]:
    """These steps in words. As many queries for a hundred steps as for one."""
    some = list(some)
    rows = {}
    for model in {step.model for step in some}:
        own = [step for step in some if step.model is model]
        numbers = {number for step in own for number in (step.record, step.previous) if number}
        rows[model] = _records(model, numbers)
    return [_entry(step, rows[step.model], of) for step in some]


def _records(model: type[models.Model], numbers: Collection[int]) -> dict[int, Any]:
    """History records by number; `links` has the names that each many-to-many field held."""
    history = model.history.model  # type: ignore[attr-defined]
    rows = history.objects.filter(pk__in=numbers).select_related("history_user").in_bulk()
    for row in rows.values():
        row.links = defaultdict(list)
    for field in history._history_m2m_fields:
        other = field.m2m_reverse_field_name()
        kept = getattr(history, field.name).filter(history_id__in=numbers)
        for link in kept.select_related(other):
            name = getattr(link, other) or f"#{getattr(link, f'{other}_id')}"
            rows[link.history_id].links[field.name].append(str(name))
    return rows


def _entry(step: Step, rows: dict[int, Any], of: models.Model) -> Entry:
    record, previous = rows[step.record], rows.get(step.previous or 0)
    return Entry(
        at=step.at,
        by=str(record.history_user or ""),
        act=record.history_type,
        about="" if step.model is type(of) else _about(record, step.model),
        changes=_changes(step.model, previous, record) if record.history_type == "~" else [],
    )


def _about(record: Any, model: type[models.Model]) -> str:
    try:
        name = str(record.history_object)
    except ObjectDoesNotExist:  # what it pointed to is gone as well
        name = f"#{record.history_object.pk}"
    return f"{capfirst(model._meta.verbose_name)}: {Truncator(name).chars(80)}"


def _changes(model: type[models.Model], previous: Any, record: Any) -> list[Change]:
    if previous is None:
        return []
    found = []
    for field in _told_fields(model, record):
        before, after = (in_words(field, _value(row, field)) for row in (previous, record))
        # Equal words: an empty text for none, which is no change to anybody.
        if before != after:
            found.append(Change(label_of(field), *_around_difference(before, after)))
    return found


def _told_fields(model: type[models.Model], record: Any) -> list[Any]:
    """All but the base columns of translated fields, which hold any language, and time stamps."""
    hidden = UNINTERESTING | set(translated_fields(model))
    tracked = [*record.tracked_fields, *record._history_m2m_fields]
    return [model._meta.get_field(field.name) for field in tracked if field.name not in hidden]


def _value(record: Any, field: Any) -> Any:
    if field.many_to_many:
        return sorted(record.links[field.name])
    try:
        return getattr(record, field.name)
    except ObjectDoesNotExist:
        return f"#{getattr(record, field.attname)}"


def translated_fields(model: type[models.Model]) -> list[str]:
    try:
        return list(translator.get_options_for_model(model).all_fields)
    except NotRegistered:
        return []


def label_of(field: Any) -> str:
    """The field's name for people, with the language if it is one column of several."""
    original = getattr(field, "translated_field", None)
    if original is None:
        return str(capfirst(field.verbose_name))
    name = LANGUAGE_NAMES[field.language]
    return _("%(field)s (%(language)s)") % {
        "field": capfirst(original.verbose_name),
        "language": name,
    }


def in_words(field: Any, value: Any) -> str:
    """A stored value as a person reads it."""
    if value in (None, "", []):
        return _("(empty)")
    if isinstance(value, list):
        return ", ".join(str(row) for row in value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(getattr(field, "translated_field", field), RichTextField):
        return " ".join(strip_tags(str(value).replace("<", " <")).split())
    if isinstance(value, models.Model) or field.is_relation:
        return str(value)
    return str(display_for_field(value, field, ""))


def _around_difference(before: str, after: str) -> tuple[str, str]:
    """Both texts, cut to the part that differs and a little around it."""
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    first, last = max(0, start - CONTEXT), max(0, end - CONTEXT)
    return _cut(before, first, last), _cut(after, first, last)


def _cut(text: str, first: int, last: int) -> str:
    middle = text[first : len(text) - last]
    return f"{'…' if first else ''}{middle}{'…' if last else ''}"
