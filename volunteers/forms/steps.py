"""The steps of the application form, in their order.

A step takes an application and what was written in it. It is drawn from the draft, and checked
from it again when the whole is sent: a valid draft of yesterday may be wrong today.
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oda_portal.languages import HTML_LANG
from oda_portal.privacy.consents import PREFIX, consent_fields, current_texts
from oda_portal.privacy.numbers import RefuseResidentNumbers, holds_resident_number
from oda_portal.publishing.texts import text_in

from ..models import Application, Opening
from ..models.openings import age_on
from .check import WITHOUT_GUARDIAN_FROM, age_verdict, plausible_birth
from .fields import DayField, LongText, TelephoneField

# More than any field allows: what is longer was not typed, and is not kept.
LONGEST_DRAFT = 10_000

CONSENTS = ("general", "third_party", "overseas", "photo", "promotion")
GUARDIAN = "guardian"
SHOWN_IN = "shown_in"


class StepForm(RefuseResidentNumbers, forms.Form):
    """One step of one application."""

    slug: ClassVar[str]
    title: ClassVar[Any]
    # The page that draws it: apply_<template>.html.
    template: ClassVar[str] = "step"
    # Errors after which nothing of the step is kept.
    unkept: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        self.application = application
        kwargs.setdefault("initial", application.written.get(self.slug) or self.first_values())
        super().__init__(*args, **kwargs)
        self.complete_fields()
        for name, bound in self.fields.items():
            bound.error_messages["required"] = required_sentence(name, bound)

    def first_values(self) -> dict[str, Any]:
        """What is known already when the step is opened for the first time."""
        return {}

    def complete_fields(self) -> None:
        """Add the fields that depend on the application."""

    def draft(self) -> dict[str, str]:
        """What was typed, right or wrong; without anything that must not be stored."""
        if any(error.code in self.unkept for error in self.all_errors()):
            return {}
        stored = self.application.written.get(self.slug, {})
        kept = {}
        for name in self.fields:
            text = str(self.data.get(name, ""))
            if _may_be_kept(text):
                kept[name] = text
            elif name in stored:  # what stood there before is no worse for it
                kept[name] = stored[name]
        return kept

    def left_out(self) -> bool:
        """Whether something was typed that the draft does not hold."""
        is_unkept = any(error.code in self.unkept for error in self.all_errors())
        typed = (str(self.data.get(name, "")) for name in self.fields)
        return is_unkept or not all(_may_be_kept(text) for text in typed)

    def all_errors(self) -> list[ValidationError]:
        return [error for errors in self.errors.as_data().values() for error in errors]


def _may_be_kept(text: str) -> bool:
    return len(text) <= LONGEST_DRAFT and not holds_resident_number(text)


def required_sentence(name: str, bound: forms.Field) -> Any:
    if isinstance(bound, forms.FileField):
        return gettext_lazy("Attach a file.")
    if isinstance(bound, forms.ChoiceField):
        return gettext_lazy("Choose one.")
    return gettext_lazy("Fill in this field.")


class AboutForm(StepForm):
    slug = "about"
    title = gettext_lazy("About you")
    unkept = frozenset({"alone"})

    name = forms.CharField(
        label=gettext_lazy("Full name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    name_roman = forms.RegexField(
        r"^[A-Za-z][A-Za-z .'’-]*$",
        label=gettext_lazy("Name in Roman letters"),
        help_text=gettext_lazy("As in your passport, family name first."),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "lang": "en"}),
        error_messages={
            "invalid": gettext_lazy("Use the letters A to Z, as they appear in your passport.")
        },
    )
    born_on = DayField(
        label=gettext_lazy("Date of birth"),
        help_text=gettext_lazy("For example, 7 March 1999"),
        widget=forms.TextInput(attrs={"autocomplete": "bday"}),
    )
    mobile = TelephoneField(
        label=gettext_lazy("Mobile number"),
        help_text=gettext_lazy("With country code, for example +82 10 1234 5678"),
    )
    residence = forms.CharField(
        label=gettext_lazy("Where you live"),
        help_text=gettext_lazy("City and district are enough."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )
    affiliation = forms.CharField(
        label=gettext_lazy("School or workplace"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of our emails"),
        choices=[
            (code, format_html('<span lang="{}">{}</span>', HTML_LANG[code], name))
            for code, name in settings.LANGUAGES
        ],
        widget=forms.RadioSelect,
    )

    def first_values(self) -> dict[str, Any]:
        volunteer = self.application.volunteer
        known = {
            name: getattr(volunteer, name)
            for name in ("name", "name_roman", "mobile", "residence", "affiliation")
        }
        born = volunteer.born_on.isoformat() if volunteer.born_on else ""
        return {**known, "born_on": born, "language": self.application.language}

    def clean_born_on(self) -> date:
        born = plausible_birth(self.cleaned_data["born_on"])
        verdict = age_verdict(self.application.call, born)
        if verdict.too_young_alone:
            sentence = _(
                "If you are under 14 you cannot apply alone. See how a parent or guardian can help."
            )
            raise ValidationError(sentence, code="alone")
        if verdict.refusals:
            raise ValidationError(verdict.refusals[0], code="age")
        return born


class OpeningsForm(StepForm):
    slug = "openings"
    title = gettext_lazy("Openings")

    def complete_fields(self) -> None:
        call = self.application.call
        openings = list(call.openings.all())
        self.openings = {str(opening.pk): opening for opening in openings}
        choices = [("", _("Choose"))] + [(str(row.pk), opening_label(row)) for row in openings]
        for rank in range(1, min(call.max_choices, len(openings)) + 1):
            self.fields[f"choice_{rank}"] = forms.ChoiceField(
                label=rank_label(rank), choices=choices, required=rank == 1
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        seen: set[str] = set()
        # What was sent in time stays, also when its own deadline passes before the call's.
        sent = {str(pk) for pk in self.application.choices.values_list("opening", flat=True)}
        for name in [name for name in self.fields if cleaned.get(name)]:
            if cleaned[name] in seen:
                sentence = _(
                    "You chose the same opening twice. Choose a different one for each preference."
                )
                self.add_error(name, ValidationError(sentence, code="twice"))
            elif cleaned[name] not in sent and not self.openings[cleaned[name]].is_open():
                sentence = _("This opening no longer takes applications. Choose another.")
                self.add_error(name, ValidationError(sentence, code="closed"))
            seen.add(cleaned.get(name, ""))
        return cleaned

    def chosen(self) -> list[Opening]:
        """For a valid form: the openings in order of preference."""
        return [self.openings[value] for value in self.cleaned_data.values() if value]


def opening_label(opening: Opening) -> str:
    return _("%(city)s · %(team)s") % {
        "city": text_in(opening.city, "name").text,
        "team": opening.get_team_display(),
    }


def rank_label(rank: int) -> str:
    return {
        1: _("First choice"),
        2: _("Second choice"),
        3: _("Third choice"),
        4: _("Fourth choice"),
        5: _("Fifth choice"),
    }[rank]


class SkillsForm(StepForm):
    slug = "skills"
    title = gettext_lazy("Languages and skills")

    languages = LongText(
        label=gettext_lazy("Languages"),
        help_text=gettext_lazy("Which ones, and how well you speak them."),
        longest=500,
        rows=3,
    )
    skills = LongText(
        label=gettext_lazy("Skills and licences"),
        help_text=gettext_lazy(
            "What you can do that may help the team, and for how long you have done it."
        ),
        longest=1000,
        rows=4,
    )


class ExperienceForm(StepForm):
    slug = "experience"
    title = gettext_lazy("Experience")

    experience = LongText(
        label=gettext_lazy("Volunteering and work so far"),
        help_text=gettext_lazy("If you have none, write “none”."),
        longest=2000,
        rows=8,
    )


class MotivationForm(StepForm):
    slug = "motivation"
    title = gettext_lazy("Why you want to volunteer")

    motivation = LongText(
        label=gettext_lazy("Why you want to volunteer"), longest=2000, shortest=50, rows=8
    )

    def complete_fields(self) -> None:
        self.questions = {
            f"question_{row.pk}": row for row in self.application.call.questions.all()
        }
        for name, row in self.questions.items():
            self.fields[name] = LongText(
                label=text_in(row, "text").text,
                help_text=text_in(row, "hint").text,
                longest=row.max_length,
                required=row.is_required,
            )


class ConsentsForm(StepForm):
    slug = "consents"
    template = "consents"
    title = gettext_lazy("Consents")

    def complete_fields(self) -> None:
        kinds = (*CONSENTS, GUARDIAN) if needs_guardian(self.application) else CONSENTS
        self.needs_guardian = GUARDIAN in kinds
        if self.needs_guardian:
            self.fields["guardian_name"] = forms.CharField(
                label=_("Parent or guardian"), max_length=80
            )
            self.fields["guardian_mobile"] = TelephoneField(
                label=_("Telephone of the parent or guardian"),
                help_text=_("With country code, for example +82 10 1234 5678"),
            )
        self.fields.update(consent_fields(current_texts(kinds)))
        if self.needs_guardian:
            self.fields[f"{PREFIX}{GUARDIAN}"].required = True

    def draft(self) -> dict[str, str]:
        # The language in which the texts were read belongs to the answer.
        return {**super().draft(), SHOWN_IN: translation.get_language() or settings.LANGUAGE_CODE}


def needs_guardian(application: Application) -> bool:
    """Whether the person is under 19 on the first day of departure of what they chose."""
    born = _read_birth(application)
    chosen = set(application.written.get(OpeningsForm.slug, {}).values())
    days = [row.departs_on for row in application.call.openings.all() if str(row.pk) in chosen]
    return bool(born and days and age_on(born, min(days)) < WITHOUT_GUARDIAN_FROM)


def _read_birth(application: Application) -> date | None:
    text = application.written.get(AboutForm.slug, {}).get("born_on", "")
    try:
        return DayField(required=False).clean(text)
    except ValidationError:
        return None
