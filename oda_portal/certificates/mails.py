"""The mail to whoever a certificate is issued; the only caller of the outbox in this room."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from oda_portal.languages import bare_path
from oda_portal.mail import kinds, outbox
from oda_portal.mail.models import Message

from .registry import CertificateKind

if TYPE_CHECKING:
    from .models import Certificate

# What every mail about a certificate may say; a kind of an app’s own takes exactly these.
PLACEHOLDERS: dict[str, kinds.Words] = {
    "certificate": _("what the certificate is called"),
    "number": _("its number"),
}
SAMPLE: dict[str, kinds.Words] = {
    "certificate": _("Volunteer service certificate"),
    "number": "K7QM-F4XW-P2RT",
}


class News(NamedTuple):
    """A mail as it would be posted: its kind, and what it says."""

    kind: str
    context: dict[str, str]
    path: str


def register() -> None:
    kinds.register(
        kinds.Kind(
            name="certificate_issued",
            label=_("Certificate issued"),
            group=_("Certificates"),
            placeholders=PLACEHOLDERS,
            sample=SAMPLE,
            button=_("Go to my certificates"),
        )
    )


def news_of(kind: CertificateKind, *, number: str, language: str) -> News:
    with translation.override(language):
        context = {"certificate": str(kind.label), "number": number}
    return News(kind.mail, context, f"{_my_page()}#certificates")


def issued(
    certificate: Certificate, kind: CertificateKind, subject: models.Model
) -> Message | None:
    """Once for each certificate; None where the kind knows nobody to tell."""
    reader = kind.reader_of(subject)
    if reader is None:
        return None
    news = news_of(kind, number=certificate.code, language=reader.language)
    return outbox.post(
        news.kind,
        to=reader.email,
        language=reader.language,
        name=reader.name,
        user=reader.user,
        context=news.context,
        about=certificate,
        path=news.path,
        once=f"certificate:{certificate.pk}",
    )


def _my_page() -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return bare_path(reverse("accounts:my_page"))
