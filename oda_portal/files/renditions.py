"""Sizes and formats in which public pictures are given out.

A picture's renditions exist exactly while it may be seen: `refresh` is called by whoever saves,
publishes or withdraws, `forget_deleted` by whoever deletes, and the sweep makes up for what was
missed and for what changes by the clock.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from celery import current_app
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q

from oda_portal.previewing.looking import present_look

from .encoding import WIDTHS, Encoded, encode
from .models import Rendition, rendition_name
from .storages import public_storage

logger = logging.getLogger(__name__)

ALL = tuple(Rendition.Format)

# What staff see in the moment in which they save; the worker makes the rest.
FIRST_WIDTH = 960
# Saving a programme with more pictures must not take long: the worker makes those too.
FIRST_AT_ONCE = 8

_registered: dict[type[models.Model], str] = {}


def register(model: type[models.Model], *, owner: str) -> None:
    """`model` has `image` and `may_be_seen()`; `owner` names the field of what publishes it."""
    _registered[model] = owner


def is_registered(model: type[models.Model]) -> bool:
    return model in _registered


def registered_models() -> list[type[models.Model]]:
    return list(_registered)


def owner_of(model: type[models.Model]) -> Any:
    """The field of a registered model that names what publishes its pictures."""
    return model._meta.get_field(_registered[model])


def with_owner(model: type[models.Model]) -> models.QuerySet:
    """All rows of a registered model, newest first, with what decides whether they are seen."""
    return model._base_manager.select_related(_registered[model]).order_by("-pk")


def pictured(model: type[models.Model]) -> models.QuerySet:
    return with_owner(model).exclude(image="")


def all_of(model: type[models.Model]) -> models.QuerySet[Rendition]:
    # By name instead of get_for_model, which costs a query the first time.
    return Rendition.objects.filter(
        content_type__app_label=model._meta.app_label,
        content_type__model=model._meta.model_name,
    )


def renditions_for(shown: Iterable[Any]) -> dict[int, list[Rendition]]:
    """Renditions of pictures of one model by primary key, in one query for all of them."""
    rows = {row.pk: row for row in shown if row.image}
    if not rows:
        return {}
    found: dict[int, list[Rendition]] = {}
    model = type(next(iter(rows.values())))
    for rendition in all_of(model).filter(object_id__in=rows):
        # What was made of an earlier picture may wait for its removal.
        if rendition.original == rows[rendition.object_id].image.name:
            found.setdefault(rendition.object_id, []).append(rendition)
    if look := present_look():
        found |= {pk: look.stand_ins(row) for pk, row in rows.items() if pk not in found}
    return found


def is_complete(made: Iterable[Rendition]) -> bool:
    """Whether nothing is left to make: what the first one lacks is written in one transaction."""
    return {rendition.format for rendition in made} == set(ALL)


def make_renditions(
    subject: Any, formats: Collection[str] = ALL, *, steps: Sequence[int] = WIDTHS
) -> list[Rendition]:
    """Make what is missing and store it, if the picture may still be seen by then.

    Raises OSError, or what Pillow raises, when the original cannot be read or nothing stored.
    """
    original = subject.image.name
    skip = set(_pairs(subject, original))
    with subject.image.storage.open(original) as stored:
        encoded = encode(stored, formats, steps=steps, skip=skip)
    return _store(subject, original, encoded) if encoded else []


def make_first_rendition(subject: Any) -> list[Rendition]:
    """One JPEG at once, so that whoever saved the picture sees it on the site."""
    return make_renditions(subject, [Rendition.Format.JPEG], steps=[FIRST_WIDTH])


def remove_renditions(subject: models.Model) -> int:
    """Take a picture out of the public folder; the number of files that go at the commit."""
    return remove(all_of(type(subject)).filter(object_id=subject.pk))


def remove_unseen(subject: Any) -> None:
    """Remove all renditions of what may not be seen, otherwise those of an earlier picture."""
    rows = all_of(type(subject)).filter(object_id=subject.pk)
    remove(rows.exclude(original=subject.image.name) if subject.may_be_seen() else rows)


def refresh(*changed: models.Model) -> None:
    """Make or remove what has to be, after pictures or what publishes them were saved or moved.

    To be called inside the transaction of the change: what must not be seen goes with it, and the
    first rendition of each new picture is there when the request ends.
    """
    for model in _registered:
        rows = _rows_of(model, changed)
        made = renditions_for(rows)
        for row in rows:
            remove_unseen(row)
        incomplete = [
            row.pk for row in rows if row.may_be_seen() and not is_complete(made.get(row.pk, []))
        ]
        if incomplete:
            _after_commit(_begin, model, incomplete)
    forget_deleted()


def forget_deleted() -> None:
    """Remove renditions of pictures that are no more; to be called after a deletion."""
    for model in _registered:
        alive = model._base_manager.filter(pk=OuterRef("object_id"))
        remove(all_of(model).exclude(Exists(alive)))


def remove(rows: models.QuerySet[Rendition]) -> int:
    """Delete renditions, and their files when that is committed."""
    with transaction.atomic():
        names = list(rows.values_list("file", flat=True))
        if names:
            rows.delete()
            _after_commit(_delete_files, names)
    return len(names)


def _pairs(subject: models.Model, original: str) -> models.QuerySet:
    mine = all_of(type(subject)).filter(object_id=subject.pk, original=original)
    return mine.values_list("format", "width")


def _rows_of(model: type[models.Model], changed: Iterable[models.Model]) -> list[Any]:
    """Rows of a registered model among what changed, or published by it; fresh from the table."""
    owner = model._meta.get_field(_registered[model])
    wanted = Q(pk__in=[])
    for thing in changed:
        if type(thing) is model:
            wanted |= Q(pk=thing.pk)
        elif type(thing) is owner.related_model:
            wanted |= Q(**{owner.name: thing.pk})
    return list(with_owner(model).filter(wanted))


def _begin(model: type[models.Model], pks: list[int]) -> None:
    """The first renditions now, the rest by the worker."""
    for subject in pictured(model).filter(pk__in=pks[:FIRST_AT_ONCE]):
        make_or_log(make_first_rendition, subject)
    for pk in pks:
        current_app.send_task("files.make_renditions", [model._meta.label_lower, pk])


def make_or_log(make: Callable[[Any], list[Rendition]], subject: Any) -> list[Rendition]:
    """A picture that cannot be read must not keep anybody from saving, or others from theirs."""
    try:
        return make(subject)
    except Exception:
        logger.exception("No renditions of %s %s", subject._meta.label_lower, subject.pk)
        return []


def _store(subject: Any, original: str, encoded: Iterable[Encoded]) -> list[Rendition]:
    """Files and rows together, or neither."""
    names: list[str] = []
    try:
        with transaction.atomic():
            if not _is_still_seen(subject, original):
                return []
            made = []
            there = set(_pairs(subject, original))
            for picture in encoded:
                # Another process may have been faster.
                if (picture.format, picture.width) not in there:
                    made.append(_write(subject, original, picture, names))
            return made
    except BaseException:
        _delete_files(names)
        raise


def _is_still_seen(subject: Any, original: str) -> bool:
    """Asked under a lock on the owner, so that a withdrawal comes before this or after it.

    Before: nothing is stored. After: what was stored is found and removed.
    """
    model = type(subject)
    owner = model._meta.get_field(_registered[model])
    owners = owner.related_model._base_manager.filter(pk=getattr(subject, owner.attname))
    list(owners.select_for_update(no_key=True))
    fresh = pictured(model).filter(pk=subject.pk).first()
    return fresh is not None and fresh.image.name == original and fresh.may_be_seen()


def _write(subject: Any, original: str, picture: Encoded, names: list[str]) -> Rendition:
    """Store one file and its row; `names` has the file's name before there is a file."""
    row = Rendition(
        subject=subject,
        original=original,
        format=picture.format,
        width=picture.width,
        height=picture.height,
    )
    names.append(rendition_name(row, ""))
    row.file.name = public_storage().save(names[-1], ContentFile(picture.content))
    row.save()
    return row


def _delete_files(names: Iterable[str]) -> None:
    """Without a row none of them is given out; what cannot be deleted now goes with the sweep."""
    for name in names:
        try:
            public_storage().delete(name)
        except OSError:
            logger.exception("A rendition could not be deleted")


def _after_commit(act: Callable[..., None], *values: Any) -> None:
    """Django can tell of what fails then by the name of a function alone, not of a partial."""
    transaction.on_commit(lambda: act(*values), robust=True)
