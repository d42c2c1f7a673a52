"""What somebody who goes fills in before departure; one small form for each item."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oda_portal.files.checks import ATTACHMENT_TYPES
from oda_portal.files.forms import AttachmentFormField
from oda_portal.privacy import consents
from oda_portal.privacy.models import Kind as ConsentKind
from oda_portal.privacy.numbers import RefuseResidentNumbers, refuse_resident_number
from oda_portal.publishing.texts import day

from ..models import Application, ChecklistItem
from ..readiness import rules
from .documents import MEGABYTES, shown_name
from .fields import DayField, LongText, TelephoneField
from .steps import required_sentence

Kind = ChecklistItem.Kind

_NUMBER = re.compile(r"[A-Z0-9]{6,12}")


class DepartureForm(RefuseResidentNumbers, forms.Form):
    """One item of one person's checklist.

    Where a consent stands before it, the rest is wanted from whoever agrees alone; where it is a
    promise, nothing can be handed in without it.
    """

    consent: ClassVar[str] = ""
    must_agree: ClassVar[bool] = False

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        self.application = application
        kwargs.setdefault("initial", self.first_values())
        super().__init__(*args, **kwargs)
        for name, bound in self.fields.items():
            bound.error_messages["required"] = required_sentence(name, bound)
        if self.consent:
            self._ask_consent()

    def first_values(self) -> dict[str, Any]:
        """What is known already; their own data, which they may correct."""
        return {}

    def kept_values(self) -> dict[str, Any]:
        """For a valid form that agrees: the columns to keep."""
        return {name: self.cleaned_data[name] for name in self.cleaned_data if name in self.columns}

    columns: ClassVar[tuple[str, ...]] = ()

    # --- consent ---------------------------------------------------------------------------------

    @property
    def can_be_asked(self) -> bool:
        """Without a text in force nobody can agree, and nothing may be kept."""
        return not self.consent or self.consent_name in self.fields

    @property
    def consent_name(self) -> str:
        return f"{consents.PREFIX}{self.consent}"

    @property
    def is_refused(self) -> bool:
        """For a valid form: whether the person does not want it to be kept."""
        return bool(self.consent) and not self.cleaned_data[self.consent_name]

    def _ask_consent(self) -> None:
        found = consents.consent_fields(consents.current_texts([self.consent]))
        for field in found.values():
            field.required = self.must_agree
            field.error_messages["required"] = gettext_lazy(
                "Without it you cannot take part. Call the office if you have questions."
            )
        self.fields = {**found, **self.fields}
        said = consents.latest(self.application).get(self.consent)
        text = found[self.consent_name].text if found else None
        if text is not None and said is not None and said.version == text.version:
            self.initial.setdefault(self.consent_name, said.given)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.consent and not self.must_agree and self.consent_name not in self.errors:
            if not self.data.get(self.add_prefix(self.consent_name)):
                self.add_error(self.consent_name, ValidationError(_("Choose one."), code="choose"))
            elif not cleaned.get(self.consent_name):
                # Who does not agree need not fill in the rest, and nothing of it is kept.
                self.errors.clear()
        return cleaned


class PassportForm(DepartureForm):
    consent = ConsentKind.IDENTIFIER
    columns = ("number", "name", "nationality", "expires_text")

    number = forms.CharField(
        label=gettext_lazy("Passport number"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "lang": "en", "spellcheck": "false"}),
    )
    name = forms.RegexField(
        r"^[A-Za-z][A-Za-z ,.'’-]*$",
        label=gettext_lazy("Name as in the passport"),
        help_text=gettext_lazy("In Roman letters, family name first."),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "lang": "en"}),
        error_messages={
            "invalid": gettext_lazy("Use the letters A to Z, as they appear in your passport.")
        },
    )
    nationality = forms.CharField(
        label=gettext_lazy("Nationality"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "country-name"}),
    )
    expires_on = DayField(
        label=gettext_lazy("Valid until"),
        help_text=gettext_lazy("For example, 31 August 2031"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def first_values(self) -> dict[str, Any]:
        kept = getattr(self.application, "passport", None)
        if kept is None:
            return {"name": self.application.volunteer.name_roman}
        return {
            "number": kept.number,
            "name": kept.name,
            "nationality": kept.nationality,
            "expires_on": kept.expires_text,
        }

    def kept_values(self) -> dict[str, Any]:
        expires = self.cleaned_data["expires_on"].isoformat()
        return super().kept_values() | {"expires_text": expires}

    def clean_number(self) -> str:
        typed = self.cleaned_data["number"]
        # First: other figures in its place would be told to be no passport number.
        refuse_resident_number(typed)
        number = re.sub(r"[\s-]", "", typed).upper()
        if not _NUMBER.fullmatch(number):
            sentence = _(
                "Enter the number as it appears in your passport: 6 to 12 letters and digits."
            )
            raise ValidationError(sentence, code="number")
        return number

    def clean_expires_on(self) -> date:
        expires, opening = self.cleaned_data["expires_on"], self.application.opening
        assert opening is not None  # noqa: S101  (who has no opening has no checklist)
        if expires < timezone.localdate():
            sentence = _(
                "This date has passed, so the passport is no longer valid. Renew it, then enter"
                " the new one."
            )
            raise ValidationError(sentence, code="expired")
        if expires < (wanted := rules.passport_until(opening)):
            sentence = _(
                "Your passport must be valid until at least %(date)s, six months after your"
                " return. Renew it, then enter the new one."
            )
            raise ValidationError(sentence % {"date": day(wanted)}, code="short")
        return expires


class HealthForm(DepartureForm):
    consent = ConsentKind.SENSITIVE
    columns = ("vaccinations", "to_know")

    vaccinations = LongText(
        label=gettext_lazy("Vaccinations"),
        help_text=gettext_lazy("Which ones, and when. If one is still to come, give its date."),
        longest=1000,
        rows=4,
    )
    to_know = LongText(
        label=gettext_lazy("What we should know in an emergency"),
        help_text=gettext_lazy("Allergies, illnesses, medicines. You may leave it empty."),
        longest=1000,
        rows=4,
        required=False,
    )

    def first_values(self) -> dict[str, Any]:
        return _kept(self.application, "health", self.columns)


class EmergencyForm(DepartureForm):
    consent = ConsentKind.EMERGENCY
    columns = ("name", "relation", "telephone")

    name = forms.CharField(
        label=gettext_lazy("Full name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    relation = forms.CharField(
        label=gettext_lazy("Relation to you"),
        help_text=gettext_lazy("For example, mother or friend"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    telephone = TelephoneField(
        label=gettext_lazy("Telephone"),
        help_text=gettext_lazy("With country code, for example +82 10 1234 5678"),
        # Somebody else's: the browser must not offer one's own.
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )

    def first_values(self) -> dict[str, Any]:
        return _kept(self.application, "emergency", self.columns)


class InsuranceForm(DepartureForm):
    file = AttachmentFormField(
        label=gettext_lazy("Certificate of your own insurance"),
        # The name that a file came with is kept as a text alone, cut to its room.
        max_length=None,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("%(types)s, up to %(max)s MB each.") % {
            "types": ATTACHMENT_TYPES,
            "max": MEGABYTES,
        }

    def kept_values(self) -> dict[str, Any]:
        staged = self.cleaned_data["file"]
        return {"file": staged, "name": shown_name(self._given_name()), "size": staged.size or 0}

    def clean(self) -> dict[str, Any]:
        # A name may hold such a number as well as a text.
        cleaned = super().clean()
        if "file" in self.files and "file" not in self.errors:
            try:
                refuse_resident_number(self._given_name())
            except ValidationError as error:
                self.add_error("file", error)
        return cleaned

    def _given_name(self) -> str:
        return getattr(self.files["file"], "name", None) or ""


class GuardianForm(DepartureForm):
    consent = ConsentKind.GUARDIAN
    must_agree = True
    columns = ("guardian_name", "guardian_mobile")

    guardian_name = forms.CharField(
        label=gettext_lazy("Parent or guardian"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    guardian_mobile = TelephoneField(
        label=gettext_lazy("Telephone of the parent or guardian"),
        help_text=gettext_lazy("With country code, for example +82 10 1234 5678"),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )

    def first_values(self) -> dict[str, Any]:
        return {name: getattr(self.application, name) for name in self.columns}


class AgreementForm(DepartureForm):
    consent = ConsentKind.ROLE
    must_agree = True


# What has no form is settled by the office: who came to the training.
FORMS: dict[str, type[DepartureForm]] = {
    Kind.PASSPORT: PassportForm,
    Kind.INSURANCE: InsuranceForm,
    Kind.VACCINATION: HealthForm,
    Kind.EMERGENCY_CONTACT: EmergencyForm,
    Kind.GUARDIAN_CONSENT: GuardianForm,
    Kind.ROLE_AGREEMENT: AgreementForm,
}


def _kept(application: Application, name: str, columns: tuple[str, ...]) -> dict[str, Any]:
    row = getattr(application, name, None)
    return {column: getattr(row, column) for column in columns} if row else {}
