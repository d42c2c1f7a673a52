"""What somebody who has come back fills in: the survey, and their story."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from oda_portal.privacy import consents
from oda_portal.privacy.models import Kind as ConsentKind
from oda_portal.privacy.numbers import RefuseResidentNumbers

from ..models import Application, Story, SurveyAnswer
from ..service import stories
from .fields import LongText

SCALE = (
    (5, pgettext_lazy("survey", "Very good")),
    (4, pgettext_lazy("survey", "Good")),
    (3, pgettext_lazy("survey", "Neither good nor bad")),
    (2, pgettext_lazy("survey", "Bad")),
    (1, pgettext_lazy("survey", "Very bad")),
)
WOULD_AGAIN = (
    (5, pgettext_lazy("survey", "Certainly")),
    (4, pgettext_lazy("survey", "Probably")),
    (3, pgettext_lazy("survey", "Not sure")),
    (2, pgettext_lazy("survey", "Probably not")),
    (1, pgettext_lazy("survey", "Certainly not")),
)


def _score(label: Any, choices: Any = SCALE) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one.")},
    )


class SurveyForm(RefuseResidentNumbers, forms.Form):
    preparation = _score(gettext_lazy("How well did we prepare you before departure?"))
    work = _score(gettext_lazy("How was the work in the partner city?"))
    support = _score(gettext_lazy("How was the office’s support?"))
    again = _score(gettext_lazy("Would you do it again?"), WOULD_AGAIN)
    text = LongText(
        label=gettext_lazy("Is there anything else we should know?"),
        help_text=gettext_lazy("Leave out names and phone numbers."),
        longest=2000,
        required=False,
    )

    def __init__(self, data: Any, *, answer: SurveyAnswer | None) -> None:
        names = (*SurveyAnswer.QUESTIONS, "text")
        initial = {name: getattr(answer, name) for name in names} if answer else None
        super().__init__(data, initial=initial)


class StoryForm(RefuseResidentNumbers, forms.Form):
    """The words as long as they are their writer's to change; name and consent always."""

    WORDS = ("language", "title", "text")

    language = forms.ChoiceField(
        label=gettext_lazy("Which language are you writing in?"), choices=settings.LANGUAGES
    )
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=120,
        error_messages={"required": gettext_lazy("Fill in this field.")},
    )
    text = LongText(
        label=gettext_lazy("Your story"),
        help_text=gettext_lazy(
            "What you did, who you met and what stayed with you. Name other people only if they"
            " agree."
        ),
        longest=6000,
        shortest=50,
        rows=14,
        error_messages={"required": gettext_lazy("Fill in this field.")},
    )
    shown_as = forms.ChoiceField(
        label=gettext_lazy("How should your name appear?"),
        choices=Story.ShownAs,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one.")},
    )

    def __init__(self, data: Any, *, application: Application, story: Story | None) -> None:
        initial: dict[str, Any] = {"language": application.language}
        if story is not None:
            names = {"language": story.language, "shown_as": story.shown_as}
            initial = {**names, **stories.words_of(story)}
        super().__init__(data, initial=initial)
        if story is not None and not story.is_own_to_edit:
            for name in self.WORDS:
                del self.fields[name]
        self._ask_consent(application)

    def _ask_consent(self, application: Application) -> None:
        found = consents.consent_fields(consents.current_texts([ConsentKind.STORY]))
        self.fields.update(found)
        said = consents.latest(application).get(ConsentKind.STORY)
        text = found[self.consent_name].text if found else None
        if text is not None and said is not None and said.version == text.version:
            self.initial[self.consent_name] = said.given

    @property
    def consent_name(self) -> str:
        return f"{consents.PREFIX}{ConsentKind.STORY}"

    @property
    def agrees(self) -> bool:
        """For a valid form; nobody agrees to a text that is not in force."""
        return bool(self.cleaned_data.get(self.consent_name))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        name = self.consent_name
        asked = name in self.fields and name not in self.errors
        if asked and not self.data.get(self.add_prefix(name)):
            # No is as good an answer as yes; silence is none.
            self.add_error(name, ValidationError(_("Choose one."), code="choose"))
        return cleaned
