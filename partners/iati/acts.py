"""Receiving a partner's file, reading it, and taking it over: whole, or not at all."""

from __future__ import annotations

import hashlib
import zlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from oda_portal.mail.outbox import IMPATIENT
from oda_portal.opendata.iati.reading import Document, UnreadableError
from oda_portal.publishing import changes
from oda_portal.publishing.models import Status
from partners.models import (
    IatiFile,
    IatiFileEntry,
    Organisation,
    PartnerActivity,
    PartnerActivitySector,
)

from .comparing import LIMITS, Comparison, Entry, NotTheirsError, Problems, Verdict
from .countries import keys_of

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

# Imports take turns: an advisory lock of PostgreSQL; SQLite has one writer anyway.
LOCK = 0x69617469  # "iati"
WRITTEN = (Verdict.NEW, Verdict.CHANGED)
# What an import does not say: staff published or took down, and since when it is here.
NOT_UPDATED = {"id", "status", "publish_at", "expire_at", "created_at", "department", "identifier"}


def receive(
    content: bytes, *, organisation: Organisation, licence: str, url: str, by: User
) -> IatiFile:
    """Keep a file and have it read. The same file of the same organisation is kept once."""
    fingerprint = hashlib.sha256(content).hexdigest()
    try:
        with transaction.atomic():
            file = IatiFile.objects.create(
                organisation=organisation,
                licence=licence,
                url=url,
                content=zlib.compress(content),
                size=len(content),
                sha256=fingerprint,
                by=by,
            )
            transaction.on_commit(lambda: ring(file.pk), robust=True)
    except IntegrityError:
        here = IatiFile.objects.light().filter(organisation=organisation, sha256=fingerprint)
        known = here.filter(state__in=IatiFile.OPEN).first()
        # Decided on in the meantime: then it may be sent once more.
        return known or receive(content, organisation=organisation, licence=licence, url=url, by=by)
    return file


def confirm(file: IatiFile, *, by: User, agreed: bool = False) -> bool:
    """Have it taken over; False when it was confirmed or discarded before.

    A file with remarks reports as somebody else, whose identifiers it takes: `agreed` says that
    staff looked at that, and without it nothing happens either.
    """
    with transaction.atomic():
        current = IatiFile.objects.light().select_for_update().get(pk=file.pk)
        confirmed = (agreed or not current.remarks) and file.confirm(by=by)
        if confirmed:
            transaction.on_commit(lambda: ring(file.pk), robust=True)
    return confirmed


def ring(file_pk: int) -> None:
    """Call a worker; should none hear it, `partners.resume_iati` finds the file."""
    from .tasks import work_on_iati  # noqa: PLC0415  (the tasks import this module)

    with work_on_iati.app.connection_for_write(transport_options=IMPATIENT) as broker:
        work_on_iati.apply_async((file_pk,), connection=broker, retry=False)


def work_on(file: IatiFile) -> None:
    """Whatever is to be done with it now. Safe to repeat, and with two at once."""
    with translation.override(_language_of(file)):
        try:
            if file.state == IatiFile.State.WAITING:
                read(file)
            elif file.state == IatiFile.State.CONFIRMED:
                take_over(file)
        except (UnreadableError, NotTheirsError) as reason:
            file.refuse(str(reason))


def give_up(file: IatiFile) -> None:
    """It was begun again and again, and never came to an end."""
    with translation.override(_language_of(file)):
        file.refuse(_("The file was begun several times and never finished. Please divide it."))


def _language_of(file: IatiFile) -> str:
    return file.by.preferred_language if file.by else settings.LANGUAGE_CODE


def read(file: IatiFile) -> None:
    """The dry run: nothing but the file's own report is written."""
    comparison, document = Comparison(file), _document(file)
    lines: list[IatiFileEntry] = []
    for part in comparison.parts(document):
        lines += _lines(part, file, len(lines))
        working = IatiFile.objects.filter(pk=file.pk)
        working.update(done=len(lines), worked_at=timezone.now())
    if not lines:
        raise UnreadableError(_("The file holds no activities."))
    with transaction.atomic():
        if file.was_read(iati_version=document.version, **_report(comparison, len(lines))):
            _keep(file, lines)


