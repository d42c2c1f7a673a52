"""Suggesting, withdrawing, and what staff decide; each safe to do twice."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone, translation

from oda_portal.translating.states import after_saving, texts_of

from ...models import Suggestion
from .. import mails
from .forms import SuggestForm, digest
from .registry import Suggestable, of_row

if TYPE_CHECKING:
    from oda_portal.accounts.models import User


class ChangedMeanwhileError(Exception):
    """The texts are not those that were shown to whoever decides."""


@transaction.atomic
def suggest(
    suggestable: Suggestable, row: models.Model, form: SuggestForm, *, by: User,
    organisations: Collection[int], language: str,
) -> Suggestion:  # fmt: skip
    """Keep what a valid form says; of one person and record there is one that waits."""
    changes = form.changes
    values: dict[str, Any] = {
        "was": {column: form.now[column] for column in changes},
        "wanted": changes,
        "note": form.cleaned_data["note"],
        "language": language,
        "suggested_at": timezone.now(),
        "organisation_id": suggestable.speaker(row, organisations),
    }
    kind = ContentType.objects.get_for_model(row)
    suggestion, _is_new = Suggestion.objects.update_or_create(
        content_type=kind, object_id=row.pk, by=by, state=Suggestion.State.WAITING, defaults=values
    )
    return suggestion


def withdraw(suggestion: Suggestion, *, by: User) -> bool:
    """False when it was decided before."""
    return suggestion.withdraw(by=by)


def shown_to_staff(suggestion: Suggestion) -> str:
    """What a page of staff sends back, so that they decide about what they have read."""
    subject: Any = suggestion.subject
    now = of_row(subject).texts(subject) if subject is not None else {}
    return digest({**now, **{f"+{column}": text for column, text in suggestion.wanted.items()}})


@transaction.atomic
def approve(suggestion: Suggestion, *, by: User, answer: str = "", shown: str) -> bool:
    """Put the texts on the site and tell the writer; False when it was decided before.

    Raises ChangedMeanwhileError when record or suggestion are not as `shown_to_staff` said, and
    ValidationError when the record does not take a text.
    """
    # What keeps a record closed is locked before the record, as everywhere.
    if suggestion.subject is not None and (check := of_row(suggestion.subject).refuse):
        check(suggestion.subject)
    model = suggestion.content_type.model_class()
    subject: Any = model._base_manager.select_for_update().filter(pk=suggestion.object_id).first()  # type: ignore[union-attr]
    current = Suggestion.objects.select_for_update(of=("self",)).get(pk=suggestion.pk)
    if current.state != Suggestion.State.WAITING:
        return False
    if subject is None or shown_to_staff(current) != shown:
        raise ChangedMeanwhileError
    _write(subject, current.wanted, by=by)
    suggestion.wanted, suggestion.was = current.wanted, current.was
    if not suggestion.approve(by=by, answer=answer):
        return False
    mails.decided(suggestion)
    return True


@transaction.atomic
def refuse(suggestion: Suggestion, *, by: User, answer: str) -> bool:
    """Nothing changes on the site; the writer is told why. False when it was decided before."""
    if not suggestion.refuse(by=by, answer=answer):
        return False
    mails.decided(suggestion)
    return True


def _write(subject: Any, wanted: dict[str, str], *, by: User) -> None:
    """Saved, not updated: the site's pages are made anew, and the history says who did it."""
    before = texts_of(subject)
    for column, text in wanted.items():
        field = subject._meta.get_field(column)
        setattr(subject, column, text or (None if field.null else ""))
    others = {field.name for field in subject._meta.concrete_fields} - set(wanted)
    subject._history_user = by
    # The columns without a language hold the text of the language that is active now.
    with translation.override(settings.LANGUAGE_CODE):
        subject.clean_fields(exclude=others)
        subject.save()
    after_saving(before, subject, by=by)
