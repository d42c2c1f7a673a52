"""The personal data in certificates: how long they are kept, and what is left of them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from oda_portal.privacy.destruction import BY_PERSON, destroy_all, destroy_row
from oda_portal.privacy.registry import Addressee, PersonalData, register

from . import registry
from .models import Batch, Certificate

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

CERTIFICATE, BATCH = "certificates.certificate", "certificates.batch"
YEAR = 365


def register_all() -> None:
    register(
        PersonalData(
            key=CERTIFICATE,
            label=_("Your certificates"),
            model=Certificate,
            born="issued_at",
            purpose=_(
                "Letting others check a certificate; after that only its number and state are kept"
            ),
            days=10 * YEAR,
            notice_days=30,
            due=_old,
            destroy=_forget,
            of=Certificate.objects.visible_to,
            person="user",
            addressee=_holder,
            export=_certificates,
            close=_close,
            position=45,
        )
    )
    register(
        PersonalData(
            key=BATCH,
            label=_("Batches of certificates"),
            model=Batch,
            born="asked_at",
            purpose=_("Seeing which certificates of a batch could not be issued, and why"),
            days=YEAR,
            due=lambda before: Batch.objects.filter(worked_at__lt=before),
            destroy=destroy_row,
        )
    )


def _old(before: datetime) -> models.QuerySet[Certificate]:
    return Certificate.objects.filter(issued_at__lt=before, forgotten_at=None)


def _holder(certificate: Certificate) -> Addressee | None:
    """The account, or whoever the mail with the certificate went to, while that is known."""
    if certificate.user is not None:
        return Addressee.of(certificate.user)
    subject = certificate.subject
    if subject is None or not registry.is_registered(certificate.kind):
        return None
    reader = registry.kind_of(certificate.kind).reader_of(subject)
    return Addressee(reader.email, reader.language, reader.name, reader.user) if reader else None


def _forget(certificate: Certificate, *, rule: str = "") -> None:
    """The row stays: a number on somebody’s paper must not become unknown, or another’s."""
    certificate.forget()


def _close(user: User) -> None:
    """Whoever leaves keeps the paper; of the number, it can still be told whether it is valid."""
    destroy_all(CERTIFICATE, Certificate.objects.visible_to(user), rule=BY_PERSON)


def _certificates(user: User) -> list[dict[str, Any]]:
    return [
        {
            "number": row.code,
            "state": row.state.value,
            "names": row.names,
            "says": row.sheets,
            "issued_at": row.issued_at,
            "no_longer_valid_since": row.revoked_at,
        }
        for row in Certificate.objects.visible_to(user).order_by("pk")
    ]
