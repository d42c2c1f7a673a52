"""Input at the door."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from forums.models import Registration
from forums.models.registrations import LARGEST_PARTY
from oda_portal.privacy.numbers import RefuseResidentNumbers

from .attendance import read_number

# A browser keeps what it could not send no longer than this.
LONGEST_KEPT = timedelta(days=7)
PARTIES = [(n, n) for n in range(1, LARGEST_PARTY + 1)]


def reason_field(help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=help_text,
        error_messages={"required": gettext_lazy("Give a reason.")},
    )


class ArrivalForm(forms.Form):
    """How many of a party come in; `key` makes sending it twice the same as once."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    # By the page's script: for how many seconds the browser has kept it, without a connection.
    kept = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def at(self) -> datetime:
        kept = timedelta(seconds=self.cleaned_data.get("kept") or 0)
        return timezone.now() - min(kept, LONGEST_KEPT)


class NumberForm(ArrivalForm):
    """The number on the ticket, typed in."""

    number = forms.CharField(
        label=gettext_lazy("Check-in number"),
        max_length=40,
        help_text=gettext_lazy("Eight letters and digits, as under the QR code."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": gettext_lazy("Enter the number on the ticket.")},
    )
    people = forms.TypedChoiceField(
        label=gettext_lazy("People coming in"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[
            ("", pgettext_lazy("people of a party", "Everyone still expected")),
            *PARTIES,
        ],
    )

    field_order = ("number", "people", "key", "kept")

    def clean_number(self) -> str:
        number = read_number(self.cleaned_data["number"])
        if number is None:
            raise ValidationError(
                _("This is no check-in number: they have eight letters and digits.")
            )
        return number


class PartyForm(ArrivalForm):
    """The page of one ticket knows how many are still to come."""

    people = forms.TypedChoiceField(
        label=gettext_lazy("People coming in"), coerce=int, choices=PARTIES
    )

    field_order = ("people", "key", "kept")

    def __init__(self, *args: Any, registration: Registration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        left = max(registration.size - registration.arrived, 1)
        people = self.fields["people"]
        # Shown are those still to come. Any number is taken: if others of the party were let in
        # meanwhile, the act itself says how many are left.
        if left == 1:
            people.widget = forms.HiddenInput()
        else:
            people.widget.choices = PARTIES[:left][::-1]
        people.initial = left


class AfterwardsForm(RefuseResidentNumbers, PartyForm):
    """The event is over, and somebody was there who was not checked in."""

    reason = reason_field(gettext_lazy("Say how you know that they were there."))


class ReasonForm(RefuseResidentNumbers, forms.Form):
    reason = reason_field()


class SearchForm(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("Name, organisation or email"),
        max_length=80,
        min_length=1,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
