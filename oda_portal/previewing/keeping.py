"""Texts that somebody is writing, kept before they are saved, and offered when they come back."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import models
from django.http import HttpRequest
from django.utils import timezone

from oda_portal.publishing import histories
from oda_portal.publishing.merging import Merging
from oda_portal.publishing.versions import Below

from .filled import MOST_LETTERS, filled, query_of
from .models import KeptText

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

# A form that was on its way when its person saved the record comes in too late by moments.
TOO_LATE = timedelta(minutes=1)
MOST_NAMED = 5
# Forms of new records of one kind that one person has begun: nobody goes on with more.
MOST_NEW = 20
_NEW = re.compile("new-[0-9a-f]{32}")


class TooLongError(Exception):
    """More text than is kept."""


def new_key() -> str:
    """For a record that is not there yet: each form that is opened has a text of its own."""
    return f"new-{uuid4().hex}"


def is_new(key: str) -> bool:
    return _NEW.fullmatch(key) is not None


def rows_of(by: User, model: type[models.Model], object_id: str) -> models.QuerySet[KeptText]:
    return KeptText.objects.filter(by=by, model=model._meta.label_lower, object_id=object_id)


def new_rows_of(by: User, model: type[models.Model]) -> models.QuerySet[KeptText]:
    """What was written of records that are not there yet, the latest first."""
    rows = KeptText.objects.filter(by=by, model=model._meta.label_lower)
    return rows.filter(object_id__startswith="new-")


def keep(
    request: HttpRequest,
    model: type[models.Model],
    obj: models.Model | None,
    below: Below,
    *,
    key: str,
    by: User,
) -> tuple[datetime | None, int]:
    """Keep what was sent, instead of what was kept under this key before.

    The moment, or None where the person has saved the record meanwhile; and how many texts were
    left out, since a resident registration number stood in them. Raises TooLongError.
    """
    what = filled(request.POST)
    if what.letters > MOST_LETTERS:
        raise TooLongError
    if obj is not None and _was_saved(Merging(obj, below, request.POST), by):
        return None, 0
    now = timezone.now()
    KeptText.objects.update_or_create(
        by=by,
        model=model._meta.label_lower,
        object_id=key,
        defaults={"query": query_of(request), "sealed": what.sealed, "saved_at": now},
    )
    if obj is None:
        _keep_the_latest(by, model)
    return now, what.refused


def _keep_the_latest(by: User, model: type[models.Model]) -> None:
    older = new_rows_of(by, model).values_list("pk", flat=True)[MOST_NEW:]
    KeptText.objects.filter(pk__in=list(older)).delete()


def _was_saved(sent: Merging, by: User) -> bool:
    if sent.since() is None:
        return False
    newest = next(iter(histories.steps(sent.record, sent.below)), None)
    return newest is not None and newest.by == by.pk and newest.at > timezone.now() - TOO_LATE


def forget(by: User, model: type[models.Model], object_id: str) -> None:
    rows_of(by, model, object_id).delete()


def saved_since(kept: KeptText, obj: models.Model, below: Below) -> list[histories.Entry]:
    """What was saved of the record, and below it, after its writer had opened it; newest first."""
    sent = Merging(obj, below, kept.fields)
    if (opened := sent.since()) is None:
        return []
    sent.tell(opened)
    return sent.merged.entries[:MOST_NAMED]
