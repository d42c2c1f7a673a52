"""What stands beside each field of the back office, in the editor's language.

A field's own `help_text` comes first; the files in `help/` speak for those that have none: by model
and field, or by the name of the field alone.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import models
from django.forms import Field, SplitDateTimeField
from django.http import HttpRequest
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as admin_text

FOLDER = Path(__file__).parent / "help"
COMMON = "common"


@cache
def _texts(name: str) -> dict[str, dict[str, str]]:
    """Language → text by key, as one file has them; nothing where there is no such file."""
    file = FOLDER / f"{name}.yaml"
    return yaml.safe_load(file.read_text(encoding="utf-8")) if file.exists() else {}


def beside(field: models.Field) -> str:
    """What to say beside this column, in the active language; empty where nobody wrote it."""
    name = getattr(field, "translated_field", field).name
    options: Any = field.model._meta
    own = _texts(options.app_label).get(f"{options.model_name}.{name}")
    found = own or _texts(COMMON).get(name) or {}
    return found.get(translation.get_language() or settings.LANGUAGE_CODE, "")


class HelpMixin:
    """For admins of records and of the rows inside them: no field without a word beside it."""

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> Field | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field and not field.help_text:
            field.help_text = beside(db_field)
        if isinstance(field, SplitDateTimeField):
            _name_both_boxes(field)
        return field


def _name_both_boxes(field: SplitDateTimeField) -> None:
    """By the field and by what each is for: a form has many boxes for a day."""
    words = (admin_text("Date:"), admin_text("Time:"))
    for box, word in zip(field.widget.widgets, words, strict=True):
        box.attrs["aria-label"] = f"{capfirst(field.label)}, {word.rstrip(':：')}"
