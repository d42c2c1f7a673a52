"""The volunteer service certificate: when it may be issued, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from oda_portal.certificates import registry
from oda_portal.certificates.models import Certificate
from oda_portal.certificates.names import script_of
from oda_portal.certificates.registry import CertificateKind, Facts, Script
from oda_portal.publishing.texts import text_in

from .models import Application, Opening, ServiceRecord, State, Volunteer

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

KIND = "volunteer_service"


def register() -> None:
    registry.register(
        CertificateKind(
            name=KIND,
            label=gettext_lazy("Volunteer service certificate"),
            model=Application,
            rule=rule,
            facts=facts,
            holder=holder,
            language_of=lambda application: application.language,
            people=people,
            statement=gettext_lazy(
                "We certify that the person named above volunteered as stated here."
            ),
            seen_with="volunteers.view_application",
        )
    )


def rule(application: Application) -> str:
    """Empty when it may be issued, else why not yet."""
    record: ServiceRecord | None = getattr(application, "service", None)
    if application.state != State.COMPLETED:
        return _("The application is not marked as completed.")
    if record is None or not record.is_approved:
        return _("The service record is not approved yet.")
    if not record.quarters:
        return _("The service record has no hours.")
    return ""


def facts(application: Application) -> Facts:
    opening, record = application.opening, getattr(application, "service", None)
    return Facts(
        names=names_of(application.volunteer),
        subject=_in_each(lambda: _subject(application)),
        starts_on=opening.departs_on if opening else None,
        ends_on=opening.returns_on if opening else None,
        hours=record.hours if record else None,
        place=_in_each(lambda: _place(opening)) if opening else {},
        role=_in_each(lambda: str(opening.get_team_display())) if opening else {},
    )


def holder(application: Application) -> User | None:
    return application.volunteer.user


def people(applications: Iterable[Application]) -> list[models.Model]:
    """Each with the person and their account, if they have one."""
    rows = Application.objects.filter(pk__in=[application.pk for application in applications])
    return [
        one
        for row in rows.select_related("volunteer__user").order_by("pk")
        for one in (row, row.volunteer, row.volunteer.user)
        if one is not None
    ]


def names_of(volunteer: Volunteer) -> dict[str, str]:
    """By script: the name as it was typed, and what was asked for in Hangul and Roman letters."""
    found: dict[str, str] = {}
    if volunteer.name:
        found[script_of(volunteer.name)] = volunteer.name
    if volunteer.name_roman:
        found[Script.LATIN] = volunteer.name_roman
    if volunteer.name_hangul:
        found[Script.HANGUL] = volunteer.name_hangul
    return found


def valid_certificate(application: Application) -> Certificate | None:
    return Certificate.objects.about(KIND, application).valid().first()


def _in_each(text: Callable[[], str]) -> dict[str, str]:
    """What it gives in each language."""
    found = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found[code] = text()
    return found


def _subject(application: Application) -> str:
    """The deployment by its public name; before there is one, the call."""
    opening = application.opening
    program = opening.program if opening else None
    if program is not None and program.is_public():
        return text_in(program, "title").text
    return text_in(application.call, "title").text


def _place(opening: Opening) -> str:
    words = {
        "city": text_in(opening.city, "name").text,
        "country": text_in(opening.city.country, "name").text,
    }
    return pgettext("place of a deployment", "%(city)s, %(country)s") % words
