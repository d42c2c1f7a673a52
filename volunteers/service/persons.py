"""What one person has served, over all rounds."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.contrib.contenttypes.models import ContentType
from django.db.models import Sum

from oda_portal.certificates.models import Certificate

from .. import persons
from ..certificates import KIND
from ..models import Application, Attendance, ServiceRecord, State, Volunteer
from ..models.service import hours_of
from .attendance import counted


@dataclass(frozen=True)
class Served:
    """One deployment: days and hours as approved, or as entered so far."""

    application: Application
    record: ServiceRecord | None
    entered: int
    certificates: list[Certificate]

    @property
    def is_approved(self) -> bool:
        return self.record is not None and self.record.is_approved

    @property
    def days(self) -> int | None:
        return self.record.days if self.record else None

    @property
    def hours(self) -> Decimal:
        return self.record.hours if self.record and self.is_approved else hours_of(self.entered)


@dataclass(frozen=True)
class Service:
    """`days` and `hours` add up what is approved."""

    rounds: list[Served]

    @property
    def days(self) -> int:
        return sum(row.days or 0 for row in self.rounds if row.is_approved)

    @property
    def hours(self) -> Decimal:
        return sum((row.hours for row in self.rounds if row.is_approved), Decimal(0))


def service_of(volunteer: Volunteer) -> Service:
    """As many questions to the database for ten deployments as for one."""
    gone = (State.DEPLOYED, State.COMPLETED)
    rows = persons.applications_of(volunteer).filter(state__in=gone).select_related("service")
    applications = list(rows)
    numbers = [row.pk for row in applications]
    entered = dict(
        counted(Attendance.objects.filter(application__in=numbers))
        .order_by()
        .values_list("application")
        .annotate(whole=Sum("quarters"))
    )
    issued = _certificates(numbers)
    return Service(
        [
            Served(
                row, getattr(row, "service", None), entered.get(row.pk, 0), issued.get(row.pk, [])
            )
            for row in applications
        ]
    )


def _certificates(numbers: list[int]) -> dict[int, list[Certificate]]:
    kind = ContentType.objects.get_for_model(Application)
    found: dict[int, list[Certificate]] = {}
    for row in Certificate.objects.filter(kind=KIND, content_type=kind, object_id__in=numbers):
        found.setdefault(row.object_id, []).append(row)  # type: ignore[arg-type]
    return found
