"""What somebody fills in to come to an event."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from oda_portal.accounts.forms import LanguageSelect
from oda_portal.privacy import consents
from oda_portal.privacy.ages import OldEnoughField
from oda_portal.privacy.models import Kind as ConsentKind
from oda_portal.privacy.numbers import RefuseResidentNumbers
from oda_portal.publishing.texts import text_in
from oda_portal.publishing.times import korea_moment

from ..models import Forum, ForumSession, Registration
from ..models.registrations import LARGEST_PARTY
from .acts import Details
from .sessions import Held, clashing, held_by, to_choose

EMPTY = gettext_lazy("Fill in this field.")
CHOOSE = gettext_lazy("Choose one.")
ATTENDANCE, NEEDS = ConsentKind.ATTENDANCE, ConsentKind.ATTENDANCE_NEEDS
LONGEST_NEEDS = 500
# Whom a parent brings along needs no form of their own.
ALONG = {
    "required": gettext_lazy(
        "Tick this box if you are 14 or older. If you are under 14, ask a parent or guardian to"
        " register and to bring you along. We have kept nothing of what you entered."
    )
}


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("Email"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": EMPTY,
            "invalid": gettext_lazy("Enter an email address like name@example.com."),
        },
    )
    old_enough = OldEnoughField(error_messages=ALONG)

    def clean_email(self) -> str:
        """In small letters. Letters that only look like others belong to somebody else."""
        email = self.cleaned_data["email"].lower()
        if not email.isascii():
            raise ValidationError(self.fields["email"].error_messages["invalid"], code="invalid")
        return email


class DetailsForm(RefuseResidentNumbers, forms.Form):
    """The part that can be changed later; `forum` says which sessions can be chosen."""

    name = forms.CharField(
        label=gettext_lazy("Full name"),
        max_length=80,
        help_text=gettext_lazy("As it is to stand on your badge and your certificate."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": EMPTY},
    )
    affiliation = forms.CharField(
        label=gettext_lazy("Organisation (optional)"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    size = forms.TypedChoiceField(
        label=gettext_lazy("How many people come, with you"),
        coerce=int,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    sessions: Any = forms.MultipleChoiceField(
        label=gettext_lazy("Sessions for which you register apart (optional)"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Choose from the list.")},
    )
    needs = forms.CharField(
        label=gettext_lazy("What you need from us (optional)"),
        required=False,
        max_length=LONGEST_NEEDS,
        help_text=gettext_lazy(
            "For example a wheelchair space, sign language or a diet. We destroy this soon after"
            " the event. Do not enter a resident registration number."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the emails"),
        choices=settings.LANGUAGES,
        widget=LanguageSelect,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )

    def __init__(
        self, data: Any = None, *, forum: Forum, with_sessions: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.fields["size"].choices = [  # type: ignore[attr-defined]
            (number, ngettext("%(n)s person", "%(n)s people", number) % {"n": number})
            for number in range(1, LARGEST_PARTY + 1)
        ]
        self.rows = {str(row.pk): row for row in to_choose(forum)} if with_sessions else {}
        if self.rows:
            choices = [(key, said(row)) for key, row in self.rows.items()]
            self.fields["sessions"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["sessions"]
        self._add_consents()

    def _add_consents(self) -> None:
        texts = consents.current_texts((ATTENDANCE, NEEDS))
        for name, field in consents.consent_fields(texts).items():
            field.required = field.text.kind == ATTENDANCE
            field.error_messages["required"] = gettext_lazy(
                "We need this consent to register you. Please read it and choose."
            )
            self.fields[name] = field
        if consents.PREFIX + NEEDS not in self.fields:
            del self.fields["needs"]

    @property
    def can_be_asked(self) -> bool:
        """Without a text in force nobody can agree, and nothing may be kept."""
        return consents.PREFIX + ATTENDANCE in self.fields

    def consent_boxes(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(consents.PREFIX)]

    def clean_sessions(self) -> list[ForumSession]:
        chosen = [self.rows[key] for key in self.cleaned_data["sessions"]]
        if pair := clashing(chosen):
            first, second = (text_in(row, "title").text for row in pair)
            sentence = _("“%(first)s” and “%(second)s” are at the same time. Choose one of them.")
            raise ValidationError(sentence % {"first": first, "second": second}, code="clash")
        return chosen

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        box = consents.PREFIX + NEEDS
        if cleaned.get("needs") and not cleaned.get(box) and box not in self.errors:
            sentence = _("To keep what you need, we need your consent. Agree, or clear the field.")
            self.add_error(box, ValidationError(sentence, code="consent"))
        return cleaned

    def details(self) -> Details:
        """For a valid form."""
        said = self.cleaned_data
        return Details(
            name=said["name"],
            language=said["language"],
            affiliation=said["affiliation"],
            size=said["size"],
            needs=said.get("needs", ""),
        )

    def chosen(self) -> list[ForumSession]:
        return self.cleaned_data.get("sessions", [])


class RegisterForm(DetailsForm):
    old_enough = OldEnoughField(error_messages=ALONG)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        last = [name for name in self.fields if name.startswith(consents.PREFIX)]
        first = [name for name in self.fields if name not in (*last, "old_enough")]
        # As they stand on the page, which is the order in which errors are listed.
        self.order_fields([*first, *last, "old_enough"])


def change_form(
    registration: Registration, data: Any = None, *, with_sessions: bool
) -> DetailsForm:
    """With what is kept; the consents as they were last given to the texts in force."""
    held = {str(row.session.pk): row for row in held_by(registration)}
    kept: dict[str, Any] = {
        name: getattr(registration, name) for name in ("name", "affiliation", "size", "language")
    }
    need = getattr(registration, "need", None)
    kept |= {"needs": need.text if need else "", "sessions": list(held)}
    form = DetailsForm(data, forum=registration.forum, with_sessions=with_sessions, initial=kept)
    if form.rows:
        choices = [(key, said(row, held.get(key))) for key, row in form.rows.items()]
        form.fields["sessions"].choices = choices  # type: ignore[attr-defined]
    answered = consents.latest(registration)
    for field in form.consent_boxes():
        text = field.field.text  # type: ignore[attr-defined]
        last = answered.get(text.kind)
        if last is not None and last.version == text.version:
            form.initial[field.name] = last.given
    return form


def said(session: ForumSession, held: Held | None = None) -> str:
    """One line: what, when, and whether a place is theirs or left now."""
    words = {
        "title": text_in(session, "title").text,
        "when": korea_moment(session.starts_at),
        "places": _places(session, held),
    }
    return _("%(title)s · %(when)s · %(places)s") % words


def _places(session: ForumSession, held: Held | None) -> str:
    if held is not None:
        place = held.place_in_line
        return _("waiting list, no. %(n)s") % {"n": place} if place else _("your place")
    left = session.pool.left if session.pool else 0
    if left <= 0:
        return _("full: waiting list")
    return ngettext("%(n)s place left", "%(n)s places left", left) % {"n": left}
