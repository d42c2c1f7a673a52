"""May this person apply? Asked before anything else, and nothing of it is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oda_portal.privacy.numbers import RefuseResidentNumbers
from oda_portal.publishing.texts import day, text_in

from ..models import Call
from ..models.openings import age_on
from .fields import DayField

ALONE_FROM = 14  # Personal Information Protection Act, article 22-2
WITHOUT_GUARDIAN_FROM = 19  # Civil Act, article 4
OLDEST = 120


@dataclass
class Verdict:
    """What the self-check found."""

    refusals: list[str] = field(default_factory=list)
    too_young_alone: bool = False
    needs_guardian: bool = False

    @property
    def may_apply(self) -> bool:
        return not self.refusals and not self.too_young_alone


class CheckForm(RefuseResidentNumbers, forms.Form):
    """A birth date, and yes or no to each of the call's conditions."""

    born_on = DayField(
        label=gettext_lazy("Date of birth"),
        help_text=gettext_lazy("For example, 7 March 1999"),
        widget=forms.TextInput(attrs={"autocomplete": "bday"}),
        error_messages={"required": gettext_lazy("Fill in this field.")},
    )

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.call = call
        self.conditions = list(call.conditions.all())
        for condition in self.conditions:
            self.fields[f"condition_{condition.pk}"] = forms.ChoiceField(
                # As a label it is no sentence of its own.
                label=text_in(condition, "statement").text.rstrip(".。"),
                choices=[("yes", _("Yes")), ("no", _("No"))],
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose one.")},
            )

    def clean_born_on(self) -> date:
        return plausible_birth(self.cleaned_data["born_on"])

    def verdict(self) -> Verdict:
        """For a valid form: whether this person may apply, and if not, why not."""
        born = self.cleaned_data["born_on"]
        verdict = age_verdict(self.call, born)
        for condition in self.conditions:
            if self.cleaned_data[f"condition_{condition.pk}"] == "no":
                verdict.refusals.append(text_in(condition, "refusal").text)
        return verdict


def plausible_birth(born: date) -> date:
    """Raises ValidationError for a day to come, and for people older than anybody."""
    today = timezone.localdate()
    if born > today or born.year < today.year - OLDEST:
        raise ValidationError(DayField.default_error_messages["day"], code="day")
    return born


def age_verdict(call: Call, born: date) -> Verdict:
    """What age alone says, today, on the call's day and on the first day of departure."""
    verdict = Verdict(too_young_alone=age_on(born, timezone.localdate()) < ALONE_FROM)
    if age_on(born, call.age_on) < call.min_age:
        verdict.refusals.append(_too_young(call))
    departures = [opening.departs_on for opening in call.openings.all()]
    if departures:
        verdict.needs_guardian = age_on(born, min(departures)) < WITHOUT_GUARDIAN_FROM
    return verdict


def _too_young(call: Call) -> str:
    sentence = _(
        "You must be %(n)s or older on %(date)s for this call. Please see the other calls."
    )
    return sentence % {"n": call.min_age, "date": day(call.age_on)}
