"""What staff fill in when they answer an inquiry, or close it."""

from __future__ import annotations

import hashlib

from django import forms
from django.utils.translation import gettext_lazy

from oda_portal.privacy.numbers import RefuseResidentNumbers

LONGEST_ANSWER = 5000


class AnswerForm(RefuseResidentNumbers, forms.Form):
    """The page sends back, as `shown`, the stamp of the words that it showed as a letter."""

    text = forms.CharField(
        label=gettext_lazy("Answer"),
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=gettext_lazy(
            "Write it in the sender’s language. The email greets them and gives the receipt number"
            " by itself."
        ),
        error_messages={"required": gettext_lazy("Fill in this field.")},
    )

    def stamp(self) -> str:
        return hashlib.sha256(self.cleaned_data["text"].encode()).hexdigest()[:16]

    def may_act(self) -> bool:
        """Valid, and whoever confirms has seen exactly these words as a letter."""
        return self.is_valid() and self.data.get("shown") == self.stamp()


class CloseForm(RefuseResidentNumbers, forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("For the office’s record only."),
        error_messages={"required": gettext_lazy("Fill in this field.")},
    )
