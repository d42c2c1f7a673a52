"""What makes up for everything that was missed: kills, lost tasks, expiry by the clock."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from django.db import models

from . import renditions
from .fields import checked_fields
from .models import Rendition
from .staging import old_files
from .storages import Store, private_storage, public_storage

FOLDER = "renditions"
# One sweep must be over before the next begins, five minutes later.
MOST_AT_ONCE = 25
_BATCH = 500
# Where originals wait that no row names any more: long enough to notice a mistake, and for the
# database of some weeks ago to find its files again.
ASIDE = "replaced"
KEPT_ASIDE = timedelta(days=30)


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
    storage = public_storage()
    names = old_files(storage, FOLDER)
    for start in range(0, len(names), _BATCH):
        batch = names[start : start + _BATCH]
        kept = set(Rendition.objects.filter(file__in=batch).values_list("file", flat=True))
        for name in set(batch) - kept:
            storage.delete(name)


def sweep_originals() -> None:
    """Put aside originals that no row names any more, and bring back those that one names again.

    Histories do not count: what they name is told there and never shown.
    """
    storage = private_storage()
    for folder in {str(model._meta.model_name) for model, _field in checked_fields()}:
        _bring_back(storage, folder)
        for name in old_files(storage, f"{ASIDE}/{folder}", KEPT_ASIDE):
            storage.delete(name)
        stored = old_files(storage, folder)
        for name in set(stored) - _named(stored):
            _move(storage, name, f"{ASIDE}/{name}")


def is_there(name: str) -> bool:
    """Whether this original is at hand, or waits to be deleted and can be brought back."""
    storage = private_storage()
    return storage.exists(name) or storage.exists(f"{ASIDE}/{name}")


def bring_back(name: str) -> bool:
    """Have an original that is named again in its place at once; False when it is lost."""
    storage = private_storage()
    if not storage.exists(name):
        _move(storage, f"{ASIDE}/{name}", name)
    return storage.exists(name)


def _bring_back(storage: Store, folder: str) -> None:
    """The database may be one of some days ago, or a row was not committed in time."""
    waiting = old_files(storage, f"{ASIDE}/{folder}", timedelta(0))
    for name in _named([name.removeprefix(f"{ASIDE}/") for name in waiting]):
        _move(storage, f"{ASIDE}/{name}", name)


def _named(names: list[str]) -> set[str]:
    """Those of the names that any row of any model holds."""
    found: set[str] = set()
    for start in range(0, len(names), _BATCH):
        batch = names[start : start + _BATCH]
        for model, field in checked_fields():
            rows = model._base_manager.filter(**{f"{field.name}__in": batch})
            found.update(rows.values_list(field.name, flat=True))
    return found


def _move(storage: Store, name: str, to: str) -> None:
    """Another sweep may have been faster. From then on it counts how long it waits there."""
    with suppress(FileNotFoundError):
        storage.move(name, to)
