"""What is kept for the journey alone: destroyed soon after the return, or at once without one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oda_portal.privacy import consents
from oda_portal.privacy.destruction import BY_PERSON, destroy_all, destroy_row
from oda_portal.privacy.registry import PersonalData, Words, register

from ..models import (
    Application,
    EmergencyContact,
    HealthNote,
    InsuranceCertificate,
    TravelDocument,
)
from . import acts, rules

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

DAYS_AFTER_RETURN = 30

COLUMNS: dict[type[models.Model], tuple[str, ...]] = {
    TravelDocument: ("number", "name", "nationality", "expires_text", "created_at"),
    HealthNote: ("vaccinations", "to_know", "created_at"),
    EmergencyContact: ("name", "relation", "telephone", "created_at"),
    InsuranceCertificate: ("name", "size", "created_at"),
}


def register_all() -> None:
    _register(acts.PASSPORT, TravelDocument, _("Your passport"), _("Booking flights and visas"))
    _register(
        acts.HEALTH,
        HealthNote,
        _("What you told us about your health"),
        _("Vaccination, and readiness for an emergency abroad"),
    )
    _register(
        acts.EMERGENCY,
        EmergencyContact,
        _("Your emergency contact"),
        _("Telling somebody at home in an emergency"),
    )
    _register(
        acts.INSURANCE,
        InsuranceCertificate,
        _("Your insurance certificate"),
        _("Making sure that everybody is insured on the journey"),
        files=_certificates,
    )
    for kind, consent in acts.CONSENTS.items():
        consents.when_taken_back("volunteers.application", consent, acts.take_back(kind))


def _register(
    key: str, model: type[models.Model], label: Words, purpose: Words, **more: Any
) -> None:
    def of(user: User) -> models.QuerySet[Any]:
        return _of(model, user)

    def close(user: User) -> None:
        destroy_all(key, of(user), rule=BY_PERSON)

    register(
        PersonalData(
            key=key,
            label=label,
            model=model,
            born="created_at",
            purpose=purpose,
            days=DAYS_AFTER_RETURN,
            due=_due(model),
            destroy=destroy_row,
            of=of,
            person="application__volunteer",
            export=_export(model),
            close=close,
            # Before the applications that they hang on.
            position=20,
            **more,
        )
    )


def _due(model: type[models.Model]) -> Callable[[datetime], models.QuerySet[Any]]:
    def due(before: datetime) -> models.QuerySet[Any]:
        """From the day of the return; of whoever does not go, always."""
        over = Q(application__opening__returns_on__lte=timezone.localdate(before))
        stays = ~Q(application__state__in=rules.GOING) | Q(application__opening=None)
        return model._default_manager.filter(over | stays)

    return due


def _of(model: type[models.Model], user: User) -> models.QuerySet[Any]:
    return model._default_manager.filter(application__volunteer__user=user)


def _export(model: type[models.Model]) -> Callable[[User], list[dict[str, Any]]]:
    def export(user: User) -> list[dict[str, Any]]:
        columns = ("application__call__slug", *COLUMNS[model])
        return list(_of(model, user).order_by("pk").values(*columns))

    return export


def checklist_of(application: Application) -> list[dict[str, Any]]:
    """Where its applicant stands with each item, and what the office wrote about it."""
    columns = ("item__kind", "item__due_on", "state", "reason", "at")
    return list(application.readiness.values(*columns))


def _certificates(user: User) -> Iterable[tuple[str, FieldFile]]:
    for row in _of(InsuranceCertificate, user).select_related("application__call"):
        yield f"{row.application.call.slug}/{row.name}", row.file
