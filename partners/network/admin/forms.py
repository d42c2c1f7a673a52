"""What staff fill in about the network."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from oda_portal.privacy.numbers import RefuseResidentNumbers

from ...models import Membership, Organisation


class ShownForm(RefuseResidentNumbers, forms.Form):
    """The page sends back, as `shown`, the stamp of the words that it showed as a letter."""

    def stamp(self) -> str:
        said = "\n".join(str(value) for value in self.cleaned_data.values())
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    def may_act(self) -> bool:
        """Valid, and whoever confirms has seen exactly this letter."""
        return self.is_valid() and self.data.get("shown") == self.stamp()


class InviteForm(ShownForm):
    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        error_messages={"invalid": _("Enter an email address like name@example.com.")},
    )
    language = forms.ChoiceField(label=_("Language of the email"), choices=settings.LANGUAGES)

    def __init__(self, data: Any, *, organisation: Organisation) -> None:
        super().__init__(data)
        self.organisation = organisation

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if not email.isascii():
            raise ValidationError(self.fields["email"].error_messages["invalid"], code="invalid")
        known = Membership.objects.filter(
            organisation=self.organisation, state=Membership.State.ACTIVE
        )
        if known.filter(user__email__iexact=email).exists():
            raise ValidationError(_("This person is a member for the organisation already."))
        if self.organisation.invitations.open().filter(email=email).exists():
            raise ValidationError(_("This address has an invitation that is still open."))
        return email


class ReasonForm(RefuseResidentNumbers, forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        help_text=_("For the office’s record only."),
    )


class ApproveForm(ShownForm):
    answer = forms.CharField(
        label=_("Answer"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("If you have anything to add; it is sent with the decision."),
    )
    compared = forms.BooleanField(
        label=_("I have compared the texts: this replaces what was changed meanwhile."),
        error_messages={"required": _("Compare the texts first, and confirm it here.")},
    )

    def __init__(self, data: Any = None, *, has_conflict: bool) -> None:
        super().__init__(data)
        if not has_conflict:
            del self.fields["compared"]


class RefuseForm(ShownForm):
    answer = forms.CharField(
        label=_("Answer"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Why it is not taken over. The person who suggested it reads this."),
        error_messages={"required": _("Fill in this field.")},
    )
