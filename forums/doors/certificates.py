"""The certificate of attendance: when it may be issued, what it says, and the link to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from forums.models import Forum, Registration
from oda_portal.certificates import mails, printing, registry
from oda_portal.certificates.models import Certificate
from oda_portal.certificates.names import script_of
from oda_portal.certificates.permissions import can_start_batch
from oda_portal.certificates.registry import CertificateKind, Facts, Reader
from oda_portal.files.downloads import disposition, guarded
from oda_portal.mail import kinds
from oda_portal.publishing.models import Precision
from oda_portal.publishing.texts import text_in

from . import attendance

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from oda_portal.accounts.models import User
    from oda_portal.mail.models import Message

KIND = "forum_attendance"
MAIL = "attendance_certificate"
# Many have no account: the mail is where they find it again.
LINK_LIFETIME = timedelta(days=365)


def register() -> None:
    kinds.register(
        kinds.Kind(
            name=MAIL,
            label=gettext_lazy("Certificate of attendance issued"),
            group=gettext_lazy("Forums"),
            placeholders=mails.PLACEHOLDERS,
            sample={
                "certificate": gettext_lazy("Certificate of attendance"),
                "number": "K7QM-F4XW-P2RT",
            },
            button=gettext_lazy("Download the certificate"),
            personal=True,
            lifetime=LINK_LIFETIME,
            opens=open_certificate,
        )
    )
    registry.register(
        CertificateKind(
            name=KIND,
            label=gettext_lazy("Certificate of attendance"),
            model=Registration,
            rule=rule,
            facts=facts,
            holder=holder,
            language_of=lambda registration: registration.language,
            people=people,
            statement=gettext_lazy(
                "We certify that the person named above attended the event stated here."
            ),
            mail=MAIL,
            reader=reader,
            seen_with="forums.view_registration",
        )
    )


def rule(registration: Registration) -> str:
    """Empty when it may be issued, else why not yet."""
    forum = registration.forum
    if registration.arrived_at is None:
        return _("They were not checked in.")
    if forum.program.cancelled_at:
        return _("This event was cancelled.")
    if not _has_come_to_its_last_day(forum):
        return _("Certificates can be issued from the last day of the event.")
    return ""


def facts(registration: Registration) -> Facts:
    """Of whoever registered; nobody knows the names of the others of the party."""
    program = registration.forum.program
    in_days = program.precision == Precision.DAY
    return Facts(
        names={script_of(registration.name): registration.name},
        subject=_in_each(program, "title"),
        starts_on=program.starts_on if in_days else None,
        ends_on=program.ends_on if in_days else None,
        place=_in_each(program, "venue"),
        role=_roles(),
    )


def holder(registration: Registration) -> User | None:
    return registration.user


def reader(registration: Registration) -> Reader:
    return Reader(registration.email, registration.name, registration.language, registration.user)


def people(registrations: Iterable[Registration]) -> list[models.Model]:
    """Each with their account, if they have one."""
    rows = Registration.objects.filter(pk__in=[row.pk for row in registrations])
    return [
        one
        for row in rows.select_related("user").order_by("pk")
        for one in (row, row.user)
        if one is not None
    ]


def valid_certificate(registration: Registration) -> Certificate | None:
    return Certificate.objects.about(KIND, registration).valid().first()


def list_for_issuing(user: User | AnonymousUser, forum: Forum) -> str:
    """The back office’s list of those who were there; empty when they cannot issue any now."""
    if not can_start_batch(user) or not _has_come_to_its_last_day(forum):
        return ""
    address = reverse("admin:forums_registration_changelist")
    return f"{address}?{urlencode({'forum': forum.pk, 'arrived_at__isempty': 0})}"


def open_certificate(request: HttpRequest, message: Message) -> HttpResponse:
    """What the mailed link leads to: the file, for whoever holds the mail."""
    certificate = message.about
    if not isinstance(certificate, Certificate):
        raise Http404
    is_there = certificate.state == Certificate.State.VALID and not certificate.forgotten_at
    if is_there and "pdf" in request.GET:
        response = HttpResponse(printing.pdf_of(certificate), content_type="application/pdf")
        name = f"certificate-{certificate.code}.pdf"
        response.headers["Content-Disposition"] = disposition(name)
        return guarded(response)
    context = {"certificate": certificate, "is_there": is_there}
    return render(request, "forums/certificate_open.html", context)


def _has_come_to_its_last_day(forum: Forum) -> bool:
    days = attendance.days_of(forum)
    return days is not None and timezone.localdate() >= days[1]


def _in_each(row: models.Model, field: str) -> dict[str, str]:
    """The field's own text in each language that has one."""
    found = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            text, language = text_in(row, field)
        if language == code and text:
            found[code] = text
    return found


def _roles() -> dict[str, str]:
    found = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found[code] = pgettext("role at a forum", "Attendee")
    return found
