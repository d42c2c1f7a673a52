"""Pictures that cannot be seen by everybody, or well: without words, too large, too small."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models.fields.files import FieldFile
from PIL import Image

from oda_portal.files.storages import StoreError
from oda_portal.languages import CODES
from oda_portal.publishing.histories import translated_fields
from oda_portal.publishing.models import language_column

from .models import Measure

# Pages show at most 1600 pixels; who looks closer gets what was uploaded.
MOST_BYTES, LONGEST_SIDE = 6_000_000, 5000
LEAST_WIDTH = 960


def without_words(picture: Any) -> list[str]:
    """Languages in which the picture has no text alternative, those alone that it should have."""
    model = type(picture)
    if "alt" not in translated_fields(model):
        return []
    return [code for code in CODES if not getattr(picture, language_column("alt", code))]


def caption_of(picture: Any) -> str:
    """In any language, so that somebody recognises it."""
    for code in CODES:
        if text := getattr(picture, language_column("caption", code), ""):
            return str(text)[:80]
    return ""


def measures_of(pictures: Iterable[Any]) -> dict[str, Measure]:
    """By the name of the stored file; what is not known yet is measured now."""
    files = {picture.image.name: picture.image for picture in pictures}
    known = {row.name: row for row in Measure.objects.filter(name__in=files)}
    new = [_measured(file) for name, file in files.items() if name not in known]
    Measure.objects.bulk_create(new, ignore_conflicts=True)
    return known | {row.name: row for row in new}


def _measured(file: FieldFile) -> Measure:
    """Only the head of the file is read."""
    name = str(file.name)
    try:
        with file.storage.open(name) as stored, Image.open(stored) as picture:
            width, height = picture.size
        size = file.storage.size(name)
    except StoreError:
        raise  # that says nothing about the picture
    except (OSError, ValueError, Image.DecompressionBombError):
        return Measure(name=name)
    return Measure(name=name, width=width, height=height, bytes=size)
