"""Asking to join, what a member says of themselves, and filters of the directory."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.privacy import consents
from oda_portal.privacy.models import Kind
from oda_portal.privacy.numbers import RefuseResidentNumbers
from oda_portal.publishing.listing import choices_of

from ..models import Membership, NetworkMember, Organisation

PHONE = RegexValidator(
    r"^\+?[0-9][0-9 ()\-]{5,28}$",
    _("Enter a phone number with its country code, for example +82 10 1234 5678."),
)


class DetailsForm(RefuseResidentNumbers, forms.Form):
    """Who the person is for the other members; `asks` are its consents, the first one required."""

    asks: tuple[str, ...] = (Kind.NETWORK, Kind.DIRECTORY)

    name = forms.CharField(
        label=_("Full name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name.")},
    )
    post = forms.CharField(
        label=pgettext_lazy("person", "Job title"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    telephone = forms.CharField(
        label=_("Telephone"),
        max_length=30,
        required=False,
        validators=[PHONE],
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in consents.consent_fields(consents.current_texts(self.asks)).items():
            field.required = field.text.kind == Kind.NETWORK
            field.error_messages["required"] = _(
                "We need this consent for your membership. Please read it and choose."
            )
            self.fields[name] = field

    @property
    def can_be_asked(self) -> bool:
        """Without a text in force nobody can agree, and nothing may be kept."""
        return Kind.NETWORK not in self.asks or consents.PREFIX + Kind.NETWORK in self.fields

    def consent_boxes(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(consents.PREFIX)]

    def plain_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if not name.startswith(consents.PREFIX)]


class JoinForm(DetailsForm):
    """An organisation of the network, and who asks to act for it. The directory comes later."""

    asks = (Kind.NETWORK,)

    organisation = forms.ChoiceField(
        label=_("Organisation"),
        help_text=_("Organisations join when the office has invited and confirmed them."),
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one.")},
    )
    field_order = ("organisation", "name", "post", "telephone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = choices_of(_standing(), "slug")
        self.fields["organisation"].choices = [("", "—"), *choices]  # type: ignore[attr-defined]

    def clean_organisation(self) -> Organisation:
        found = _standing().filter(slug=self.cleaned_data["organisation"]).first()
        if found is None:  # it left since the page was drawn
            raise ValidationError(self.fields["organisation"].error_messages["invalid_choice"])
        return found


class MemberForm(DetailsForm):
    """What a member may change of themselves; `of` fills it with what is kept."""

    asks = (Kind.DIRECTORY,)

    @classmethod
    def of(cls, membership: Membership, data: Any = None) -> MemberForm:
        kept: dict[str, Any] = {
            "name": membership.user.name,
            "post": membership.post,
            "telephone": membership.telephone,
        }
        form = cls(data, initial=kept)
        said = consents.latest(membership).get(Kind.DIRECTORY)
        for field in form.consent_boxes():
            text = field.field.text  # type: ignore[attr-defined]
            if said is not None and said.version == text.version:
                form.initial[field.name] = said.given
        return form


def _standing() -> Any:
    standing = NetworkMember.objects.standing()
    return Organisation.objects.published().filter(network__in=standing)