def take_over(file: IatiFile) -> bool:
    """In one transaction, compared anew with what is there now; False when it was done before."""
    with transaction.atomic():
        _one_at_a_time()
        file.refresh_from_db(fields=["state", "content"])
        if file.state != IatiFile.State.CONFIRMED:
            return False
        comparison, document = Comparison(file), _document(file)
        lines: list[IatiFileEntry] = []
        found = {entry.position: entry for entry in file.entries.all()}
        for part in comparison.parts(document, checked=False):
            _remember(part, found, len(lines))
            _write([entry for entry in part if entry.verdict in WRITTEN], file)
            lines += _lines(part, file, len(lines))
        file.was_taken(**_report(comparison, len(lines)))
        _keep(file, lines)
        if any(line.verdict in WRITTEN for line in lines):
            changes.mark(PartnerActivity.objects.filter(file=file)[0])
    return True


def _remember(part: list[Entry], found: dict[int, IatiFileEntry], first: int) -> None:
    """What the checker found when the file was read; it is the same file."""
    for position, entry in enumerate(part, first):
        before = found[position]
        entry.problems = Problems(before.errors, before.warnings, before.problems)


def _document(file: IatiFile) -> Document:
    document = Document(zlib.decompress(file.content or b""), LIMITS)
    if document.of_organisations:
        sentence = _("This is a file about organisations; one about activities is wanted.")
        raise UnreadableError(sentence)
    return document


def _one_at_a_time() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _report(comparison: Comparison, number: int) -> dict:
    return {
        "done": number,
        "remarks": comparison.remarks(),
        "missing": comparison.missing(),
        "worked_at": timezone.now(),
    }


def _lines(part: list[Entry], file: IatiFile, first: int) -> list[IatiFileEntry]:
    """What is kept until the end of the file, and that is not the texts of its activities."""
    return [
        IatiFileEntry(
            file=file,
            position=position,
            identifier=entry.row.identifier[:200],
            title=entry.row.title[:300],
            verdict=entry.verdict,
            reason=entry.reason[:400],
            errors=entry.problems.errors,
            warnings=entry.problems.warnings,
            problems=entry.problems.words,
        )
        for position, entry in enumerate(part, first)
    ]


def _keep(file: IatiFile, lines: list[IatiFileEntry]) -> None:
    file.entries.all().delete()
    IatiFileEntry.objects.bulk_create(lines, batch_size=500)


def _write(entries: list[Entry], file: IatiFile) -> None:
    """New ones are public at once; of the others what staff decided stays."""
    if not entries:
        return
    names = [field.name for field in PartnerActivity._meta.concrete_fields]
    PartnerActivity.objects.bulk_create(
        [_activity(entry, file) for entry in entries],
        update_conflicts=True,
        unique_fields=["identifier"],
        update_fields=[name for name in names if name not in NOT_UPDATED],
    )
    written = [entry.row.identifier for entry in entries]
    keys = dict(
        PartnerActivity.objects.filter(identifier__in=written).values_list("identifier", "pk")
    )
    _link(entries, keys)


def _activity(entry: Entry, file: IatiFile) -> PartnerActivity:
    return PartnerActivity(
        organisation=file.organisation,
        file=file,
        licence=file.licence,
        identifier=entry.row.identifier,
        status=Status.PUBLISHED,
        problems=entry.problems.words,
        **entry.row.fields,
    )


def _link(entries: list[Entry], keys: dict[str, int]) -> None:
    """Countries, also those that the site did not know, and sectors, in place of those before."""
    countries = keys_of(code for entry in entries for code in entry.row.countries)
    through = PartnerActivity.countries.through
    through.objects.filter(partneractivity__in=keys.values()).delete()
    PartnerActivitySector.objects.filter(activity__in=keys.values()).delete()
    through.objects.bulk_create(
        through(partneractivity_id=keys[entry.row.identifier], country_id=countries[code])
        for entry in entries
        for code in entry.row.countries
        if code in countries
    )
    PartnerActivitySector.objects.bulk_create(
        PartnerActivitySector(
            activity_id=keys[entry.row.identifier],
            vocabulary=vocabulary,
            code=code,
            percentage=part,
        )
        for entry in entries
        for vocabulary, code, part in entry.row.sectors
    )
