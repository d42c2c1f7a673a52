"""What staff fill in when they act on applications."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oda_portal.languages import HTML_LANG
from oda_portal.privacy.numbers import RefuseResidentNumbers

WITH_REASON = ("select", "not_select")
WITH_NUMBER = ("keep_in_reserve",)
A_WEEK = timedelta(days=7)


class MoveForm(RefuseResidentNumbers, forms.Form):
    """Reason and number, as far as the act knows them.

    The page sends back, as `shown`, the number for which it showed the letter: with another one
    nothing is done, and the page shows what would be written then.
    """

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("For the office’s record; the applicant does not see it."),
    )
    number = forms.IntegerField(
        label=gettext_lazy("Place on the reserve list"), min_value=1, max_value=9999
    )

    def __init__(self, data: Any = None, *, act: str, number: int) -> None:
        super().__init__(data, initial={"number": number})
        if act not in WITH_REASON:
            del self.fields["reason"]
        if act not in WITH_NUMBER:
            del self.fields["number"]

    @property
    def number_now(self) -> int | None:
        """The number to show the letter for."""
        if "number" not in self.fields:
            return None
        if self.is_bound and self.is_valid():
            return self.cleaned_data["number"]
        return self.initial["number"]

    def may_act(self) -> bool:
        """Valid, and the letter that was shown is the one that would be sent."""
        return self.is_valid() and self.data.get("shown", "") == str(self.number_now or "")


class AskForm(RefuseResidentNumbers, forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Question"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "Write it in the applicant’s language. Do not ask for passport or health data."
        ),
    )
    answer_by = forms.DateField(
        label=gettext_lazy("Answer by"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=lambda: timezone.localdate() + A_WEEK,
    )

    def clean_answer_by(self) -> date:
        day = self.cleaned_data["answer_by"]
        if day < timezone.localdate():
            raise ValidationError(_("This day is over. Enter one that is still to come."))
        return day


class ChangeForm(RefuseResidentNumbers, forms.Form):
    """What changed in a call, in every language that applicants may have chosen for mails.

    The page sends back, as `shown`, the stamp of the texts that it showed as letters.
    """

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for code, name in settings.LANGUAGES:
            attrs = {"rows": 4, "lang": HTML_LANG[code]}
            self.fields[self._name(code)] = forms.CharField(
                label=name, max_length=1500, widget=forms.Textarea(attrs=attrs)
            )

    @staticmethod
    def _name(code: str) -> str:
        return f"what_{code.replace('-', '_')}"

    def texts(self) -> dict[str, str]:
        """By language code."""
        return {code: self.cleaned_data[self._name(code)] for code, _n in settings.LANGUAGES}

    def stamp(self) -> str:
        words = "\n".join(self.texts().values())
        return hashlib.sha256(words.encode()).hexdigest()[:16]

    def may_act(self) -> bool:
        """Valid, and whoever confirms has seen exactly these texts as letters."""
        return self.is_valid() and self.data.get("shown") == self.stamp()
