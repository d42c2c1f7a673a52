"""What was attached to a record directly comes into the library too, by the clock.

So that it can be found there, and used again. A record that names an earlier file of a picture or
document, such as a version of it that was restored, is given the present one.
"""

from __future__ import annotations

import logging
from typing import Any

from django.db import IntegrityError, transaction

from oda_portal.files import renditions

from . import actions, uses
from .models import DocumentVersion, Picture

logger = logging.getLogger(__name__)

# A run must be over before the next begins, five minutes later.
MOST_AT_ONCE = 100


def take_in() -> int:
    """Take up what the library does not know; how many rows were looked at and settled."""
    settled = 0
    for use in uses.registered():
        for pk in list(uses.strangers(use).values_list("pk", flat=True)):
            if settled >= MOST_AT_ONCE:
                return settled
            settled += _settle_or_log(use, pk)
    return settled


def _settle_or_log(use: uses.Use, pk: Any) -> bool:
    """One file that cannot be read must not keep the others out."""
    try:
        with transaction.atomic():
            return _settle(use, pk)
    except FileNotFoundError:
        return False
    except (IntegrityError, OSError, ValueError):
        logger.exception("%s %s could not be taken into the library", use.model._meta.label, pk)
        return False


def _settle(use: uses.Use, pk: Any) -> bool:
    row = use.model._base_manager.select_for_update().filter(pk=pk).first()
    file = getattr(row, use.column) if row else None
    if not file:
        return False
    with file.open() as stored:
        digest = actions.digest_of(stored)
    holder = _with_earlier_file(use, file.name) or actions.known(use.holder, digest)
    if holder is None:
        _hold(use, row, file.name, digest)
    elif holder.stored.name != file.name:
        setattr(row, use.column, holder.stored.name)
        row.save()  # type: ignore[union-attr]
        renditions.refresh(row)  # type: ignore[arg-type]
    return True


def _with_earlier_file(use: uses.Use, name: str) -> Any | None:
    if use.holder is Picture:
        before = Picture.history.filter(image=name).values_list("id", flat=True)  # type: ignore[attr-defined]
        return Picture.objects.filter(pk__in=before).first()
    version = DocumentVersion.objects.filter(file=name).select_related("document").first()
    return version.document if version else None


def _hold(use: uses.Use, row: Any, name: str, digest: str) -> None:
    """A new entry with the words that the record has for it."""
    said = {column: getattr(row, column) for column in actions.shared_columns(use)}
    holder: Any = use.holder(name=str(row)[: actions.LONGEST_NAME] or "–", **said)
    actions.put(holder, name, digest, digest)
    holder.save()
    if use.holder is not Picture:
        actions.write_version(holder, note="", by=None)
