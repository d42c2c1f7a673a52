"""What staff write on the service pages: hours by person and day, training days, reasons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oda_portal.privacy.numbers import RefuseResidentNumbers
from oda_portal.publishing.texts import day as in_words
from volunteers.models import Attendance, Opening
from volunteers.models.service import QUARTERS_A_DAY, hours_of
from volunteers.service.attendance import TRAINING_DAYS_BEFORE, Cells, Row, Sheet, Typed

EVERY_DAY = ""
LONGEST_NOTE = 200
# Plain digits with a point or a comma; what Decimal reads besides (1e9, NaN) is a slip of the hand.
HOURS = re.compile(r"[0-9]{1,4}(?:[.,][0-9]{0,4})?|[.,][0-9]{1,4}")


def shown_hours(quarters: int) -> str:
    """7.5 and not 7.50, as it is typed."""
    return f"{hours_of(quarters).normalize():f}"


class HoursField(forms.Field):
    """Hours of one day, kept as quarters: 7.5, 7,5; empty is None and not nought."""

    default_error_messages = {
        "hours": gettext_lazy(
            "Enter hours from 0 to 24 in quarter-hour steps, for example 7.5 or 6.25."
        ),
    }

    def __init__(self, **kwargs: Any) -> None:
        label = kwargs.pop("aria_label", "")
        attrs = {"inputmode": "decimal", "autocomplete": "off", "size": 5, "maxlength": 10}
        if label:
            attrs["aria-label"] = label
        super().__init__(widget=forms.TextInput(attrs=attrs), required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return shown_hours(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> int | None:
        text = str(value).strip() if value is not None else ""
        if not text:
            return None
        quarters = Decimal(text.replace(",", ".")) * 4 if HOURS.fullmatch(text) else None
        if quarters is None or quarters > QUARTERS_A_DAY or quarters % 1:
            raise ValidationError(self.error_messages["hours"], code="hours")
        return int(quarters)


class Cell(NamedTuple):
    """One person on one day: the fields, or what is fixed; `stored` where it differs by now."""

    day: date
    entry: Attendance | None
    hours: BoundField | None
    note: BoundField | None
    stored: str


class AttendanceForm(RefuseResidentNumbers, forms.Form):
    """All cells of a sheet, and one value for those that are empty.

    `is_conflict`: somebody else has changed the sheet; what is stored now stands beside the cells.
    """

    fill = HoursField(label=gettext_lazy("Hours for every empty cell"))
    fill_on = forms.ChoiceField(label=gettext_lazy("For which day"), required=False)

    def __init__(self, data: Any, sheet: Sheet, *, with_notes: bool = False) -> None:
        self.sheet, self.with_notes, self.is_conflict = sheet, with_notes, False
        super().__init__(data)
        self.fields["fill_on"].choices = [  # type: ignore[attr-defined]
            (EVERY_DAY, _("Every day")),
            *[(day.isoformat(), in_words(day)) for day in sheet.days],
        ]
        for row, day in self._open_cells():
            entry = row.entered.get(day)
            words = _("%(name)s, %(day)s") % {
                "name": row.application.volunteer,
                "day": in_words(day),
            }
            self.fields[_name("h", row, day)] = HoursField(
                label=words, aria_label=words, initial=entry.quarters if entry else None
            )
            if with_notes:
                label = _("Note, %(day)s") % {"day": in_words(day)}
                self.fields[_name("n", row, day)] = forms.CharField(
                    label=label,
                    max_length=LONGEST_NOTE,
                    required=False,
                    initial=entry.note if entry else "",
                    widget=forms.TextInput(attrs={"aria-label": label}),
                )

    def _open_cells(self) -> Iterator[tuple[Row, date]]:
        for row in self.sheet.rows:
            if not row.is_fixed:
                yield from ((row, day) for day in self.sheet.days)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._fill(cleaned)
        if self.with_notes:
            for row, day in self._open_cells():
                name = _name("h", row, day)
                is_empty = name not in self.errors and cleaned.get(name) is None
                if is_empty and cleaned.get(_name("n", row, day)):
                    sentence = _("Enter the hours as well: 0 for somebody who was absent.")
                    self.add_error(name, ValidationError(sentence, code="hours"))
        return cleaned

    def _fill(self, cleaned: dict[str, Any]) -> None:
        value, on = cleaned.get("fill"), cleaned.get("fill_on", EVERY_DAY)
        if value is None:
            return
        for row, day in self._open_cells():
            name = _name("h", row, day)
            is_meant = on in (EVERY_DAY, day.isoformat())
            if is_meant and name not in self.errors and cleaned.get(name) is None:
                cleaned[name] = value

    def cells(self) -> Cells:
        """For a valid form."""
        return {
            (row.application.pk, day): Typed(
                self.cleaned_data[_name("h", row, day)],
                self.cleaned_data[_name("n", row, day)] if self.with_notes else None,
            )
            for row, day in self._open_cells()
        }

    # --- for the page ----------------------------------------------------------------------------

    def table(self) -> list[tuple[Row, list[Cell]]]:
        return [(row, [self._cell(row, day) for day in self.sheet.days]) for row in self.sheet.rows]

    def _cell(self, row: Row, day: date) -> Cell:
        entry = row.entered.get(day)
        if row.is_fixed:
            return Cell(day, entry, None, None, "")
        hours = self[_name("h", row, day)]
        stored = shown_hours(entry.quarters) if entry else "–"
        differs = self.is_conflict and stored != (str(hours.value() or "").strip() or "–")
        note = self[_name("n", row, day)] if self.with_notes else None
        return Cell(day, entry, hours, note, stored if differs else "")


def _name(kind: str, row: Row, day: date) -> str:
    return f"{kind}{row.application.pk}_{day:%Y%m%d}"


class TrainingDayForm(forms.Form):
    """A day of training before departure."""

    on = forms.DateField(
        label=gettext_lazy("Day of the training"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, data: Any, opening: Opening) -> None:
        self.opening = opening
        super().__init__(data)

    def clean_on(self) -> date:
        on = self.cleaned_data["on"]
        earliest = self.opening.departs_on - timedelta(days=TRAINING_DAYS_BEFORE)
        if not earliest <= on < self.opening.departs_on:
            sentence = _("Choose a day before departure, at most a year before.")
            raise ValidationError(sentence, code="outside")
        if on > timezone.localdate():
            sentence = _("This day has not come yet. Enter it once the training has taken place.")
            raise ValidationError(sentence, code="to_come")
        return on
