"""What a save does to the translations: a text falls out of step with its source, or gets back.

The source of a field is its Korean text, else the English one, else the Chinese one. Whatever
writes texts of a record calls `after_saving`: forms, restored versions, imports, suggestions.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from html import unescape
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils.html import strip_tags

from oda_portal.audit.models import record_transition
from oda_portal.languages import CODES
from oda_portal.publishing.models import language_column

from .models import TranslationState
from .registry import Translated, source_language, translated

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

# Columns of the translated fields, with what says whether two of them mean the same.
Texts: TypeAlias = Mapping[str, str]

_LINK = re.compile(r'\shref="([^"]*)"')
_MANY = 500  # keys in one question
OUTDATED, CURRENT, MINOR, CONFIRMED = "outdated", "current", "minor_edit", "confirmed"


class Saved(NamedTuple):
    """A row that was saved: its texts before that (None for a new row), and the row now."""

    before: Texts | models.Model | None
    after: models.Model


def words(value: str | None) -> str:
    """What readers get of a text, without the tags that the editor writes now so, now otherwise."""
    links = " ".join(_LINK.findall(value or ""))
    plain = unescape(strip_tags((value or "").replace("<", " <")))
    return " ".join(unicodedata.normalize("NFC", f"{plain} {links}").split())


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def texts_of(row: models.Model) -> dict[str, str]:
    """What a row says in each language. To be asked before the row is changed."""
    about = translated(type(row))
    if about is None:
        return {}
    columns = [column for code in CODES for column in about.columns(code)]
    return {column: words(getattr(row, column)) for column in columns}


def languages_to_translate(row: models.Model) -> set[str]:
    """Those in which a text of the row is, or would be, made from another language."""
    about, texts = translated(type(row)), texts_of(row)
    sources = {source_language(texts, field) for field in about.fields} if about else set()
    return {code for code in CODES if sources - {"", code}}


def after_saving(
    before: Texts | models.Model | None, after: models.Model, *, minor: bool = False,
    by: User | None,
) -> None:  # fmt: skip
    """Say of a row that was just saved which of its texts are now out of step.

    `before` is `texts_of(row)` from before the change, or a copy of the row as it stood; None for
    a new row. `minor`: the change asks nothing of the translations. To be called in the
    transaction of the save; doing it twice is doing it once.
    """
    after_saving_all([Saved(before, after)], minor=minor, by=by)


@transaction.atomic
def after_saving_all(saved: Iterable[Saved], *, minor: bool = False, by: User | None) -> None:
    """The same for many rows of any models; asks once for each model of which a text changed."""
    by_model: dict[Translated, list[_Row]] = {}
    for each in saved:
        about = translated(type(each.after))
        if about and (row := _changed(about, each)):
            by_model.setdefault(about, []).append(row)
    for about, rows in by_model.items():
        known = _known(about, [row.row.pk for row in rows])
        for row in rows:
            _settle(about, row, known, minor=minor, by=by)


class _Row(NamedTuple):
    row: models.Model
    before: Texts
    now: Texts


def _changed(about: Translated, saved: Saved) -> _Row | None:
    before, now = saved.before, texts_of(saved.after)
    if before is None:
        return None
    if isinstance(before, models.Model):
        before = texts_of(before)
    return _Row(saved.after, before, now) if dict(before) != now else None


_Known: TypeAlias = dict[tuple[int, str, str], TranslationState]


def _known(about: Translated, keys: list[int]) -> _Known:
    found: _Known = {}
    for start in range(0, len(keys), _MANY):
        part = TranslationState.objects.filter(
            content_type=about.content_type, object_id__in=keys[start : start + _MANY]
        )
        found |= {(state.object_id, state.field, state.language): state for state in part}
    return found


def _settle(about: Translated, row: _Row, known: _Known, *, minor: bool, by: User | None) -> None:
    kept = False
    for field in about.fields:
        old, new = source_language(row.before, field), source_language(row.now, field)
        for code in CODES:
            column = language_column(field, code)
            state = known.get((row.row.pk, field, code))
            if code == new or not row.now[column]:
                _drop(state)  # a source waits for nothing, and what is not there is missing
            elif row.now[column] != row.before.get(column, ""):
                if not minor:
                    _drop(state)
            elif old == new and source_text(row.before, field, old) != source_text(
                row.now, field, new
            ):
                kept |= _source_changed(about, row, field, code, state, minor=minor, by=by)
    if kept:
        record_transition(row.row, "translation", CURRENT, MINOR, by=by)


def source_text(texts: Texts, field: str, code: str) -> str:
    return texts.get(language_column(field, code), "")


def _source_changed(
    about: Translated, row: _Row, field: str, code: str, state: TranslationState | None, *,
    minor: bool, by: User | None,
) -> bool:  # fmt: skip
    """Whether the text stays up to date only since the change was said to be minor."""
    source = source_language(row.now, field)
    if state is not None:
        if state.source_hash == hash_of(source_text(row.now, field, source)):
            _drop(state)  # the source says again what was translated
        return False
    if minor:
        return True
    TranslationState.objects.get_or_create(
        content_type=about.content_type,
        object_id=row.row.pk,
        field=field,
        language=code,
        defaults={
            "record_type": ContentType.objects.get_for_model(about.record),
            "record_id": about.record_key(row.row),
            "source_hash": hash_of(source_text(row.before, field, source)),
            "by": by,
        },
    )
    return False


def _drop(state: TranslationState | None) -> None:
    if state is not None:
        state.delete()
