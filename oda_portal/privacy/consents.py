"""Asking for consent: which texts, how a form asks, and how an answer is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import ledger
from .models import Consent, ConsentText, Kind

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

PREFIX = "consent_"
# What the ledger calls a consent that was taken back, so that no restore gives it again.
TAKEN_BACK = "privacy.taken_back"

# What goes at once when a consent is taken back: by the model of its subject, and its kind.
_followed: dict[tuple[str, str], Callable[[Any], None]] = {}


def when_taken_back(model: str, kind: str, act: Callable[[Any], None]) -> None:
    """`act(subject)` in the transaction in which somebody takes back a consent about a `model`."""
    _followed[model, kind] = act


def current_texts(kinds: Iterable[str] = Kind.values) -> list[ConsentText]:
    """The texts in force of these kinds, in the order in which a form asks them."""
    wanted = list(kinds)
    found = {text.kind: text for text in ConsentText.objects.in_force().filter(kind__in=wanted)}
    return [found[kind] for kind in wanted if kind in found]


class ConsentField(forms.ChoiceField):
    """Yes or no to one text, nothing chosen beforehand; True, or False also for no answer.

    What the browser sends names the version that was read: an answer to an older text is refused
    once, with the new one on the page.
    """

    widget = forms.RadioSelect

    def __init__(self, text: ConsentText, **kwargs: Any) -> None:
        self.text = text
        choices = [
            (f"yes.{text.version}", gettext_lazy("I agree")),
            (f"no.{text.version}", gettext_lazy("I do not agree")),
        ]
        kwargs.setdefault("label", text.shown().heading)
        kwargs.setdefault("required", text.required)
        super().__init__(choices=choices, **kwargs)
        self.error_messages["required"] = gettext_lazy(
            "We need this consent to take your application. Please read it and choose."
        )

    def prepare_value(self, value: Any) -> Any:
        """A kept answer, True or False, chooses its button again."""
        if isinstance(value, bool):
            return f"{'yes' if value else 'no'}.{self.text.version}"
        return value

    def to_python(self, value: Any) -> Any:
        return self.prepare_value(value) if value not in self.empty_values else ""

    def validate(self, value: Any) -> None:
        answer, _dot, version = value.partition(".")
        if answer in ("yes", "no") and version != str(self.text.version):
            raise ValidationError(self._changed(), code="changed")
        super().validate(value)
        if self.required and answer == "no":
            raise ValidationError(self.error_messages["required"], code="required")

    def clean(self, value: Any) -> bool:
        return super().clean(value).startswith("yes.")

    def _changed(self) -> str:
        day = timezone.localdate(self.text.valid_from or timezone.now())
        sentence = _("This text changed on %(date)s. Please read it and choose again.")
        return sentence % {"date": formats.date_format(day, "DATE_FORMAT")}


def consent_fields(texts: Iterable[ConsentText]) -> dict[str, ConsentField]:
    """Fields for a form, by name: `consent_general` and so on, each to its own text.

    Draw each with `templates/privacy/consent_box.html`; keep the answers with `give_all`.
    """
    return {PREFIX + text.kind: ConsentField(text) for text in texts}


def give(
    subject: models.Model, text: ConsentText, *, given: bool, language: str = "", by: User | None
) -> Consent:
    """Keep one answer, with the version and the hash of what the active language shows.

    `language` is checked against it where given, so that no answer is kept for another text.
    """
    shown = text.shown()
    if language and language != shown.language:
        raise ValueError(f"The text is shown in {shown.language}, not in {language}")
    return Consent.objects.create(
        subject=subject,
        user=by,
        kind=text.kind,
        text=text,
        version=text.version,
        sha256=shown.sha256,
        language=shown.language,
        given=given,
    )


@transaction.atomic
def give_all(subject: models.Model, form: forms.BaseForm, *, by: User | None) -> list[Consent]:
    """Keep every answer of a valid form whose fields are those of `consent_fields`.

    An answer that is kept already, to the same version, is not written again.
    """
    kept = latest(subject)
    fresh = []
    for name, field in form.fields.items():
        if isinstance(field, ConsentField):
            given, last = form.cleaned_data[name], kept.get(field.text.kind)
            if last is None or (last.version, last.given) != (field.text.version, given):
                fresh.append(give(subject, field.text, given=given, by=by))
    return fresh


def latest(subject: models.Model) -> dict[str, Consent]:
    """What was said last to each kind."""
    return {
        consent.kind: consent
        for consent in Consent.objects.about(subject).newest().select_related("text")
    }


def has_given(subject: models.Model, kind: str) -> bool:
    consent = latest(subject).get(kind)
    return consent is not None and consent.given


def withdraw(subject: models.Model, kind: str, *, by: User | None) -> Consent | None:
    """Take a consent back: one more row. None when there is nothing to take back."""
    last = latest(subject).get(kind)
    return take_back(last, by=by) if last else None


@transaction.atomic
def take_back(consent: Consent, *, by: User | None) -> Consent | None:
    """The same for an answer that is at hand; its subject may be gone."""
    # Of two at once the second waits here, and then finds it withdrawn.
    Consent.objects.select_for_update().get(pk=consent.pk)
    last = Consent.objects.filter(
        content_type=consent.content_type, object_id=consent.object_id, kind=consent.kind
    ).latest("pk")
    if not last.given:
        return None
    follow = _followed.get((".".join(last.content_type.natural_key()), last.kind))
    if follow is not None and last.subject is not None:
        follow(last.subject)
    ledger.write(TAKEN_BACK, last.pk, rule=last.kind)
    return Consent.objects.create(
        content_type=last.content_type,
        object_id=last.object_id,
        user=by,
        kind=last.kind,
        text=last.text,
        version=last.version,
        sha256=last.sha256,
        language=last.language,
        given=False,
    )


def take_back_again(pk: int, *, given_before: datetime) -> bool:
    """What a restore has brought back.

    False where it is another's, or was taken back or given anew since.
    """
    consent = Consent.objects.filter(pk=pk, given=True, at__lte=given_before).first()
    if consent is None:
        return False
    later = Consent.objects.filter(
        content_type=consent.content_type, object_id=consent.object_id, kind=consent.kind, pk__gt=pk
    )
    return not later.exists() and take_back(consent, by=None) is not None


@transaction.atomic
def revise(text: ConsentText) -> ConsentText:
    """A draft of the next version with the same words; the one there is, if there is one."""
    rows = ConsentText.objects.select_for_update().filter(kind=text.kind)
    newest = rows.order_by("-version").first() or text
    if not newest.is_settled():
        return newest
    columns = {
        field.name: getattr(text, field.name)
        for field in ConsentText._meta.concrete_fields
        if field.name not in ("id", "version", "valid_from")
    }
    return ConsentText.objects.create(**columns, version=newest.version + 1)
