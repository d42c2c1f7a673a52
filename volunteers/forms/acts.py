"""Small forms: to begin by mail, to answer a question."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from oda_portal.privacy.numbers import RefuseResidentNumbers

from .fields import LongText


class BeginForm(forms.Form):
    """Where to send the link with which a form can be begun before signing up."""

    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Fill in this field."),
            "invalid": _("Enter an email address like name@example.com."),
        },
    )

    def clean_email(self) -> str:
        """In small letters. Letters that only look like others belong to somebody else."""
        email = self.cleaned_data["email"].lower()
        if not email.isascii():
            raise ValidationError(self.fields["email"].error_messages["invalid"], code="invalid")
        return email


class AnswerForm(RefuseResidentNumbers, forms.Form):
    answer = LongText(
        label=_("Your answer"),
        longest=3000,
        error_messages={"required": _("Fill in this field.")},
    )
