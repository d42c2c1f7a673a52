"""The form of a call."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from oda_portal.publishing.forms import SluggedForm
from volunteers.models import Call

TIMES = ("opens_at", "closes_at", "released_at", "confirm_by")
# Which time is to be changed where two do not fit, by the constraint that says so.
AT = {
    "call_closes_after_it_opens": "closes_at",
    "call_results_after_it_closes": "released_at",
    "call_answers_after_results": "confirm_by",
}


class CallForm(SluggedForm):
    """What is wrong with the times stands at the time to be changed, and nowhere else."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        times = Call(**{name: self.cleaned_data.get(name) for name in TIMES})
        for constraint in Call._meta.constraints:
            if field := AT.get(constraint.name):
                # A field that has an error is left out here, and afterwards by Django.
                wrong = {name for name in TIMES if name in self.errors}
                try:
                    constraint.validate(Call, times, exclude=wrong)
                except ValidationError as error:
                    self.add_error(field, error)
        return cleaned
