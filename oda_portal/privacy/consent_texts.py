"""The first version of each consent text, for a portal that has none yet."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from .models import ConsentText

FILE = Path(__file__).with_name("consent_texts.yaml")


def load(*, in_force: bool) -> int:
    """Write the kinds that have no text; safe to repeat. How many were written.

    `in_force` is for the demonstration. A city's texts begin as drafts, which its privacy officer
    completes and puts in force.
    """
    valid_from = timezone.now() if in_force else None
    written = 0
    # The columns without a language hold the text of the language that is active now.
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        present = set(ConsentText.objects.values_list("kind", flat=True))
        for kind, entry in _entries().items():
            if kind not in present:
                columns = _columns(entry)
                _text, is_new = ConsentText.objects.get_or_create(
                    kind=kind,
                    version=1,
                    defaults={"required": entry["required"], "valid_from": valid_from, **columns},
                )
                written += is_new
    return written


@cache
def _entries() -> dict[str, dict[str, Any]]:
    text = FILE.read_text(encoding="utf-8")
    return yaml.load(text, yaml.CSafeLoader)


def _columns(entry: dict[str, Any]) -> dict[str, str]:
    return {
        f"{field}_{code.replace('-', '_')}": entry[field][code]
        for field in ConsentText.TRANSLATED
        if field in entry
        for code, _name in settings.LANGUAGES
    }
