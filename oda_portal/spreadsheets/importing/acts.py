"""Receiving a spreadsheet, having it checked, and having applied what the check showed."""

from __future__ import annotations

import hashlib
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from oda_portal.jobs.actions import start
from oda_portal.jobs.refusals import JobRefusedError

from . import heads, registry
from .applying import Applier
from .checking import Checker, Line
from .models import Import, ImportRow
from .reading import UnreadableError, check_file
from .rights import rights_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from oda_portal.accounts.models import User
    from oda_portal.jobs.models import Job

    from .registry import Importable

CHECK, APPLY = "spreadsheets.check", "spreadsheets.apply"
PART = 100


@transaction.atomic
def receive(content: bytes, *, name: str, ending: str, importable: Importable, by: User) -> Import:
    """Keep a file and have it compared with what is stored."""
    source = Import.objects.create(
        content_type=ContentType.objects.get_for_model(importable.model),
        asked_by=by,
        file_name=name[:200],
        ending=ending,
        content=content,
    )
    _start(source, CHECK, _("Check before importing: %(file)s"), by=by)
    return source


@transaction.atomic
def confirm(source: Import, *, by: User, shown: str) -> bool:
    """Have applied what was shown; False when it was decided before, or is not what was shown."""
    if shown != digest_of(source) or not source.confirm(by=by):
        return False
    _start(source, APPLY, _("Import: %(file)s"), by=by, total=to_write(source).count())
    return True


@transaction.atomic
def go_on(source: Import, *, by: User) -> bool:
    """Begin the work again where it was stopped. False when it is being worked on, or over."""
    current = Import.objects.light().select_for_update(of=("self",)).select_related("job")
    source = current.get(pk=source.pk)
    if not source.stopped:
        return False
    if source.state == Import.State.READING:
        _start(source, CHECK, _("Check before importing: %(file)s"), by=by)
    else:
        _start(source, APPLY, _("Import: %(file)s"), by=by, total=to_write(source).count())
    return True


def leave(source: Import, *, by: User) -> bool:
    """Write nothing more: what stands stays, and the rest is not written."""
    return source.stopped and source.leave(by=by)


def _start(source: Import, kind: str, title: str, *, by: User, total: int | None = None) -> None:
    arguments = {"import": source.pk}
    title = title % {"file": source.file_name}
    source.job = start(kind, by=by, total=total, arguments=arguments, title=title)
    Import.objects.filter(pk=source.pk).update(job=source.job)


def to_write(source: Import) -> Any:
    waiting = ImportRow.Outcome.WAITING
    return source.rows.filter(verdict__in=ImportRow.WRITES, outcome=waiting)


def digest_of(source: Import) -> str:
    """Of all that its rows would write: what travels with the form that confirms it."""
    digest = hashlib.sha256()
    rows = source.rows.values_list("number", "verdict", "object_id", "version", "changes")
    for row in rows.iterator(chunk_size=500):
        digest.update(repr(row).encode())
    return digest.hexdigest()


# --- the work itself ----------------------------------------------------------------------------


def check(job: Job) -> Iterator[None]:
    """The dry run, in parts of a hundred rows. Begun again it skips what it has."""
    source = (
        Import.objects.select_related("content_type").filter(pk=job.arguments["import"]).first()
    )
    if source is None or source.state != Import.State.READING:
        return
    try:
        yield from _check(job, source)
    except (UnreadableError, ValidationError) as reason:
        sentence = " ".join(getattr(reason, "messages", [str(reason)]))
        source.refuse(sentence)
        raise JobRefusedError(sentence) from reason


def _check(job: Job, source: Import) -> Iterator[None]:
    if job.asked_by is None:
        raise JobRefusedError(_("The account that asked for it has been closed."))
    importable = _importable_of(source)
    content = bytes(source.content or b"")
    source.content = None
    check_file(content, source.ending)
    found, rows = heads.read(content, source.ending, importable)
    if job.total is None:
        job.total = sum(1 for _row in heads.read(content, source.ending, importable)[1])
        source.columns = [column.name for column in found.columns.values()]
        source.passed_over = list(found.passed_over.values())
        Import.objects.filter(pk=source.pk).update(
            columns=source.columns, passed_over=source.passed_over
        )
        yield
    if not job.total:
        raise UnreadableError(_("There are no rows below the names of the columns."))
    checker = Checker(source, importable, rights_of(job.asked_by, importable.model))
    done = set(source.rows.values_list("number", flat=True))
    lines = ((number, found.cells(row)) for number, row in rows if number not in done)
    while part := list(islice(lines, PART)):
        _check_part(job, source, checker, part)
        yield
    source.was_read()


def _check_part(job: Job, source: Import, checker: Checker, part: list[Line]) -> None:
    with job.part():
        ImportRow.objects.bulk_create(checker.part(part), batch_size=PART)
        job.done = source.rows.count()


def apply(job: Job) -> Iterator[None]:
    """What was confirmed, in parts of a hundred rows, each whole or not at all."""
    sources = Import.objects.light().select_related("content_type")
    source = sources.filter(pk=job.arguments["import"]).first()
    if source is None or source.state != Import.State.APPLYING or job.asked_by is None:
        return
    applier = Applier(_importable_of(source), by=job.asked_by)
    while True:
        with job.part():
            rows = list(to_write(source).select_for_update()[:PART])
            for row, reason in applier.part(rows).items():
                job.note(row.number, f"{row.title or row.key}: {reason}", failed=True)
            job.done += len(rows)
        if not rows:
            break
        yield
    source.was_applied()


def _importable_of(source: Import) -> Importable:
    try:
        return registry.importable_of(source.model)
    except (LookupError, KeyError) as error:
        raise JobRefusedError(_("Records of this kind cannot be imported any more.")) from error


def title_of(importable: Importable) -> str:
    return str(capfirst(importable.model._meta.verbose_name_plural))
