"""Findings as rows: written when something is found, gone when it is put right.

Everything may be done twice and by two at once: what was written then is the same, and what came
too late is put right by the next night.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from django.contrib.contenttypes.models import ContentType
from django.db import OperationalError, models, transaction
from django.utils import timezone

from oda_portal.files import renditions
from oda_portal.publishing.parts import in_parts

from .checks import Found, Looked, look_at
from .models import Finding, Link, Measure
from .registry import Cared, all_cared, cared_of

log = logging.getLogger(__name__)

BATCH = 200
Change = tuple[str, str]


def look_after(cared: Cared, pks: Sequence[int]) -> int:
    """Look at these records and write down what they lack; how many findings there are."""
    with transaction.atomic():
        looked = look_at(cared, pks)
        kind = ContentType.objects.get_for_model(cared.model)
        _keep_findings(kind, pks, looked)
        _keep_links(kind, pks, looked)
    return len(looked.found)


def _keep_findings(kind: ContentType, pks: Sequence[int], looked: Looked) -> None:
    there = {
        (row.object_id, row.kind, row.column, row.about): row
        for row in Finding.objects.filter(content_type=kind, object_id__in=pks)
    }
    found = {one.key: one for one in looked.found}
    gone = [row.pk for key, row in there.items() if key not in found]
    Finding.objects.filter(pk__in=gone).delete()
    # In one order, so that two who look at once wait for each other and never both.
    new = [_row(kind, one, looked) for key, one in sorted(found.items()) if key not in there]
    Finding.objects.bulk_create(new, ignore_conflicts=True)
    for key, one in found.items():
        if key in there:
            _renew(there[key], one, _department_of(looked.rows[one.object_id]))


def _row(kind: ContentType, one: Found, looked: Looked) -> Finding:
    return Finding(
        content_type=kind,
        object_id=one.object_id,
        kind=one.kind,
        column=one.column,
        language=one.language,
        about=one.about,
        facts=dict(one.facts),
        fingerprint=one.fingerprint,
        department_id=_department_of(looked.rows[one.object_id]),
    )


def _department_of(row: models.Model) -> int | None:
    return getattr(row, "department_id", None)


def _renew(row: Finding, one: Found, department: int | None) -> None:
    """The same thing in another text is told of again, though somebody had called it fine."""
    if row.fingerprint != one.fingerprint:
        row.take_up(by=None)
        row.found_at = timezone.now()
    now = {
        "fingerprint": one.fingerprint,
        "facts": dict(one.facts),
        "department_id": department,
        "found_at": row.found_at,
    }
    if any(getattr(row, name) != value for name, value in now.items() if name != "found_at"):
        Finding.objects.filter(pk=row.pk).update(**now)


def _keep_links(kind: ContentType, pks: Sequence[int], looked: Looked) -> None:
    there: dict[tuple[int, str], int] = {
        (pk, target): link
        for link, pk, target in Link.objects.filter(
            content_type=kind, object_id__in=pks
        ).values_list("pk", "object_id", "target")
    }
    leads = {(pk, target) for pk, targets in looked.leads.items() for target in targets}
    gone = [link for key, link in there.items() if key not in leads]
    Link.objects.filter(pk__in=gone).delete()
    new = [
        Link(content_type=kind, object_id=pk, target=target)
        for pk, target in sorted(leads - there.keys())
    ]
    Link.objects.bulk_create(new, ignore_conflicts=True)


# --- what changed ---------------------------------------------------------------------------------


def take_in(changes: Iterable[Change]) -> None:
    """Look again at records that changed, came or went, and at those that lead to them."""
    for label, pks in sorted(_touched(set(changes)).items()):
        cared = cared_of(label)
        for batch in in_parts(sorted(pks), BATCH) if cared else ():
            _patiently(cared, batch)  # type: ignore[arg-type]


def _patiently(cared: Cared, pks: list[int]) -> int:
    """One record that cannot be looked at keeps no other from it."""
    try:
        return look_after(cared, pks)
    except OperationalError:  # nor can anything else be: it will be told again
        raise
    except Exception:
        log.exception("Not looked after: %s %s", cared.label, pks)
        return sum(_patiently(cared, [pk]) for pk in pks) if len(pks) > 1 else 0


def _touched(changes: set[Change]) -> dict[str, set[int]]:
    """The records that a change concerns, by model."""
    touched: dict[str, set[int]] = defaultdict(set)
    by_model: dict[str, list[str]] = defaultdict(list)
    for label, pk in changes:
        by_model[label].append(pk)
        if cared_of(label):
            touched[label].add(int(pk))
    for cared in all_cared():
        for model, owner in _below(cared):
            for batch in in_parts(by_model.get(model._meta.label_lower, []), BATCH):
                rows = model._base_manager.filter(pk__in=batch)
                touched[cared.label].update(rows.values_list(owner, flat=True))
    targets = [f"{label}:{pk}" for label, pk in changes]
    for batch in in_parts(targets, BATCH):
        rows = Link.objects.filter(target__in=batch)
        places = rows.values_list("content_type__app_label", "content_type__model", "object_id")
        for app, name, key in places:
            touched[f"{app}.{name}"].add(key)
    return touched


def _below(cared: Cared) -> Iterator[tuple[type[models.Model], str]]:
    """Models whose rows belong to a record, and the column that names it."""
    for part in cared.parts:
        yield part.model, part.owner
    for model in renditions.registered_models():
        owner = renditions.owner_of(model)
        if owner.related_model is cared.model:
            yield model, owner.name


# --- everything -----------------------------------------------------------------------------------


def look_after_everything() -> Iterator[tuple[Cared, int]]:
    """Batch by batch, while the site goes on serving; yields what each batch came to."""
    for cared in all_cared():
        last = 0
        while pks := _next(cared, last):
            yield cared, _patiently(cared, pks)
            last = pks[-1]
        _forget_gone(cared)
    known = ContentType.objects.get_for_models(*(cared.model for cared in all_cared())).values()
    Finding.objects.exclude(content_type__in=known).delete()
    Link.objects.exclude(content_type__in=known).delete()
    _forget_measures()


def _next(cared: Cared, last: int) -> list[int]:
    rows = cared.model._base_manager.order_by("pk").filter(pk__gt=last)
    return list(rows.values_list("pk", flat=True)[:BATCH])


def _forget_gone(cared: Cared) -> None:
    kind = ContentType.objects.get_for_model(cared.model)
    alive = cared.model._base_manager.order_by().values("pk")
    Finding.objects.filter(content_type=kind).exclude(object_id__in=alive).delete()
    Link.objects.filter(content_type=kind).exclude(object_id__in=alive).delete()


def _forget_measures() -> None:
    """Of files that no picture has any more."""
    unused = Measure.objects.all()
    for model in renditions.registered_models():
        names = model._base_manager.order_by().exclude(image="").values("image")
        unused = unused.exclude(name__in=names)
    unused.delete()
