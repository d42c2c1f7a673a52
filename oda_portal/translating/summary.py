"""What is out of date on one form: which text, what changed in its source since, and since when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.text import Truncator, capfirst

from oda_portal.languages import CODES, HTML_LANG
from oda_portal.publishing.differences import Piece, cut, pieces
from oda_portal.publishing.histories import LANGUAGE_NAMES
from oda_portal.publishing.models import language_column

from .actions import shown_source
from .models import TranslationState
from .registry import source_language, texts_fields, translated
from .states import hash_of, source_text, texts_of, words

# Steps of the history in which the text is looked for that a translation was made from.
FURTHEST = 200


@dataclass(frozen=True)
class Outdated:
    """One text that waits. `pieces` is empty when nobody knows any more what it was made from."""

    state: TranslationState
    row: models.Model
    label: str
    pieces: list[Piece]
    source_lang: str
    # What the button sends back: which text is right, and as a translation of what.
    token: str

    @property
    def language(self) -> str:
        return self.state.language

    @property
    def since(self) -> datetime:
        return self.state.since


@dataclass(frozen=True)
class Language:
    code: str
    html_lang: str
    name: str
    waiting: list[Outdated]
    may_write: bool


def label_of(row: models.Model, field: str, *, of: models.Model | None = None) -> str:
    """The field’s name; of a part of the record, also which part."""
    name = str(capfirst(row._meta.get_field(field).verbose_name))  # type: ignore[union-attr]
    if of is None or type(row) is type(of):
        return name
    about = f"{capfirst(row._meta.verbose_name)}: {Truncator(str(row)).chars(60)}"
    return f"{about} – {name}"


def states_of(rows: Iterable[models.Model]) -> list[TranslationState]:
    """What is out of date of these rows, of any models, in one question."""
    keys: dict[ContentType, list[int]] = defaultdict(list)
    for row in rows:
        if row.pk is not None and translated(type(row)):
            keys[ContentType.objects.get_for_model(row)].append(row.pk)
    if not keys:
        return []
    match = Q()
    for kind, numbers in keys.items():
        match |= Q(content_type=kind, object_id__in=numbers)
    return list(TranslationState.objects.filter(match).select_related("by"))


def outdated(obj: models.Model, rows: Iterable[models.Model]) -> list[Outdated]:
    """What waits of a record and of the parts in its form, as they stand there."""
    rows = [row for row in rows if row.pk is not None]
    states = states_of(rows)
    if not states:
        return []
    by_key = {(ContentType.objects.get_for_model(row).pk, row.pk): row for row in rows}
    place = {key: number for number, key in enumerate(by_key)}
    known = _sources_in_history(states, by_key)
    found = []
    for state in states:
        row = by_key[state.content_type_id, state.object_id]
        found.append(_outdated(state, row, obj, known.get((type(row), row.pk), [])))

    def order(each: Outdated) -> tuple[int, int]:
        key = (each.state.content_type_id, each.state.object_id)
        return place[key], texts_fields(type(each.row)).index(each.state.field)

    return sorted(found, key=order)


def token_of(state: TranslationState, row: models.Model) -> str:
    shown = shown_source(row, state.field)
    return f"{state.content_type_id}.{state.object_id}.{state.field}.{shown}"


def _outdated(
    state: TranslationState, row: models.Model, obj: models.Model, earlier: list[Any]
) -> Outdated:
    texts = texts_of(row)
    code = source_language(texts, state.field)
    now = source_text(texts, state.field, code)
    column = language_column(state.field, code) if code else ""
    then = next(
        (
            text
            for record in earlier
            if column and hash_of(text := words(getattr(record, column))) == state.source_hash
        ),
        None,
    )
    return Outdated(
        state=state,
        row=row,
        label=label_of(row, state.field, of=obj),
        pieces=cut(pieces(then, now)) if then is not None else [],
        source_lang=HTML_LANG.get(code, ""),
        token=token_of(state, row),
    )


def _sources_in_history(
    states: list[TranslationState], rows: dict[tuple[int, int], models.Model]
) -> dict[tuple[type[models.Model], int], list[Any]]:
    """The latest versions of each row that waits, newest first; one question a model."""
    wanted: dict[type[models.Model], set[int]] = defaultdict(set)
    for state in states:
        wanted[type(rows[state.content_type_id, state.object_id])].add(state.object_id)
    found: dict[tuple[type[models.Model], int], list[Any]] = defaultdict(list)
    for model, keys in wanted.items():
        if not hasattr(model, "history"):
            continue
        key = model._meta.pk.attname
        records = model.history.filter(**{f"{key}__in": keys})
        for record in records.order_by("-history_id")[: FURTHEST * len(keys)]:
            found[model, getattr(record, key)].append(record)
    return found


def by_language(waiting: Iterable[Outdated], may_write: set[str] | None) -> list[Language]:
    """The languages in which something waits. `may_write`: None for whoever may write all."""
    waiting = list(waiting)
    found = []
    for code in CODES:
        own = [each for each in waiting if each.language == code]
        if own:
            is_theirs = may_write is None or code in may_write
            found.append(Language(code, HTML_LANG[code], LANGUAGE_NAMES[code], own, is_theirs))
    return found
