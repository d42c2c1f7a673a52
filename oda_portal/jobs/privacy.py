"""The personal data in long-running work: who asked for it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from oda_portal.privacy.destruction import destroy_row
from oda_portal.privacy.registry import PersonalData, register

from .models import Job


def register_all() -> None:
    register(
        PersonalData(
            key="jobs.job",
            label=_("Long-running work"),
            model=Job,
            born="asked_at",
            purpose=_("Seeing what became of work on many records, and who asked for it"),
            days=90,
            due=lambda before: Job.objects.filter(worked_at__lt=before),
            destroy=destroy_row,
            of=lambda user: Job.objects.filter(asked_by=user),
            person="asked_by",
        )
    )
