"""The mail to whoever a certificate is issued; the only caller of the outbox in this room."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from oda_portal.languages import bare_path
from oda_portal.mail import kinds, outbox
from oda_portal.mail.models import Message

from .registry import CertificateKind

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

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


def news_of(kind: CertificateKind, *, number: str, user: User) -> News:
    with translation.override(user.preferred_language):
        context = {"certificate": str(kind.label), "number": number}
    return News(kind.mail, context, f"{_my_page()}#certificates")


def issued(certificate: Certificate, kind: CertificateKind) -> Message | None:
    """Once for each certificate; nobody is told who has no account."""
    user = certificate.user
    if user is None:
        return None
    news = news_of(kind, number=certificate.code, user=user)
    return outbox.post(
        news.kind,
        to=user.email,
        language=user.preferred_language,
        name=user.name,
        user=user,
        context=news.context,
        about=certificate,
        path=news.path,
        once=f"certificate:{certificate.pk}",
    )


def _my_page() -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return bare_path(reverse("accounts:my_page"))
