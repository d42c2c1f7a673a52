"""Forms for readers: how the site looks to them, and what they think of a page."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from oda_portal.display import CONTRASTS, LETTERS
from oda_portal.privacy.numbers import RefuseResidentNumbers

from .models import SatisfactionAnswer


class DisplayForm(forms.Form):
    """Ten legal values in all; they become part of the page cache's key."""

    letters = forms.ChoiceField(
        label=_("Text size"),
        choices=list(LETTERS.items()),
        widget=forms.RadioSelect,
    )
    contrast = forms.ChoiceField(
        label=_("Contrast"),
        choices=list(CONTRASTS.items()),
        widget=forms.RadioSelect,
    )


class SatisfactionForm(RefuseResidentNumbers, forms.ModelForm):
    class Meta:
        model = SatisfactionAnswer
        fields = ["score", "comment"]
        labels = {"score": _("How satisfied are you with this page?"), "comment": _("Comment")}
        help_texts = {"comment": _("Leave out names and phone numbers.")}
        widgets = {
            "score": forms.RadioSelect,
            "comment": forms.Textarea(attrs={"rows": 4, "maxlength": 300}),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        # Without the empty choice, which radio buttons would show as a sixth answer.
        self.fields["score"].choices = SatisfactionAnswer.Score.choices  # type: ignore[attr-defined]
