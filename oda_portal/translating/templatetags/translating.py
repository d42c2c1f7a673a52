"""Tells readers that the original of a text has changed since it was translated."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils import translation

from oda_portal.languages import HTML_LANG, path_in
from oda_portal.publishing.histories import LANGUAGE_NAMES

from ..models import TranslationState
from ..registry import source_language, translated
from ..states import texts_of

register = template.Library()


@register.inclusion_tag("components/outdated.html", takes_context=True)
def outdated(
    context: template.Context, *records: Any, without: str = "", parts: bool = True
) -> dict[str, Any]:
    """A notice where a text of these records, or of their parts, is out of date in this language.

    One question for all of them, and none in the language of the sources, nor for one record
    fetched by `with_outdated`. `without` names fields that the page does not show, apart by
    spaces; without `parts` only the records’ own texts count.
    """
    language = translation.get_language() or settings.LANGUAGE_CODE
    source = _source(records[0])
    if language == settings.LANGUAGE_CODE or source in ("", language):
        return {}
    first, *others = records
    is_known = hasattr(first, "is_outdated") and parts and not (others or without)
    if not (first.is_outdated if is_known else _is_outdated(records, language, without, parts)):
        return {}
    return {
        "original_url": path_in(context["request"].path, source),
        "original_language": LANGUAGE_NAMES[source],
        "original_code": source,
        "original_html_lang": HTML_LANG[source],
    }


def _is_outdated(records: tuple[Any, ...], language: str, without: str, parts: bool) -> bool:
    match = Q()
    for record in records:
        kind = ContentType.objects.get_for_model(record)
        match |= Q(content_type=kind, object_id=record.pk)
        if parts:
            match |= Q(record_type=kind, record_id=record.pk)
    rows = TranslationState.objects.filter(match, language=language).order_by()
    return rows.exclude(field__in=without.split()).exists()


def _source(record: Any) -> str:
    """The language that the record is written in first."""
    about, texts = translated(type(record)), texts_of(record)
    fields = about.fields if about else ()
    return next((code for field in fields if (code := source_language(texts, field))), "")
