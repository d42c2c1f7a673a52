"""Destroying a person's record: its files, what was written about it, and the row itself."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.core.cache.backends.db import BaseDatabaseCache
from django.db import models, transaction
from django.db.models import Q

from oda_portal.audit.models import Transition

from . import consents, holding, ledger
from .models import Hold, RetentionNotice
from .registry import PersonalData, entry_of, traces

# The rule in the ledger where somebody closed their account, and no period was over.
BY_PERSON = "closed by the person"

log = logging.getLogger(__name__)


def destroy(entry: PersonalData, pk: int, *, rule: str, due_before: datetime | None = None) -> bool:
    """Destroy one record with all that hangs on it; False when it is gone or no longer due.

    Raises HeldError, with nothing changed, when anything of it is on hold.
    Safe at once and twice. Files go before the row: a process killed in between leaves a row
    without files, which is destroyed the next time, and never a file without a row.
    """
    with transaction.atomic():
        if (found := entry.model._base_manager.filter(pk=pk).first()) is None:
            return False
        entry.lock(found)
        # Not against those who only point to it: they may hold what `entry.destroy` waits for.
        rows = entry.model._base_manager.select_for_update(no_key=True)
        row = rows.filter(pk=pk).first()
        if row is None:
            return False
        if due_before is not None and not _is_due(entry, row, due_before):
            return False
        gone, along = family(row), list(entry.along(row))
        holding.refuse(gone, along=along)
        ledger.write(entry.key, pk, rule=rule)
        destroy_files(row)
        numbers = {model: [one.pk for one in rows] for model, rows in gone.items()}
        beside = [(type(other), other.pk) for other in along]
        entry.destroy(row, rule=rule)
        for model, gone_too in _gone(beside).items():
            numbers.setdefault(model, []).extend(gone_too)
        # Deleting leaves words too: the last line of a history.
        wipe_traces(numbers)
        RetentionNotice.objects.filter(key=entry.key, object_id=pk).delete()
    return True


def _gone(rows: list[tuple[type[models.Model], int]]) -> dict[type[models.Model], list[int]]:
    """Those of these rows that are not there any more."""
    found: dict[type[models.Model], list[int]] = {}
    for model, pk in rows:
        found.setdefault(model, []).append(pk)
    for model, numbers in found.items():
        left = set(model._base_manager.filter(pk__in=numbers).values_list("pk", flat=True))
        found[model] = [pk for pk in numbers if pk not in left]
    return found


def _is_due(entry: PersonalData, row: models.Model, before: datetime) -> bool:
    return entry.due(before).filter(pk=row.pk).exists() and not entry.needed(row)


def destroy_all(key: str, rows: models.QuerySet[Any], *, rule: str) -> int:
    """Destroy each of these rows of an entry now, due or not: for closing an account.

    Raises HeldError before the first is gone, files included, when any of them is on hold.
    """
    entry = entry_of(key)
    if entry is None:
        raise ValueError(f"nothing registers {key}")
    found = list(rows)
    for row in found:
        holding.refuse(family(row), along=entry.along(row))
    return sum(destroy(entry, row.pk, rule=rule) for row in found)


def destroy_row(row: models.Model, *, rule: str = "") -> None:
    """What most entries give as `destroy`."""
    row.delete()


def destroy_files(row: models.Model) -> None:
    """Delete the files of this row, and of all that the database deletes with it."""
    for model, rows in family(row).items():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.FileField):
                for file in filter(None, (getattr(one, field.name) for one in rows)):
                    file.storage.delete(file.name)


def wipe_traces(rows: dict[type[models.Model], list[int]]) -> None:
    """Mails about these rows, their history, reasons in the trail of states, the admin's log.

    That something happened, when and by whom, stays; the words go, which may hold a name.
    """
    message = apps.get_model("mail", "Message")
    for model, numbers in rows.items():
        content_type = ContentType.objects.get_for_model(model)
        trail = Transition.objects.filter(content_type=content_type, object_id__in=numbers)
        trail.exclude(reason="").update(reason="")
        acts = LogEntry.objects.filter(content_type=content_type, object_id__in=map(str, numbers))
        acts.update(object_repr="", change_message="")
        about = Hold.objects.filter(content_type=content_type, object_id__in=numbers)
        about.exclude(reason="").update(reason="")
        delete_mails(message.objects.filter(about_type=content_type, about_id__in=numbers))
        if hasattr(model, "history"):
            model.history.filter(**{f"{model._meta.pk.attname}__in": numbers}).delete()
    for wipe in traces():
        wipe(rows)


def forget_kept_pages() -> None:
    """Kept pages are shown no more once rows change, and Redis drops them within a minute.

    A table keeps their bytes until it is full.
    """
    pages = caches["pages"]
    if isinstance(pages, BaseDatabaseCache):
        pages.clear()


def family(row: models.Model) -> dict[type[models.Model], list[Any]]:
    """The row and all that goes with it by cascade, by model."""
    found: dict[type[models.Model], list[Any]] = {type(row): [row]}
    waiting = [row]
    while waiting:
        parent = waiting.pop()
        for children in _children(parent):
            known = found.setdefault(children.model, [])
            fresh = [child for child in children if child not in known]
            known += fresh
            waiting += fresh
    return {model: rows for model, rows in found.items() if rows}


def _children(parent: models.Model) -> Iterator[models.QuerySet[Any]]:
    """What Django deletes with the parent: by foreign keys, and by generic relations."""
    for relation in parent._meta.related_objects:
        if relation.on_delete is models.CASCADE:
            rows = relation.related_model._base_manager
            yield rows.filter(**{relation.field.name: parent})
    for field in parent._meta.private_fields:
        if isinstance(field, GenericRelation):
            kind = ContentType.objects.get_for_model(parent, field.for_concrete_model)
            names = field.content_type_field_name, field.object_id_field_name
            rows = field.related_model._base_manager
            yield rows.filter(**dict(zip(names, (kind, parent.pk), strict=True)))


def wipe_mails_to(user: Any) -> None:
    """Every mail that went, or was to go, to this account."""
    delete_mails(mails_of(user))


def mails_of(user: Any) -> models.QuerySet[Any]:
    """To the account, or to one of its addresses before there was an account."""
    own = Q(user=user)
    for address in {user.email, *user.emailaddress_set.values_list("email", flat=True)}:
        own |= Q(to__iexact=address)
    return apps.get_model("mail", "Message").objects.filter(own)


def delete_mails(rows: models.QuerySet[Any]) -> None:
    """With the words about them. Those on hold stay; their own period takes them afterwards."""
    if holding.is_kind_held(rows.model):
        return
    free = rows.exclude(pk__in=holding.numbers_of(rows.model))
    if numbers := list(free.values_list("pk", flat=True)):
        rows.model._base_manager.filter(pk__in=numbers).delete()
        wipe_traces({rows.model: numbers})


def destroy_again() -> int:
    """After a restore: destroy once more what the ledger says was destroyed; how many rows.

    Consents that were taken back are taken back again, with what follows from that. A row that
    was made after the entry was written is another's, with a number given out again. What the
    backup says of holds is older than the destruction, and keeps nothing.
    """
    with holding.set_aside():
        destroyed = sum(_done_again(line) for line in ledger.lines())
    forget_kept_pages()
    return destroyed


def _done_again(line: ledger.Line) -> bool:
    if line.key == consents.TAKEN_BACK:
        is_back = consents.take_back_again(line.object_id, given_before=line.at)
        ledger.keep(line)
        return is_back
    entry = entry_of(line.key)
    if entry is None:
        log.error("the ledger names %s, which nothing registers any more", line.key)
        return False
    rows = entry.model._base_manager.filter(pk=line.object_id, **{f"{entry.born}__lte": line.at})
    is_gone = rows.exists() and destroy(entry, line.object_id, rule=line.rule)
    ledger.keep(line)
    return is_gone
