"""Resident registration numbers are found in any text, so that none is ever stored.

The number is a birth date (YYMMDD), a figure for century and sex, and six more figures. Since
October 2020 the last ones carry no check sum, so the date is all that can be tested.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

REFUSED = _(
    "This looks like it contains a resident registration number. Remove it and submit again."
    " We have not stored it."
)

# 5 to 8 are foreigners; 9 and 0 were born before 1900.
_CENTURY = {"1": 1900, "2": 1900, "5": 1900, "6": 1900, "3": 2000, "4": 2000, "7": 2000, "8": 2000}

# What people put between the figures, Korean and Chinese letters that look like a dash included.
_BETWEEN = r"[\s.,:;·•∙ㆍ_/\\|~=+*'\"()\[\]{}<>\-\u2010-\u2015\u2212\u1173\u30fc\u4e00\uff70]"
_NUMBER = re.compile(
    rf"(?<!\d)(\d\d){_BETWEEN}{{0,3}}(\d\d){_BETWEEN}{{0,3}}(\d\d){_BETWEEN}{{0,6}}"
    rf"([1-8]){_BETWEEN}{{0,3}}\d{{6}}(?!\d)"
)


def holds_resident_number(text: str) -> bool:
    """Whether such a number stands anywhere in the text, however its figures are written."""
    plain = _plain(text)
    return any(_is_birth_date(*found.groups()) for found in _found(plain))


def refuse_resident_number(text: str) -> None:
    """The same as a validator of a form field or a model field."""
    if holds_resident_number(text):
        raise ValidationError(REFUSED, code="resident_number")


class RefuseResidentNumbers(forms.BaseForm):
    """Mixed into a form, before its own class: no field of it may hold such a number."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned is None:
            cleaned = self.cleaned_data
        for name, value in list(cleaned.items()):
            if any(holds_resident_number(text) for text in _texts(value)):
                self.add_error(name, ValidationError(REFUSED, code="resident_number"))
        return cleaned


def _plain(text: str) -> str:
    """Figures of every script as 0 to 9; what cannot be seen is gone."""
    letters = unicodedata.normalize("NFKC", text)
    return "".join(
        str(unicodedata.decimal(letter)) if letter.isdecimal() else letter
        for letter in letters
        if unicodedata.category(letter) not in ("Cf", "Cc") or letter in "\t\n\r"
    )


def _found(text: str) -> Iterator[re.Match[str]]:
    """All places, overlapping ones too: what only looks like a number must not hide one."""
    start = 0
    while found := _NUMBER.search(text, start):
        yield found
        start = found.start() + 1


def _is_birth_date(year: str, month: str, day: str, century: str) -> bool:
    try:
        born = date(_CENTURY[century] + int(year), int(month), int(day))
    except ValueError:
        return False
    return born <= timezone.localdate()


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, int) and not isinstance(value, bool):
        yield str(value)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from _texts(one)
