"""What speakers fill in. A draft may be unfinished; what is handed in may not."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from oda_portal.accounts.forms import LanguageSelect
from oda_portal.privacy import consents
from oda_portal.privacy.ages import OldEnoughField
from oda_portal.privacy.models import Kind
from oda_portal.privacy.numbers import RefuseResidentNumbers

from ..models import Submission

REQUIRED = {"required": gettext_lazy("Fill in this field.")}


class LimitedText(forms.CharField):
    """A text whose limit is said in figures; a line break counts once, as people count it."""

    default_error_messages = {
        **REQUIRED,
        "long": gettext_lazy("The limit is %(max)s characters. You have %(n)s: please shorten it."),
    }

    def __init__(self, *, longest: int, rows: int = 0, **kwargs: Any) -> None:
        self.longest = longest
        if rows:
            kwargs["widget"] = forms.Textarea(attrs={"rows": rows})
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) > self.longest:
            params = {"max": self.longest, "n": len(value)}
            raise ValidationError(self.error_messages["long"], code="long", params=params)


# --- beginning ----------------------------------------------------------------------------------


class BeginForm(RefuseResidentNumbers, forms.Form):
    """Whoever is signed in, or has opened a mailed link, is asked their age alone."""

    email = forms.EmailField(
        label=gettext_lazy("Email"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            **REQUIRED,
            "invalid": gettext_lazy("Enter an email address like name@example.com."),
        },
    )
    old_enough = OldEnoughField()

    def __init__(self, data: Any = None, *, knows_address: bool = False) -> None:
        super().__init__(data)
        if knows_address:
            del self.fields["email"]

    def clean_email(self) -> str:
        """In small letters. Letters that only look like others belong to somebody else."""
        email = self.cleaned_data["email"].lower()
        if not email.isascii():
            raise ValidationError(self.fields["email"].error_messages["invalid"], code="invalid")
        return email


class LinkForm(BeginForm):
    """For whoever has papers already."""

    # So Django leaves a field out.
    old_enough = None  # type: ignore[assignment]


# --- the paper ----------------------------------------------------------------------------------


class PaperForm(RefuseResidentNumbers, forms.ModelForm):
    """`complete`: it is handed in, so that nothing may be missing, consents included."""

    COLUMNS = ("name", "affiliation", "language", "title", "abstract")

    name = LimitedText(
        label=gettext_lazy("Full name"),
        longest=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    affiliation = LimitedText(
        label=pgettext_lazy("person", "Organisation"),
        longest=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the emails"),
        choices=settings.LANGUAGES,
        widget=LanguageSelect,
        error_messages={**REQUIRED, "invalid_choice": gettext_lazy("Choose from the list.")},
    )
    title = LimitedText(label=gettext_lazy("Title"), longest=200)
    abstract = LimitedText(
        label=gettext_lazy("Abstract"),
        help_text=gettext_lazy(
            "Write in Korean, English or Chinese, up to 3,000 characters. Do not name yourself"
            " here: reviewers read it without your name."
        ),
        longest=3000,
        rows=12,
    )

    class Meta:
        model = Submission
        fields = ["name", "affiliation", "language", "title", "abstract"]

    def __init__(self, data: Any = None, *, instance: Submission, complete: bool = False) -> None:
        super().__init__(data, instance=instance)
        if instance.is_topic:
            self.fields["abstract"].label = pgettext("paper", "What it is about")
            self.fields["abstract"].help_text = _(
                "Write in Korean, English or Chinese, up to 3,000 characters."
            )
        self._ask_consent(instance)
        self.complete = complete

    def full_clean(self) -> None:
        """The page always marks what is required; of a draft it is not asked for yet."""
        wanted = [] if self.complete else [row for row in self.fields.values() if row.required]
        for field in wanted:
            field.required = False
        super().full_clean()
        for field in wanted:
            field.required = True

    def _ask_consent(self, instance: Submission) -> None:
        """The answer that was given to the text in force is chosen already."""
        found = consents.consent_fields(consents.current_texts([Kind.PAPER]))
        said = consents.latest(instance).get(Kind.PAPER)
        for name, field in found.items():
            field.required = True
            field.error_messages["required"] = _(
                "We need this consent to take your paper or topic. Please read it and choose."
            )
            if said is not None and said.version == field.text.version:
                self.initial[name] = said.given
        self.fields.update(found)

    @property
    def consent_boxes(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(consents.PREFIX)]

    @property
    def written(self) -> list[forms.BoundField]:
        return [self[name] for name in self.COLUMNS]

    def columns(self) -> dict[str, str]:
        """For a valid form: what it says of each column."""
        return {name: self.cleaned_data[name] for name in self.COLUMNS}

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or self.instance.language

    def _post_clean(self) -> None:
        """The row in hand stays as it is kept: the act writes, and nothing before it."""
