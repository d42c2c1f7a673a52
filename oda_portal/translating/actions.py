"""What people say of translations: that they are still right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import models, transaction

from oda_portal.audit.models import record_transition

from .models import TranslationState
from .registry import by_label, source_language, translated
from .states import CONFIRMED, OUTDATED, hash_of, source_text, texts_of

if TYPE_CHECKING:
    from oda_portal.accounts.models import User


def shown_source(row: models.Model, field: str) -> str:
    """What a page sends back to say which source text somebody has read there."""
    texts = texts_of(row)
    return hash_of(source_text(texts, field, source_language(texts, field)))[:24]


@transaction.atomic
def confirm(row: models.Model, *, language: str, shown: Mapping[str, str], by: User) -> int:
    """Say of these fields that their text in a language is right as it is; how many were outdated.

    `shown`: field → `shown_source` of what whoever says so has read. Where the source has changed
    since, the text stays outdated. Doing it twice is doing it once.
    """
    about = translated(type(row))
    if about is None:
        return 0
    # As every form does: the record first, then what is said of it.
    current = type(row)._base_manager.select_for_update().filter(pk=row.pk).first()
    if current is None:
        return 0
    states = TranslationState.objects.filter(
        content_type=about.content_type, object_id=row.pk, language=language, field__in=list(shown)
    )
    right = [state for state in states if shown[state.field] == shown_source(current, state.field)]
    for state in right:
        state.delete()
    if right:
        fields = ", ".join(state.field for state in right)
        record_transition(row, f"translation.{language}", OUTDATED, CONFIRMED, by=by, reason=fields)
    return len(right)


def forget(changes: list[tuple[str, str]]) -> None:
    """Drop what is said of rows that are gone; `changes`: models and keys that were heard of."""
    keys: dict[str, set[int]] = {}
    for label, key in changes:
        if key.isdecimal():
            keys.setdefault(label, set()).add(int(key))
    for label, numbers in keys.items():
        forget_gone(label, numbers)


def forget_gone(label: str, numbers: set[int]) -> None:
    about = by_label(label)
    if about is None:
        return
    states = TranslationState.objects.filter(content_type=about.content_type, object_id__in=numbers)
    known = set(states.values_list("object_id", flat=True))
    there = about.model._base_manager.filter(pk__in=known).values_list("pk", flat=True)
    if gone := known - set(there):
        states.filter(object_id__in=gone).delete()
