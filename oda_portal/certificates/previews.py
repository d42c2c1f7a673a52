"""What issuing would do, shown to staff before they confirm; nothing is written or sent here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db import models

from oda_portal.mail.models import Message
from oda_portal.mail.previews import Shown, preview_of
from oda_portal.mail.rendering import Stationery

from . import mails, names, registry
from .models import Certificate
from .registry import CertificateKind

# Where the number will stand that is not yet drawn.
UNKNOWN_NUMBER = "····-····-····"


class Foreseen(NamedTuple):
    """What becomes of one subject: `why_not` is empty when it gets a certificate.

    `present`: the valid certificate that it has already; nothing changes then. `shown`: the mail,
    none where there is no account or nothing to tell.
    """

    subject: models.Model
    name: str
    why_not: str
    present: Certificate | None
    shown: Shown | None


def foresee(kind_name: str, subjects: Iterable[models.Model], *, language: str) -> list[Foreseen]:
    """For each subject, names as readers of `language` know them."""
    kind, stationery = registry.kind_of(kind_name), Stationery()
    rows = list(subjects)
    last = _last_of(kind, rows)
    return [_foreseen(kind, row, last.get(row.pk), stationery, language) for row in rows]


def letter_for(
    kind: CertificateKind, subject: models.Model, stationery: Stationery
) -> Shown | None:
    """The mail to the holder as it would be, but for the number; None for whom nobody tells."""
    reader = kind.reader_of(subject)
    if reader is None:
        return None
    news = mails.news_of(kind, number=UNKNOWN_NUMBER, language=reader.language)
    message = Message(
        kind=news.kind,
        language=reader.language,
        name=reader.name,
        context=news.context,
        path=news.path,
    )
    return preview_of(message, stationery)


def _last_of(kind: CertificateKind, rows: list[models.Model]) -> dict[int, Certificate]:
    """The last certificate of each, in one question."""
    if not rows:
        return {}
    known = Certificate.objects.filter(
        kind=kind.name,
        content_type__app_label=kind.model._meta.app_label,
        content_type__model=kind.model._meta.model_name,
        object_id__in=[row.pk for row in rows],
    )
    return {row.object_id: row for row in known.order_by("pk") if row.object_id is not None}


def _foreseen(
    kind: CertificateKind,
    subject: models.Model,
    last: Certificate | None,
    stationery: Stationery,
    language: str,
) -> Foreseen:
    name = names.known_as(dict(kind.facts(subject).names), language)[0]
    if last is not None and last.state == Certificate.State.VALID:
        return Foreseen(subject, name, "", last, None)
    why_not = str(Certificate.State.REVOKED.label) if last is not None else kind.rule(subject)
    letter = None if why_not else letter_for(kind, subject, stationery)
    return Foreseen(subject, name, str(why_not), None, letter)
