"""Issuing, revoking and reissuing certificates, one by one and in batches.

Of one subject there is one valid certificate, whoever asks how often and at once: a constraint of
the database decides, and whoever comes second gets what the first has made.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from oda_portal.mail.outbox import IMPATIENT

from . import mails, numbers, printing, registry, sheets
from .models import Batch, BatchRow, Certificate
from .models.certificates import LONGEST_NAME
from .names import clean
from .refusals import CannotPrintError, NotYetError, RefusedError
from .registry import CertificateKind, Script

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

log = logging.getLogger(__name__)


# --- one ----------------------------------------------------------------------------------------


def issue(kind_name: str, subject: models.Model, *, by: User | None) -> Certificate:
    """The valid certificate of this subject, made and told by mail if there is none.

    Raises NotYetError with the reason when the rule is not met, or when one was revoked (which
    only `reissue` undoes), and CannotPrintError for a sign that no font has. Nothing has changed
    then.
    """
    kind = registry.kind_of(kind_name)
    if found := _present(kind, subject):
        return found
    prepared = prepare(kind, subject, by=by)
    try:
        with transaction.atomic():
            return _write(prepared, kind, subject, by=by)
    except IntegrityError:
        # Somebody else was faster by a moment.
        if found := _present(kind, subject):
            return found
        raise


def prepare(kind: CertificateKind, subject: models.Model, *, by: User | None) -> Certificate:
    """The certificate as it would be, printed once to see that it can be, and not saved.

    Raises NotYetError and CannotPrintError.
    """
    check_rule(kind, subject)
    facts = kind.facts(subject)
    names = {script: clean(facts.names.get(script, "")) for script in Script}
    if not any(names.values()):
        raise NotYetError(_("The holder’s name is missing."))
    if max(map(len, names.values())) > LONGEST_NAME:
        raise CannotPrintError(_("The holder’s name is too long to be printed."))
    now = timezone.now().replace(microsecond=0)
    certificate = Certificate(
        code=numbers.new_number(),
        kind=kind.name,
        subject=subject,
        user=kind.holder(subject),
        language="zh-hans" if kind.language_of(subject) == "zh-hans" else "en",
        sheets=sheets.sheets_of(kind, facts, issued_on=timezone.localdate(now)),
        issued_at=now,
        issued_by=by,
        **{f"name_{script}": name for script, name in names.items()},
    )
    printing.pdf_of(certificate)
    return certificate


def check_rule(kind: CertificateKind, subject: models.Model) -> None:
    """Raises NotYetError with the reason, in words."""
    if reason := kind.rule(subject):
        raise NotYetError(str(reason))


def _present(kind: CertificateKind, subject: models.Model) -> Certificate | None:
    """The valid one; raises NotYetError when the last one was revoked on purpose."""
    last = Certificate.objects.about(kind.name, subject).first()
    if last is None or last.state == Certificate.State.VALID:
        return last
    day = formats.date_format(timezone.localtime(last.revoked_at), "DATE_FORMAT")
    raise NotYetError(
        _("Certificate %(number)s was revoked on %(day)s. Reissue it on its own page.")
        % {"number": last.code, "day": day}
    )


def _write(
    prepared: Certificate, kind: CertificateKind, subject: models.Model, *, by: User | None
) -> Certificate:
    """In the caller’s transaction: the row, its trail and its mail, if the rule still holds."""
    # Whoever takes back what the rule rests on waits for this, or was first and is seen.
    locked = kind.model._base_manager.select_for_update().filter(pk=subject.pk).first()
    if locked is None:
        raise NotYetError(_("The record that it is about no longer exists."))
    check_rule(kind, locked)
    prepared.save(force_insert=True)
    prepared.record_issue(by=by)
    mails.issued(prepared, kind, locked)
    return prepared


def revoke(certificate: Certificate, *, by: User, reason: str) -> bool:
    """Its public page says so from now on; False when it was not valid any more."""
    return certificate.revoke(by=by, reason=reason)


def reissue(certificate: Certificate, *, by: User, reason: str) -> Certificate:
    """Another with what is right today, in place of this one, told by mail.

    Raises NotYetError, also when it is reissued already, and CannotPrintError.
    """
    kind, subject = reissuable(certificate)
    prepared = prepare(kind, subject, by=by)
    make = partial(_write, prepared, kind, subject, by=by)
    try:
        successor = certificate.replace(make, by=by, reason=reason)
    except IntegrityError:  # the subject has got a valid one meanwhile, in another way
        successor = None
    if successor is None:
        raise NotYetError(_("It has already been reissued."))
    return successor


def reissuable(certificate: Certificate) -> tuple[CertificateKind, models.Model]:
    """What a new one would be made of; raises NotYetError when that is gone or done."""
    if certificate.state == Certificate.State.REISSUED:
        raise NotYetError(_("It has already been reissued."))
    subject = certificate.subject
    if subject is None or not registry.is_registered(certificate.kind):
        raise NotYetError(_("The record that it is about no longer exists."))
    return registry.kind_of(certificate.kind), subject


# --- many ---------------------------------------------------------------------------------------

# So many in one task: then others get their turn.
AT_A_TIME = 25


def start_batch(kind_name: str, subjects: Iterable[models.Model], *, by: User) -> Batch:
    """Issue to each of these, in the background; the batch tells how far it is."""
    kind = registry.kind_of(kind_name)
    with transaction.atomic():
        content_type = ContentType.objects.get_for_model(kind.model)
        batch = Batch.objects.create(kind=kind.name, content_type=content_type, asked_by=by)
        numbers_once = dict.fromkeys(subject.pk for subject in subjects)
        BatchRow.objects.bulk_create(BatchRow(batch=batch, object_id=pk) for pk in numbers_once)
        transaction.on_commit(lambda: ring(batch.pk), robust=True)
    return batch


def ring(batch_pk: int) -> None:
    """Call a worker; should none hear it, `certificates.resume` finds the batch."""
    from .tasks import issue_batch  # noqa: PLC0415  (the tasks import this module)

    with issue_batch.app.connection_for_write(transport_options=IMPATIENT) as broker:
        issue_batch.apply_async((batch_pk,), connection=broker, retry=False)


def work_off(batch: Batch, *, most: int = AT_A_TIME) -> bool:
    """Issue the next ones, each in a transaction of its own; whether more are waiting.

    Safe when killed and begun again, and with two at once. Cancelling stops it before the next.
    """
    for _turn in range(most):
        batch.refresh_from_db()
        if not batch.is_running:
            return False
        row = batch.rows.filter(state=BatchRow.State.WAITING).first()
        if row is None:
            batch.finish()
            return False
        _work_off_row(batch, row)
    return True


def _work_off_row(batch: Batch, row: BatchRow) -> None:
    # Reasons are read by whoever asked for the batch.
    language = batch.asked_by.preferred_language if batch.asked_by else settings.LANGUAGE_CODE
    with translation.override(language):
        _issue_row(batch, row)


def _issue_row(batch: Batch, row: BatchRow) -> None:
    try:
        kind = registry.kind_of(batch.kind)
        subject = kind.model._base_manager.filter(pk=row.object_id).first()
        if subject is None:
            raise NotYetError(_("The record that it is about no longer exists."))
        certificate = issue(batch.kind, subject, by=batch.asked_by)
    except RefusedError as refusal:
        row.failed(refusal.reason)
    except Exception:
        # One that fails must not keep the others; the log has what staff cannot mend.
        log.exception("a certificate of batch %s could not be issued: %s", batch.pk, row.object_id)
        row.failed(_("Something went wrong on our side. The log says what."))
    else:
        row.issued(certificate)
