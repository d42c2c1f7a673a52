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
from volunteers.models import Application, Call, Opening

WITH_REASON = ("select", "not_select", "decline")
WITH_OPENING = ("select", "keep_in_reserve")
WITH_NUMBER = ("keep_in_reserve",)
FIRST_CHOICE = "first"
A_WEEK = timedelta(days=7)


class MoveForm(RefuseResidentNumbers, forms.Form):
    """Opening, number and reason, as far as the act knows them.

    The page sends back, as `shown`, for which of them it showed the letters: with others nothing
    is done, and the page shows what would be written then.
    """

    opening = forms.ChoiceField(label=gettext_lazy("Opening"))
    number = forms.IntegerField(
        label=gettext_lazy("Place on the reserve list"),
        min_value=1,
        max_value=9999,
        required=False,
        help_text=gettext_lazy("If empty, at the end."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("For the office’s record; the applicant does not see it."),
    )

    def __init__(self, data: Any = None, *, act: str, call: Call | None) -> None:
        super().__init__(data)
        wanted = call if act in WITH_OPENING else None
        rows = Opening.objects.with_place().filter(call=wanted, mode=Opening.Mode.SELECTED)
        self.openings = {str(row.pk): row for row in rows}
        self.fields["opening"].choices = [  # type: ignore[attr-defined]
            (FIRST_CHOICE, _("Each person’s first choice")),
            *((key, str(row)) for key, row in self.openings.items()),
        ]
        for name, acts in (
            ("opening", WITH_OPENING), ("number", WITH_NUMBER), ("reason", WITH_REASON),
        ):  # fmt: skip
            if act not in acts:
                del self.fields[name]
        if "number" in self.fields and call and call.results_are_out():
            # Whoever waits already keeps their place: newcomers join at the end.
            del self.fields["number"]

    def opening_for(self, application: Application) -> Opening | None:
        """The one given, or else the applicant’s first choice; None where none is asked."""
        if "opening" not in self.fields:
            return None
        given = self.cleaned_data.get("opening", "") if self.is_bound and self.is_valid() else ""
        first = next(iter(application.choices.all()), None)
        return self.openings.get(given) or (
            self.openings.get(str(first.opening_id)) if first else None
        )

    @property
    def number_now(self) -> int | None:
        """The number to show the letter for; None: at the end."""
        return self.cleaned_data.get("number") if self.is_bound and self.is_valid() else None

    @property
    def shown(self) -> str:
        """What the letters on this page depend on."""
        if not self.is_bound or not self.is_valid():
            return f"{FIRST_CHOICE if 'opening' in self.fields else ''}:"
        return f"{self.cleaned_data.get('opening', '')}:{self.number_now or ''}"

    def may_act(self) -> bool:
        """Valid, and the letter that was shown is the one that would be sent."""
        return self.is_valid() and self.data.get("shown", "") == self.shown


class ReasonForm(RefuseResidentNumbers, forms.Form):
    """Overruling something: never without a reason."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("For the office’s record only."),
    )


class PlaceInLineForm(ReasonForm):
    place = forms.IntegerField(
        label=gettext_lazy("New place on the reserve list"), min_value=1, max_value=9999
    )
    field_order = ("place", "reason")


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
            raise ValidationError(_("This date has passed. Choose a later date."))
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
