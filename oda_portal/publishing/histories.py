"""The history of a record in words: who changed what and when, its inlines included."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
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

from oda_portal.languages import HTML_LANG

from .differences import Piece, cut, pieces
from .rich import RichTextField

LANGUAGE_NAMES = dict(settings.LANGUAGES)
CONTEXT = 40  # letters shown before and after what changed in a long text
# What a person saves in one go is written within moments, row after row.
ONE_GO = timedelta(seconds=2)
# The note of a step that put back an earlier version, before the moment of that version.
RESTORED = "restored:"
# Tags between which words do not belong together; others may stand inside a word.
PARTS_TEXTS = re.compile(r"<(?=/?(?:p|br|hr|h[1-6]|li|[ou]l|t[rdh]|table|caption|blockquote)\b)")
UNINTERESTING = {"id", "created_at", "changed_at", "added_at", "uuid", "digest", "sent_digest"}


class Step(NamedTuple):
    """One row of a history table, and the row that it followed."""

    at: datetime
    record: int
    previous: int | None
    model: type[models.Model]
    key: Any
    by: int | None


class Change(NamedTuple):
    """What became of one field, in one language; `pieces` has both texts in one."""

    field: str
    before: str
    after: str
    html_lang: str = ""
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class Entry:
    at: datetime
    by: str
    act: str  # "+", "~" or "-"
    about: str  # which inline it was; empty for the record itself
    changes: list[Change]
    note: str = ""
    # The moment of the version that ends with it, for addresses; None in the middle of a saving.
    version: int | None = None


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
    columns = (model._meta.pk.attname, "history_id", "history_date", "history_user_id")
    for key, record, at, by in rows.values_list(*columns):
        yield Step(at, record, last.get(key), model, key, by)
        last[key] = record


def versions(some: Iterable[Step]) -> dict[Step, int]:
    """The steps with which a version is complete, newest first, and its moment for addresses.

    Rows that one person saved in one go, each of them once, make one version.
    """
    found: dict[Step, int] = {}
    seen: set[Any] = set()
    later: Step | None = None
    for step in some:
        row = (step.model, step.key)
        is_same_go = (
            later is not None
            and later.by == step.by
            and later.at - step.at < ONE_GO
            and row not in seen
        )
        if not is_same_go:
            found[step] = in_address(step.at)
            seen = set()
        seen.add(row)
        later = step
    return found


def in_address(at: datetime) -> int:
    """A moment as a number of microseconds."""
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def from_address(number: int) -> datetime:
    """Raises OverflowError for what is no moment."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=number)


def entries(
    some: Iterable[Step], of: models.Model, complete: Mapping[Step, int] | None = None
) -> list[Entry]:
    """These steps in words. As many queries for a hundred steps as for one."""
    some, complete = list(some), complete or {}
    rows = {}
    for model in {step.model for step in some}:
        own = [step for step in some if step.model is model]
        numbers = {number for step in own for number in (step.record, step.previous) if number}
        rows[model] = records(model, numbers)
    return [_entry(step, rows[step.model], of, complete.get(step)) for step in some]


def records(model: type[models.Model], numbers: Collection[int]) -> dict[int, Any]:
    """History records by number; `links` has the names that each many-to-many field held.

    `link_keys` has the keys of the same, also of rows that are no more.
    """
    history = model.history.model  # type: ignore[attr-defined]
    rows = history.objects.filter(pk__in=numbers).select_related("history_user").in_bulk()
    for row in rows.values():
        row.links, row.link_keys = defaultdict(list), defaultdict(list)
    for field in history._history_m2m_fields:
        other = field.m2m_reverse_field_name()
        kept = getattr(history, field.name).filter(history_id__in=numbers)
        for link in kept.select_related(other):
            key = getattr(link, f"{other}_id")
            name = getattr(link, other) or f"#{key}"
            rows[link.history_id].links[field.name].append(str(name))
            rows[link.history_id].link_keys[field.name].append(key)
    return rows


def _entry(step: Step, rows: dict[int, Any], of: models.Model, version: int | None) -> Entry:
    record, previous = rows[step.record], rows.get(step.previous or 0)
    return Entry(
        at=step.at,
        by=str(record.history_user or ""),
        act=record.history_type,
        about="" if step.model is type(of) else about(record, step.model),
        changes=changes(step.model, previous, record) if record.history_type == "~" else [],
        note=_note(record.history_change_reason or ""),
        version=version,
    )


def _note(reason: str) -> str:
    """What the step was, where its changes alone do not tell."""
    if not reason.startswith(RESTORED):
        return reason
    at = from_address(int(reason.removeprefix(RESTORED)))
    return _("Put back as it was at %(time)s") % {"time": moment(at)}


def moment(at: datetime) -> str:
    return formats.date_format(timezone.localtime(at), "DATETIME_FORMAT")


def name_of(record: Any) -> str:
    """What a row of a history or of the table is called, also when what it pointed to is gone."""
    row = getattr(record, "history_object", record)
    try:
        return str(row)
    except ObjectDoesNotExist:
        return f"#{row.pk}"


def about(record: Any, model: type[models.Model]) -> str:
    return f"{capfirst(model._meta.verbose_name)}: {Truncator(name_of(record)).chars(80)}"


def changes(model: type[models.Model], previous: Any, record: Any) -> list[Change]:
    """What differs between two rows, each of a history or of the table with its `links`."""
    if previous is None:
        return []
    return [change for field in told_fields(model) if (change := _change(field, previous, record))]


def _change(field: Any, previous: Any, record: Any) -> Change | None:
    before, after = (in_words(field, value_of(row, field)) for row in (previous, record))
    # Equal words: an empty text for none, which is no change to anybody.
    return difference_of(field, before, after) if before != after else None


def difference_of(field: Any, before: str, after: str) -> Change:
    """Texts word by word; of a day or a choice there is no half that stays."""
    label, html_lang = label_of(field), html_lang_of(field)
    if isinstance(field, models.CharField | models.TextField) and not field.choices:
        return difference(label, before, after, html_lang=html_lang)
    around = _around_difference(before, after)
    return Change(label, *around, html_lang, (Piece("-", before), Piece("+", after)))


def difference(label: str, before: str, after: str, *, html_lang: str = "") -> Change:
    marked = tuple(cut(pieces(before, after)))
    return Change(label, *_around_difference(before, after), html_lang, marked)


def html_lang_of(field: Any) -> str:
    return HTML_LANG[field.language] if hasattr(field, "translated_field") else ""


def told_fields(model: type[models.Model]) -> list[Any]:
    """All but the base columns of translated fields, which hold any language, and time stamps."""
    hidden = UNINTERESTING | set(translated_fields(model))
    history = model.history.model  # type: ignore[attr-defined]
    tracked = [*history.tracked_fields, *history._history_m2m_fields]
    return [model._meta.get_field(field.name) for field in tracked if field.name not in hidden]


def value_of(record: Any, field: Any) -> Any:
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
        return " ".join(strip_tags(PARTS_TEXTS.sub(" <", str(value))).split())
    if isinstance(field, models.FileField):
        # Its random name says nothing but that it is another file.
        return _("File %(name)s") % {"name": str(value).rpartition("/")[2][:8]}
    if isinstance(value, models.Model) or field.is_relation:
        return str(value)
    return str(display_for_field(value, field, "", avoid_link=True))


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
