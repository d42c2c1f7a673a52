"""What to send to whom, and the consents that the law wants for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from oda_portal.accounts.forms import LanguageSelect
from oda_portal.privacy import consents
from oda_portal.privacy.ages import OldEnoughField
from oda_portal.privacy.models import Kind as ConsentKind
from oda_portal.privacy.numbers import RefuseResidentNumbers
from oda_portal.publishing.freshness import cached
from oda_portal.publishing.listing import choices_of
from partners.models import Country
from programs.models import Program, Theme

from ..models import Article, Subscription
from ..models.articles import Kind
from ..models.subscriptions import Pace

Choices = list[tuple[str, str]]

INFORMATION, PROMOTION = ConsentKind.SUBSCRIPTION, ConsentKind.NEWS_PROMOTION


def _countries() -> Choices:
    """Those in which something is done, or of which there was news."""
    programs, articles = Program.objects.published(), Article.objects.published()
    rows = Country.objects.filter(Q(programs__in=programs) | Q(articles__in=articles))
    return choices_of(rows, "code")


def _themes() -> Choices:
    return choices_of(Theme.objects.filter(programs__in=Program.objects.published()), "slug")


def _programs() -> Choices:
    return choices_of(Program.objects.published(), "code", "title")


# The facets whose choices are rows: what finds them again, and which there are.
FACETS: dict[str, tuple[Any, str, Callable[[], Choices]]] = {
    "countries": (Country, "code", _countries),
    "themes": (Theme, "slug", _themes),
    "programs": (Program, "code", _programs),
}


def _kept(name: str) -> Choices:
    """Kept per language for the generation."""
    return cached(f"choices:subscribe-{name}:{translation.get_language()}", FACETS[name][2])


class _Facet(forms.MultipleChoiceField):
    """Any number of them; none asks for all."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.error_messages["invalid_choice"] = _("Choose from the list.")


class ConsentsForm(RefuseResidentNumbers, forms.Form):
    """`asks`: the consents of this form, in its order; the one for information is required."""

    asks: tuple[str, ...] = (INFORMATION, PROMOTION)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in consents.consent_fields(consents.current_texts(self.asks)).items():
            field.required = field.text.kind == INFORMATION
            field.error_messages["required"] = _(
                "We need this consent to send you email. Please read it and choose."
            )
            self.fields[name] = field

    @property
    def can_be_asked(self) -> bool:
        """Without a text in force nobody can agree, and nothing may be kept."""
        return INFORMATION not in self.asks or consents.PREFIX + INFORMATION in self.fields

    @property
    def agrees_to_promotion(self) -> bool:
        return bool(self.cleaned_data.get(consents.PREFIX + PROMOTION))


class WishesForm(ConsentsForm):
    kinds = _Facet(label=_("Kinds"), choices=Kind.choices)
    countries = _Facet(label=_("Countries and areas"))
    themes = _Facet(label=_("Themes"))
    programs = _Facet(label=_("Programmes"))
    pace = forms.ChoiceField(
        label=_("How often"),
        choices=Pace.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one.")},
    )
    language = forms.ChoiceField(
        label=_("Language of the emails"),
        help_text=_(
            "News that is not available in it is sent in another language, marked as such."
        ),
        choices=settings.LANGUAGES,
        widget=LanguageSelect,
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in FACETS:
            self.fields[name].choices = _kept(name)  # type: ignore[attr-defined]
            if not self.fields[name].choices:  # type: ignore[attr-defined]
                del self.fields[name]

    def facets(self) -> list[forms.BoundField]:
        return [self[name] for name in ("kinds", *FACETS) if name in self.fields]

    def consent_boxes(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(consents.PREFIX)]

    def columns(self) -> dict[str, Any]:
        """For a valid form: the columns to keep."""
        return {name: self.cleaned_data[name] for name in ("kinds", "pace", "language")}

    def rows(self) -> dict[str, Iterable[Any]]:
        """For a valid form: what was chosen of each facet that has rows."""
        return {
            name: model.objects.filter(**{f"{key}__in": self.cleaned_data.get(name, [])})
            for name, (model, key, _choices) in FACETS.items()
        }


class SubscribeForm(WishesForm):
    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Fill in this field."),
            "invalid": _("Enter an email address like name@example.com."),
        },
    )
    old_enough = OldEnoughField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # As they stand on the page, which is the order in which errors are listed.
        last = [name for name in self.fields if name.startswith(consents.PREFIX)]
        self.order_fields(["email", "kinds", *FACETS, "pace", "language", *last, "old_enough"])

    def clean_email(self) -> str:
        """In small letters. Letters that only look like others belong to somebody else."""
        email = self.cleaned_data["email"].lower()
        if not email.isascii():
            raise ValidationError(self.fields["email"].error_messages["invalid"], code="invalid")
        return email


class ChangeForm(WishesForm):
    asks = (PROMOTION,)

    @classmethod
    def of(cls, subscription: Subscription, data: Any = None) -> ChangeForm:
        """With what is kept; the consent as it was last given to the text in force."""
        kept: dict[str, Any] = {
            name: [getattr(row, key) for row in getattr(subscription, name).all()]
            for name, (_model, key, _choices) in FACETS.items()
        }
        kept |= {name: getattr(subscription, name) for name in ("kinds", "pace", "language")}
        said = consents.latest(subscription).get(PROMOTION)
        form = cls(data, initial=kept)
        for field in form.consent_boxes():
            text = field.field.text  # type: ignore[attr-defined]
            if said is not None and said.version == text.version:
                form.initial[field.name] = said.given
        return form


class RenewForm(ConsentsForm):
    """The consents once more, to the texts that are in force now."""
