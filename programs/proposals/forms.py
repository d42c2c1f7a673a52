"""What members fill in about a proposal."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from oda_portal.privacy.numbers import RefuseResidentNumbers
from oda_portal.publishing.texts import text_in
from partners.models import Country, Organisation, OrganisationQuerySet

from ..models import Proposal, Role, Theme
from ..models.proposals import MOST_WON

REQUIRED = {"required": gettext_lazy("Fill in this field.")}
CHOOSE = {"required": gettext_lazy("Choose one.")}
# Without these a proposal can be saved as a draft, but not submitted.
NEEDED = ("place", "need", "idea")


class Lines(forms.CharField):
    """Several lines of text; a line break counts once, as the person counts it."""

    def __init__(self, *, rows: int = 6, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


class NamedChoice(forms.ModelChoiceField):
    """Rows with a translated name, as a reader of the page's language knows them."""

    def label_from_instance(self, obj: Any) -> str:
        return text_in(obj, "name").text


class NamedChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return text_in(obj, "name").text


class ForOrganisation(forms.Form):
    """Somebody acts for one of their organisations; whoever has one is not asked which."""

    organisation = NamedChoice(
        label=gettext_lazy("For which organisation?"),
        queryset=Organisation.objects.none(),
        error_messages=CHOOSE,
    )

    def _for(self, organisations: OrganisationQuerySet) -> None:
        field: Any = self.fields["organisation"]
        field.queryset = organisations.order_by_text("name")
        rows = list(organisations[:2])
        if len(rows) == 1:
            field.widget = forms.HiddenInput()
            self.initial.setdefault("organisation", rows[0].pk)


def _key() -> forms.UUIDField:
    """The same for a form that is sent twice."""
    return forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class ProposalForm(RefuseResidentNumbers, ForOrganisation):
    """A draft asks for a title alone; `to_submit` asks for all that others need to judge it."""

    form_key = _key()
    language = forms.ChoiceField(
        label=gettext_lazy("Which language are you writing in?"), choices=settings.LANGUAGES
    )
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120, error_messages=REQUIRED)
    country = NamedChoice(
        label=gettext_lazy("Country or area"),
        queryset=Country.objects.none(),
        required=False,
        empty_label=gettext_lazy("Not decided yet"),
    )
    place = forms.CharField(
        label=gettext_lazy("Place"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("City, district or village; needed to submit."),
    )
    need = Lines(
        label=gettext_lazy("What is needed there?"),
        max_length=3000,
        required=False,
        help_text=gettext_lazy("Who needs it, and how you know; needed to submit."),
    )
    idea = Lines(
        label=gettext_lazy("What could be done?"),
        max_length=3000,
        required=False,
        help_text=gettext_lazy("What, with whom, and over what time; needed to submit."),
    )
    themes = NamedChoices(
        label=gettext_lazy("Themes"),
        queryset=Theme.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    role = forms.ChoiceField(
        label=gettext_lazy("What would your organisation do in it?"), choices=Role.Kind.choices
    )
    partners_sought = Lines(
        label=gettext_lazy("Which partners are you looking for?"),
        max_length=1000,
        required=False,
        rows=3,
    )
    budget = forms.IntegerField(
        label=gettext_lazy("Rough budget (KRW)"),
        min_value=0,
        max_value=MOST_WON,
        required=False,
        help_text=gettext_lazy("In won, in figures: 50000000. Leave it empty if you cannot say."),
    )
    budget_note = forms.CharField(
        label=gettext_lazy("What does the budget cover?"), max_length=200, required=False
    )

    def __init__(
        self, data: Any, *, organisations: OrganisationQuerySet, proposal: Proposal | None = None,
        language: str = "", to_submit: bool = False,
    ) -> None:  # fmt: skip
        initial: dict[str, Any] = {"language": language, "role": Role.Kind.IMPLEMENTS}
        super().__init__(data, initial=_words_of(proposal) if proposal else initial)
        if proposal is None or proposal.is_draft:
            self._for(organisations)
        else:
            # Others know already whose it is.
            del self.fields["organisation"]
        countries, themes = self.fields["country"], self.fields["themes"]
        countries.queryset = Country.objects.order_by_text("name")  # type: ignore[attr-defined]
        themes.queryset = Theme.objects.order_by_text("name")  # type: ignore[attr-defined]
        self.to_submit = to_submit or bool(proposal and not proposal.is_draft)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in NEEDED if self.to_submit else ():
            if name not in self.errors and not cleaned.get(name):
                self.add_error(name, forms.ValidationError(_("Fill in this field."), "required"))
        return cleaned


def _words_of(proposal: Proposal) -> dict[str, Any]:
    names = (
        "form_key", "language", "title", "place", "need", "idea", "role", "partners_sought",
        "budget", "budget_note",
    )  # fmt: skip
    return {
        **{name: getattr(proposal, name) for name in names},
        "organisation": proposal.organisation_id,
        "country": proposal.country_id,
        "themes": [theme.pk for theme in proposal.themes.all()],
    }


def is_complete(proposal: Proposal) -> bool:
    """Whether it has all that is needed to submit it."""
    return all(getattr(proposal, name) for name in NEEDED)


class JoinForm(RefuseResidentNumbers, ForOrganisation):
    role = forms.ChoiceField(
        label=gettext_lazy("What would your organisation do in it?"),
        choices=Role.Kind.choices,
        initial=Role.Kind.CO_ORGANISES,
    )
    note = forms.CharField(
        label=gettext_lazy("What would it bring?"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("People, places, knowledge, money … All members read this."),
    )

    def __init__(self, data: Any, *, organisations: OrganisationQuerySet) -> None:
        super().__init__(data, auto_id="join_%s")
        self._for(organisations)


class CommentForm(RefuseResidentNumbers, ForOrganisation):
    form_key = _key()
    language = forms.ChoiceField(
        label=pgettext_lazy("comment", "Language"),
        choices=settings.LANGUAGES,
        widget=forms.HiddenInput,
    )
    text = Lines(
        label=gettext_lazy("Your comment"),
        max_length=2000,
        rows=4,
        error_messages=REQUIRED,
        help_text=gettext_lazy(
            "All members of the network and the office read it, with your name and your"
            " organisation’s."
        ),
    )

    def __init__(self, data: Any, *, organisations: OrganisationQuerySet, language: str) -> None:
        super().__init__(data, auto_id="comment_%s", initial={"language": language})
        self._for(organisations)
