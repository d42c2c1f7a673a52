"""What staff fill in when they take a proposal further."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from oda_portal.privacy.numbers import RefuseResidentNumbers
from programs.models import Program, Proposal, Role
from programs.models.program import Kind
from programs.proposals.adopting import parties
from programs.proposals.forms import CommentForm

REQUIRED = {"required": gettext_lazy("Fill in this field.")}


class ReasonForm(RefuseResidentNumbers, forms.Form):
    """The page sends back, as `shown`, the stamp of what it showed as letters."""

    reason = forms.CharField(
        label=gettext_lazy("What we say about it"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "It stands in the email and on the proposal’s page, where all members read it. Write"
            " it in the proposal’s language."
        ),
        error_messages=REQUIRED,
    )

    def __init__(self, data: Any, *, proposal: Proposal) -> None:
        self.proposal = proposal
        super().__init__(data)

    @cached_property
    def seen(self) -> str:
        """The proposal as the page shows it."""
        return self.proposal.stamp

    @property
    def words(self) -> str:
        """What the letters say of the office’s own."""
        return self.cleaned_data["reason"]

    def stamp(self) -> str:
        return hashlib.sha256(f"{self.seen}:{self.words}".encode()).hexdigest()[:16]

    def may_act(self) -> bool:
        """Valid, and whoever confirms has seen this proposal and exactly these words."""
        return self.is_valid() and self.data.get("shown") == self.stamp()


class AdoptForm(ReasonForm, forms.ModelForm):
    """With what a programme needs besides the proposal’s words, and each organisation’s role."""

    class Meta:
        model = Program
        fields = ("code", "kind", "arrangement", "modality", "ours")

    def __init__(self, data: Any, *, proposal: Proposal) -> None:
        super().__init__(data, proposal=proposal)
        field: Any = self.fields["kind"]
        # A forum begins as an edition, on a page of its own.
        field.choices = [choice for choice in field.choices if choice[0] != Kind.FORUM]
        self.parties = {f"role_{party.organisation_id}": party for party in parties(proposal)}
        for name, party in self.parties.items():
            self.fields[name] = forms.ChoiceField(
                label=_("Role of %(organisation)s") % {"organisation": party.name},
                choices=[("", pgettext_lazy("role", "Not in the programme")), *Role.Kind.choices],
                initial=party.role,
                required=False,
            )

    @property
    def roles(self) -> dict[int, str]:
        """For a valid form: what each organisation does in the programme; “” where it does not."""
        said = self.cleaned_data
        return {party.organisation_id: said[name] for name, party in self.parties.items()}


class OfficeCommentForm(CommentForm):
    """The office itself says something; the page sends back what it showed, as above."""

    def __init__(self, data: Any, *, proposal: Proposal) -> None:
        self.proposal = proposal
        forms.Form.__init__(self, data, initial={"language": proposal.language})
        del self.fields["organisation"]
        self.fields["text"].help_text = gettext_lazy(
            "All members of the network read it, as said by the office. Write it in the"
            " proposal’s language."
        )

    def stamp(self) -> str:
        return hashlib.sha256(self.cleaned_data["text"].encode()).hexdigest()[:16]

    def may_act(self) -> bool:
        return self.is_valid() and self.data.get("shown") == self.stamp()
