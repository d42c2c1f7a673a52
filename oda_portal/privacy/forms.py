"""What a person asks about their own data."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import PrivacyRequest
from .numbers import RefuseResidentNumbers


class RequestForm(RefuseResidentNumbers, forms.ModelForm):
    kind = forms.ChoiceField(
        label=_("What would you like us to do?"),
        choices=PrivacyRequest.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one.")},
    )

    class Meta:
        model = PrivacyRequest
        fields = ["kind", "text"]
        labels = {"text": _("What it is about")}
        help_texts = {
            "text": _(
                "For example, which data are wrong. Do not enter a resident registration number."
                " We do not accept or store it."
            )
        }
        widgets = {"text": forms.Textarea(attrs={"rows": 5})}
