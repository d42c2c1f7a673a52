"""What accepted speakers fill in: how they are named in public, and their slides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from oda_portal.files.forms import DocumentFormField
from oda_portal.files.staging import StagedFile
from oda_portal.languages import HTML_LANG
from oda_portal.privacy import consents
from oda_portal.privacy.models import Kind
from oda_portal.privacy.numbers import RefuseResidentNumbers, refuse_resident_number

from ..models import Submission
from ..models.submissions import Profile
from .forms import REQUIRED, LimitedText

LONGEST_NAME = 150


class SpeakerForm(RefuseResidentNumbers, forms.Form):
    """How a speaker is named in each language, their slides, and the consent to show both."""

    def __init__(self, data: Any = None, files: Any = None, *, submission: Submission) -> None:
        super().__init__(data, files)
        self.submission = submission
        for code, _language in settings.LANGUAGES:
            self._add_profile(code)
        self.fields["slides"] = DocumentFormField(
            label=_("Slides"),
            required=False,
            # The name that a file came with is kept as a text alone, cut to its room.
            max_length=None,
            help_text=_("They are published with the programme. You can hand them in later."),
        )
        self._ask_consent()

    def _add_profile(self, code: str) -> None:
        """Required in their own language, as they gave it with the paper."""
        known = self.submission.profile_in(code)
        is_own = code == self.submission.language
        if is_own and not self.submission.profile:
            known = Profile(name=self.submission.name)
        column = code.replace("-", "_")
        language = {"lang": HTML_LANG[code]}
        fields = {
            "name": LimitedText(
                label=_("Name"),
                longest=100,
                required=is_own,
                widget=forms.TextInput(attrs=language),
            ),
            "post": LimitedText(
                label=_("Job title and organisation"),
                longest=150,
                required=False,
                widget=forms.TextInput(attrs=language),
            ),
            "bio": LimitedText(
                label=pgettext("speaker", "Introduction"),
                longest=2000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 4, **language}),
            ),
        }
        for name, field in fields.items():
            field.initial = getattr(known, name)
            self.fields[f"{name}_{column}"] = field

    def _ask_consent(self) -> None:
        found = consents.consent_fields(consents.current_texts([Kind.SPEAKER]))
        said = consents.latest(self.submission).get(Kind.SPEAKER)
        for name, field in found.items():
            field.required = True
            field.error_messages["required"] = _(
                "We need this consent to show you in the programme. Please read it and choose."
            )
            if said is not None and said.version == field.text.version:
                field.initial = said.given
            self.fields[name] = field

    # --- for the page ----------------------------------------------------------------------------

    def languages(self) -> Iterator[tuple[str, str, list[forms.BoundField]]]:
        """The speaker's own language first: its code for the page, its name, its fields."""
        own = self.submission.language
        for code, language in sorted(settings.LANGUAGES, key=lambda one: one[0] != own):
            column = code.replace("-", "_")
            fields = [self[f"{name}_{column}"] for name in Profile._fields]
            yield HTML_LANG[code], language, fields

    @property
    def consent_boxes(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(consents.PREFIX)]

    # --- what it says ----------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        """A post without a name would stand under no one."""
        cleaned = super().clean()
        for code, _language in settings.LANGUAGES:
            column = code.replace("-", "_")
            rest = [cleaned.get(f"{name}_{column}") for name in ("post", "bio")]
            name = f"name_{column}"
            if any(rest) and not cleaned.get(name) and name not in self.errors:
                self.add_error(name, ValidationError(str(REQUIRED["required"]), code="required"))
        return cleaned

    def clean_slides(self) -> Any:
        """A name may hold a resident registration number as well as a text."""
        refuse_resident_number(self._came_as())
        return self.cleaned_data["slides"]

    def profile(self) -> dict[str, dict[str, str]]:
        """For a valid form: {language: {name, post, bio}}, where there is a name."""
        found = {}
        for code, _language in settings.LANGUAGES:
            column = code.replace("-", "_")
            words = {name: self.cleaned_data[f"{name}_{column}"] for name in Profile._fields}
            if words["name"]:
                found[code] = words
        return found

    def new_slides(self) -> StagedFile | None:
        checked = self.cleaned_data.get("slides")
        return checked if isinstance(checked, StagedFile) else None

    def slides_name(self) -> str:
        """The last part of the name that it came with, in its room, with its ending."""
        visible = "".join(sign for sign in self._came_as() if sign.isprintable())
        stem, point, ending = visible.rpartition(".")
        return f"{stem[: LONGEST_NAME - len(ending) - 1]}{point}{ending}"[-LONGEST_NAME:]

    def _came_as(self) -> str:
        return getattr(self.files.get("slides"), "name", None) or ""
