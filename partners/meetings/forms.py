"""What members say about a meeting."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from oda_portal.privacy.numbers import RefuseResidentNumbers

from ..models import MeetingAnswer, Membership


class AnswerForm(RefuseResidentNumbers, forms.Form):
    """Whether one comes; of several memberships, for which organisation."""

    answer = forms.ChoiceField(
        label=_("Will you come?"), choices=MeetingAnswer.Answer.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("Note for the office"), max_length=200, required=False,
        help_text=_("For example, that a colleague will come in your place."),
    )  # fmt: skip

    def __init__(self, *args: object, memberships: list[Membership], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.memberships = {str(row.pk): row for row in memberships}
        if len(memberships) > 1:
            self.fields["membership"] = forms.ChoiceField(
                label=_("For which organisation?"),
                choices=[(row.pk, str(row.organisation)) for row in memberships],
            )

    def chosen(self) -> Membership:
        only = next(iter(self.memberships))
        return self.memberships[self.cleaned_data.get("membership", only)]
