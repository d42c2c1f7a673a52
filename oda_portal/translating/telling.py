"""Whether readers are told that a text has changed since it was translated."""

from __future__ import annotations

from typing import TypeVar

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.utils import translation

from .models import TranslationState

Rows = TypeVar("Rows", bound=QuerySet)


def with_outdated(rows: Rows) -> Rows:
    """Annotate `is_outdated`, which `{% outdated %}` else asks for: whether a text of the record
    or of its parts is out of date in the active language.
    """
    language = translation.get_language()
    if language in (None, settings.LANGUAGE_CODE):
        return rows
    return rows.annotate(is_outdated=Exists(_of_records(rows.model).filter(language=language)))


def _of_records(model: type[Model]) -> QuerySet[TranslationState]:
    kind = ContentType.objects.get_for_model(model)
    return TranslationState.objects.filter(record_type=kind, record_id=OuterRef("pk")).order_by()
