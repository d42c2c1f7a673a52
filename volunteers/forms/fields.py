"""Days and telephone numbers, as people in three languages write them."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_MONTHS = {
    name: number
    for number, names in enumerate(
        "january jan,february feb,march mar,april apr,may,june jun,july jul,august aug,"
        "september sep sept,october oct,november nov,december dec".split(","),
        start=1,
    )
    for name in names.split()
}
_YEAR_FIRST = re.compile(r"(\d{4})\s*[-./年년]\s*(\d{1,2})\s*[-./月월]\s*(\d{1,2})\s*[.日일]?")
_EIGHT_FIGURES = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DAY_FIRST = re.compile(r"(\d{1,2})\s+([a-z]+)\.?,?\s+(\d{4})")

_TELEPHONE = re.compile(r"\+?[\d\s().-]+")
KOREA = "82"


class DayField(forms.CharField):
    """A day, typed in full: 1999. 3. 7., 1999-03-07, 7 March 1999, 1999年3月7日."""

    default_error_messages = {
        "day": _("Enter a real date, for example 20 November 2026."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        found = _read_day(text.lower())
        if found is None:
            raise ValidationError(self.error_messages["day"], code="day")
        return found

    def run_validators(self, value: Any) -> None:
        """The length was looked at as text; a day has none."""

    def clean(self, value: Any) -> date | None:
        if isinstance(value, str) and len(value) > (self.max_length or 0):
            raise ValidationError(self.error_messages["day"], code="day")
        return super().clean(value)


def _read_day(text: str) -> date | None:
    try:
        if found := _YEAR_FIRST.fullmatch(text) or _EIGHT_FIGURES.fullmatch(text):
            return date(*map(int, found.groups()))
        if found := _DAY_FIRST.fullmatch(text):
            return date(int(found[3]), _MONTHS[found[2]], int(found[1]))
    except (KeyError, ValueError):
        return None
    return None


class TelephoneField(forms.CharField):
    """A number with its country code; one beginning with 0 is Korean. Kept as +82 10 1234 5678."""

    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
    default_error_messages = {
        "telephone": _("Enter a phone number with its country code, for example +82 10 1234 5678."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=30, **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        figures = re.sub(r"\D", "", text)
        if not _TELEPHONE.fullmatch(text) or not 8 <= len(figures) <= 15:
            raise ValidationError(self.error_messages["telephone"], code="telephone")
        if text.startswith("+") or figures.startswith(KOREA):
            return _spaced(figures)
        if not figures.startswith("0"):
            raise ValidationError(self.error_messages["telephone"], code="telephone")
        return _spaced(KOREA + figures[1:])


def _spaced(figures: str) -> str:
    """International form; Korean mobile numbers in groups, as people read them."""
    if found := re.fullmatch(r"82(1\d)(\d{3,4})(\d{4})", figures):
        return f"+82 {found[1]} {found[2]} {found[3]}"
    return f"+{figures}"


class LongText(forms.CharField):
    """A text of several lines, whose limits are said in figures."""

    default_error_messages = {
        "long": _("The limit is %(max)s characters. You have %(n)s: please shorten it."),
        "short": _("Write at least %(min)s characters."),
    }

    def __init__(self, *, longest: int, shortest: int = 0, rows: int = 6, **kwargs: Any) -> None:
        self.longest, self.shortest = longest, shortest
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def validate(self, value: str) -> None:
        super().validate(value)
        # A line break counts once, as the person counts it; browsers send two signs.
        length = len(value.replace("\r\n", "\n"))
        if length > self.longest:
            raise ValidationError(
                self.error_messages["long"],
                code="long",
                params={"max": self.longest, "n": length},
            )
        if value and length < self.shortest:
            raise ValidationError(
                self.error_messages["short"], code="short", params={"min": self.shortest}
            )
