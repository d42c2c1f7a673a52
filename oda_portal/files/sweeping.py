"""What makes up for everything that was missed: kills, lost tasks, expiry by the clock."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.db import models

from . import renditions
from .models import Rendition
from .staging import old_files

FOLDER = "renditions"
# One sweep must be over before the next begins, five minutes later.
MOST_AT_ONCE = 25
_BATCH = 500


def sweep_renditions() -> None:
    """Remove what must not be seen, make what is missing, delete files without a row."""
    for model in renditions.registered_models():
        seen = _seen(model)
        _remove_unseen(model, seen)
        _make_missing(model, seen)
    renditions.forget_deleted()
    _delete_orphans()


def _seen(model: type[models.Model]) -> dict[int, str]:
    """Which stored original everybody may see at this moment, by primary key; newest first."""
    rows = renditions.pictured(model).iterator(chunk_size=_BATCH)
    return {row.pk: row.image.name for row in rows if row.may_be_seen()}


def _remove_unseen(model: type[models.Model], seen: dict[int, str]) -> None:
    made = renditions.all_of(model).values_list("object_id", "original")
    wrong = {pk for pk, original in made if seen.get(pk) != original}
    # Read again, row by row: one may have been published since.
    for row in renditions.with_owner(model).filter(pk__in=wrong):
        renditions.remove_unseen(row)


def _make_missing(model: type[models.Model], seen: dict[int, str]) -> None:
    formats: dict[int, set[str]] = {}
    for pk, format in renditions.all_of(model).values_list("object_id", "format"):
        formats.setdefault(pk, set()).add(format)
    made = 0
    for pk in seen:
        if made < MOST_AT_ONCE and formats.get(pk) != set(renditions.ALL):
            # Those that fail are not counted: they must not stand in the others' way.
            subject = renditions.with_owner(model).get(pk=pk)
            made += bool(renditions.make_or_log(renditions.make_renditions, subject))


def _delete_orphans() -> None:
    """Files that a killed process or a rolled back transaction left in the public folder."""
    names = old_files(default_storage, FOLDER)
    for start in range(0, len(names), _BATCH):
        batch = names[start : start + _BATCH]
        kept = set(Rendition.objects.filter(file__in=batch).values_list("file", flat=True))
        for name in set(batch) - kept:
            default_storage.delete(name)
